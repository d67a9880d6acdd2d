import type { AttemptTimeouts, Params, Policy, Provider } from "../policy/policy.generated.ts";
import type { JsonObject } from "../terms/json.ts";
import type { AttemptSettings, RetrySpec } from "../terms/program.ts";
import { defaultRetry, defaultTimeouts } from "./defaults.ts";
import { quantity } from "./quantities.ts";

/** What a step, a chain, a provider and `defaults` may each say about an attempt. */
export interface SettingsSource {
  readonly params?: Params;
  readonly timeouts?: AttemptTimeouts;
  readonly retry?: string;
}

/**
 * The settings of an attempt: for each single one the nearest of step, the chain that wrote it, provider, `defaults`.
 *
 * `params` are merged member by member, so that a step can add to what its provider forces.
 */
export function attemptSettings(
  policy: Policy,
  step: SettingsSource,
  chain: SettingsSource,
  provider: Provider,
): AttemptSettings {
  const nearest: readonly SettingsSource[] = [step, chain, provider, policy.defaults ?? {}];
  const wait = (name: keyof AttemptTimeouts, fallback: number) => {
    const written = nearest.find(({ timeouts }) => timeouts?.[name] !== undefined)?.timeouts?.[
      name
    ];
    return written === undefined ? fallback : quantity.durationMs(written);
  };
  return {
    timeouts: {
      connectMs: wait("connect", defaultTimeouts.connectMs),
      headersMs: wait("headers", defaultTimeouts.headersMs),
      firstOutputMs: wait("firstOutput", defaultTimeouts.firstOutputMs),
      answerMs: wait("answer", defaultTimeouts.answerMs),
      idleMs: wait("idle", defaultTimeouts.idleMs),
    },
    retry: compileRetry(policy, nearest.find(({ retry }) => retry !== undefined)?.retry),
    params: { default: merged(nearest, "default"), force: merged(nearest, "force") },
  };
}

function merged(nearest: readonly SettingsSource[], which: "default" | "force"): JsonObject {
  const members: Record<string, unknown> = Object.create(null);
  for (const { params } of nearest.toReversed()) Object.assign(members, params?.[which]);
  return members as JsonObject;
}

/** A retry rule by name, what it leaves out filled in; no name is the built-in one. */
function compileRetry(policy: Policy, name: string | undefined): RetrySpec {
  const written = name === undefined ? undefined : policy.retries?.[name];
  if (name === undefined || !written) return defaultRetry;
  const { maxRetries, minDelay, maxDelay, retryBudget } = written;
  return {
    name,
    maxRetries: maxRetries ?? defaultRetry.maxRetries,
    minDelayMs: minDelay === undefined ? defaultRetry.minDelayMs : quantity.durationMs(minDelay),
    maxDelayMs: maxDelay === undefined ? defaultRetry.maxDelayMs : quantity.durationMs(maxDelay),
    retryBudgetPpm:
      retryBudget === undefined ? defaultRetry.retryBudgetPpm : quantity.ppm(retryBudget),
  };
}
