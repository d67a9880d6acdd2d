import { becauses, failureClasses, type MovesOn } from "../terms/failure-class.ts";
import type { AttemptSettings, BreakerSpec, RetrySpec } from "../terms/program.ts";

/** What holds where a policy says nothing; the schema's descriptions state the same values. */

export const defaultMaxAttempts = 3;

export const defaultTotalMs = 600_000;

export const defaultTimeouts: AttemptSettings["timeouts"] = {
  connectMs: 5_000,
  headersMs: 60_000,
  firstOutputMs: 120_000,
  idleMs: 60_000,
};

/** Names of the built-in rules begin with a dash, which no name of a policy can. */
export const defaultBreaker: BreakerSpec = {
  name: "-default",
  errorRatePpm: 500_000,
  minFailures: 5,
  windowMs: 60_000,
  coolDownMs: 30_000,
};

export const defaultRetry: RetrySpec = {
  name: "-default",
  maxRetries: 1,
  minDelayMs: 500,
  maxDelayMs: 8_000,
  retryBudgetPpm: 100_000,
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
