import type { NanoUsd } from "./money.ts";
import type { TargetId } from "./target.ts";

/** A ceiling's account for one set of `each` values in one window of time, or for one request. */
export interface Bucket {
  readonly ceiling: string;
  /** As people write it: `user-month{project=research,user=ann}`, or just `everyone-week`. */
  readonly name: string;
  /** As a ledger keeps it: the name and the window's start, or the request's id. Unique. */
  readonly key: string;
  /** The window `[startMs, endMs)` in epoch milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
}

/** A circuit breaker as routing sees it. Half-open is open to one probe; a taken probe reads as open. */
export type BreakerView =
  | { readonly state: "closed" }
  | { readonly state: "half-open" }
  | { readonly state: "open"; readonly untilMs: number };

/** A target out of service for a known reason: a rate limit, no credit, a bad credential. */
export interface Hold {
  readonly because: string;
  readonly untilMs: number;
}

/**
 * What is known of the world when a request is routed. Reading it has no effect and never waits.
 *
 * `run` gives a live one before each attempt; `explain` and tests give a fixed one, see `fixedView`.
 */
export interface View {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** One draw from `[0, 1)`; every weighted choice of the decision comes from it. */
  readonly draw: number;
  /** Whose `per: request` buckets are read. */
  readonly requestId: string;
  readonly breaker: (target: TargetId) => BreakerView;
  readonly hold: (target: TargetId) => Hold | undefined;
  /** Settled plus reserved, as far as known here. */
  readonly spent: (bucket: Bucket) => NanoUsd;
  /** Median time to first output, in milliseconds. */
  readonly firstOutputMs: (target: TargetId) => number | undefined;
  /** Whether the provider's secret is there; providers that need none always have it. */
  readonly hasCredential: (provider: string) => boolean;
}
