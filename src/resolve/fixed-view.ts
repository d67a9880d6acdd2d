import type { NanoUsd } from "../terms/money.ts";
import type { TargetId } from "../terms/target.ts";
import type { BreakerView, Hold, View } from "../terms/view.ts";
import { mix32 } from "./hash.ts";

/** A state of the world, written down: what is left out is healthy, unspent and unmeasured. */
export interface Given {
  readonly nowMs?: number;
  readonly draw?: number;
  readonly breakers?: Readonly<Record<string, "open" | "half-open" | "closed">>;
  readonly holds?: Readonly<Record<string, string>>;
  /** By bucket as people write it: `user-month{project=research,user=ann}`, or just `everyone-week`. */
  readonly spend?: Readonly<Record<string, NanoUsd>>;
  readonly firstOutputMs?: Readonly<Record<string, number>>;
  readonly withoutCredential?: readonly string[];
}

/** The draw that a seed stands for, wherever one is given: the same seed, the same picks. */
export function drawOf(seed: number): number {
  return mix32(seed) / 2 ** 32;
}

/** How long an open breaker or a hold still lasts in a fixed View; nothing routes by it. */
const restMs = 30_000;

/** A View of a given state, for `explain`, tests and `router.resolve`. */
export function fixedView(given: Given): View {
  const nowMs = given.nowMs ?? 0;
  const untilMs = nowMs + restMs;
  return {
    nowMs,
    draw: given.draw ?? 0,
    requestId: "this-request",
    breaker: (target) => breakerView(own(given.breakers, target), untilMs),
    hold: (target) => holdOf(own(given.holds, target), untilMs),
    spent: (bucket) => own(given.spend, bucket.name) ?? 0,
    firstOutputMs: (target: TargetId) => own(given.firstOutputMs, target),
    hasCredential: (provider) => !given.withoutCredential?.includes(provider),
  };
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}

function breakerView(
  state: "open" | "half-open" | "closed" | undefined,
  untilMs: number,
): BreakerView {
  return state === "open" ? { state, untilMs } : { state: state ?? "closed" };
}

function holdOf(because: string | undefined, untilMs: number): Hold | undefined {
  return because === undefined ? undefined : { because, untilMs };
}
