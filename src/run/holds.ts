import type { TargetId } from "../terms/target.ts";
import type { Hold } from "../terms/view.ts";
import type { Clock } from "./ports.ts";

/** A hold and the target it is on. */
export interface HeldTarget extends Hold {
  readonly target: TargetId;
}

/** Targets out of service for a known reason, each until a known time of the wall clock. */
export interface Holds {
  /** Holds the target until then; a hold that lasts longer, or as long, stays as it is. */
  readonly hold: (target: TargetId, because: string, untilMs: number) => void;
  /** The hold on a target; `undefined` from the moment it ends. */
  readonly view: (target: TargetId) => Hold | undefined;
  /** Ends the hold on a target, if there is one. */
  readonly clear: (target: TargetId) => void;
  /** Every hold that has not ended, by the target's id. */
  readonly list: () => readonly HeldTarget[];
}

/** No holds yet. Holds that have ended are forgotten, whether anyone looks at them or not. */
export function createHolds(clock: Clock): Holds {
  const holds = new Map<TargetId, Hold>();
  let sweepAt = sweepFrom;
  return {
    hold: (target, because, untilMs) => {
      if (untilMs <= (holds.get(target)?.untilMs ?? clock.now())) return;
      if (holds.size >= sweepAt) sweepAt = sweep(holds, clock.now());
      holds.set(target, { because, untilMs });
    },
    view: (target) => {
      const hold = holds.get(target);
      return hold && hold.untilMs > clock.now() ? hold : undefined;
    },
    clear: (target) => void holds.delete(target),
    list: () => {
      sweep(holds, clock.now());
      return [...holds]
        .map(([target, hold]) => ({ target, ...hold }))
        .sort((a, b) => (a.target < b.target ? -1 : 1));
    },
  };
}

/** A `requested` step lets callers name any model: from this many holds on, those that have ended go. */
const sweepFrom = 1024;

function sweep(holds: Map<TargetId, Hold>, nowMs: number): number {
  for (const [target, hold] of holds) if (hold.untilMs <= nowMs) holds.delete(target);
  return Math.max(sweepFrom, 2 * holds.size);
}
