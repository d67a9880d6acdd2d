import { policyDefaults } from "../policy/defaults.ts";
import { becauses, failureClasses, type MovesOn } from "../terms/failure-class.ts";
import type { AttemptSettings, BreakerSpec, RetrySpec } from "../terms/program.ts";
import { quantity } from "./quantities.ts";

/** What holds where a policy says nothing, as a Program has it; `policy/defaults.ts` has it in the policy's words. */

const { timeouts, breaker, retry } = policyDefaults;

export const defaultTotalMs = quantity.durationMs(timeouts.total);

export const defaultTimeouts: AttemptSettings["timeouts"] = {
  connectMs: quantity.durationMs(timeouts.connect),
  headersMs: quantity.durationMs(timeouts.headers),
  firstOutputMs: quantity.durationMs(timeouts.firstOutput),
  answerMs: quantity.durationMs(timeouts.answer),
  idleMs: quantity.durationMs(timeouts.idle),
};

/** Names of the built-in rules begin with a dash, which no name of a policy can. */
export const defaultBreaker: BreakerSpec = {
  name: "-default",
  errorRatePpm: quantity.ppm(breaker.errorRate),
  minFailures: breaker.minFailures,
  windowMs: quantity.durationMs(breaker.window),
  coolDownMs: quantity.durationMs(breaker.coolDown),
};

export const defaultRetry: RetrySpec = {
  name: "-default",
  maxRetries: retry.maxRetries,
  minDelayMs: quantity.durationMs(retry.minDelay),
  maxDelayMs: quantity.durationMs(retry.maxDelay),
  retryBudgetPpm: quantity.ppm(retry.retryBudget),
};

/** A refusal of content moves on only where the policy asks for it; the rest of these never do. */
const staying: readonly MovesOn[] = [
  "content_filter",
  "invalid_request",
  "cancelled",
  "policy",
  "no_route",
];

/** What moves on to the next target unless `on:` says otherwise. */
export const defaultOn: readonly MovesOn[] = [
  ...new Set<MovesOn>([...failureClasses, ...becauses]),
].filter((reason) => !staying.includes(reason));
