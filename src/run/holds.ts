import type { TargetId } from "../terms/target.ts";
import type { Hold } from "../terms/view.ts";
import type { Clock } from "./ports.ts";

/** A hold and the target it is on. */
export interface HeldTarget extends Hold {
  readonly target: TargetId;
}

/** No hold lasts longer than this, whatever a provider asks for: then it is asked again. 1 h in milliseconds. */
export const longestHoldMs = 3_600_000;

/**
 * Targets out of service for a known reason, each for a known time, which is kept on the monotonic clock: a wall clock
 * that is set anew neither frees nor keeps a target.
 */
export interface Holds {
  /**
   * Holds the target until then on the wall clock, and for {@link longestHoldMs} at most; a hold that lasts longer, or as
   * long, stays as it is.
   */
  readonly hold: (target: TargetId, because: string, untilMs: number) => void;
  /** The hold on a target, by the wall clock as it stands; `undefined` from the moment it ends. */
  readonly view: (target: TargetId) => Hold | undefined;
  /** Ends the hold on a target, if there is one. */
  readonly clear: (target: TargetId) => void;
  /** Every hold that has not ended, by the target's id. */
  readonly list: () => readonly HeldTarget[];
}

/** No holds yet. Holds that have ended are forgotten, whether anyone looks at them or not. */
export function createHolds(clock: Clock): Holds {
  const kept = new Map<TargetId, Kept>();
  let sweepAt = sweepFrom;

  const hold = (target: TargetId, because: string, untilMs: number): void => {
    const nowMs = clock.monotonic();
    const endMs = nowMs + Math.min(untilMs - clock.now(), longestHoldMs);
    if (endMs <= (kept.get(target)?.endMs ?? nowMs)) return;
    if (kept.size >= sweepAt) sweepAt = sweep(kept, nowMs);
    kept.set(target, { because, endMs });
  };

  const asHold = ({ because, endMs }: Kept): Hold | undefined => {
    const leftMs = endMs - clock.monotonic();
    return leftMs > 0 ? { because, untilMs: Math.ceil(clock.now() + leftMs) } : undefined;
  };

  const view = (target: TargetId): Hold | undefined => {
    const found = kept.get(target);
    return found && asHold(found);
  };

  return {
    hold,
    view,
    clear: (target) => void kept.delete(target),
    list: () =>
      [...kept]
        .flatMap(([target, found]) => {
          const held = asHold(found);
          return held ? [{ target, ...held }] : [];
        })
        .sort((a, b) => (a.target < b.target ? -1 : 1)),
  };
}

interface Kept {
  readonly because: string;
  /** On the monotonic clock. */
  readonly endMs: number;
}

/** A `requested` step lets callers name any model: from this many holds on, those that have ended go. */
const sweepFrom = 1024;

function sweep(kept: Map<TargetId, Kept>, nowMs: number): number {
  for (const [target, { endMs }] of kept) if (endMs <= nowMs) kept.delete(target);
  return Math.max(sweepFrom, 2 * kept.size);
}
