import type { RetrySpec } from "../terms/program.ts";
import type { Random } from "./ports.ts";

/** What the wait before a retry depends on. */
export interface Backoff {
  readonly retry: RetrySpec;
  /** Retries of the same target that came before: 0 before the first. */
  readonly retriesBefore: number;
  /** How long the provider asked us to wait; `undefined` where it did not say. */
  readonly retryAfterMs?: number | undefined;
  /** What is left of the request's deadline. */
  readonly leftMs: number;
}

/**
 * How long to wait before another try at the same target: full jitter, `random() × min(maxDelay, minDelay × 2ⁿ)`, and
 * never less than the provider asked for.
 *
 * @returns whole milliseconds within `[0, maxDelayMs]`, or `undefined` where there should be no such try: the provider
 * asks for more than `maxDelayMs`, or the wait would use up what is left
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelayMs(backoff: Backoff, random: Random): number | undefined {
  const { retry, retriesBefore, leftMs } = backoff;
  const asked = Math.ceil(Math.max(0, backoff.retryAfterMs ?? 0));
  const jitter = Math.floor(random() * ceiling(retry, retriesBefore));
  const delay = Math.max(asked, jitter);
  return asked <= retry.maxDelayMs && delay < leftMs ? delay : undefined;
}

/** Beyond 2³⁰ every `maxDelay` is passed already, and `0 × Infinity` is no delay. */
function ceiling({ minDelayMs, maxDelayMs }: RetrySpec, retriesBefore: number): number {
  return Math.min(maxDelayMs, minDelayMs * 2 ** Math.min(retriesBefore, 30));
}
