import type { Clock } from "../run/ports.ts";

/** A {@link Clock} on which waiting takes no time: it stands still until it is told to jump to its next timer. */
export interface JumpClock extends Clock {
  /** Moves on to the timer due first, of two at once the older, and calls it; `false` where there is none. */
  readonly jump: () => boolean;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that reads `startMs` on the wall and 0 on the monotonic side until it jumps. */
export function createJumpClock(startMs: number): JumpClock {
  const timers = new Set<Timer>();
  let elapsedMs = 0;
  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    timer: (ms, callback) => {
      const timer = { dueMs: elapsedMs + Math.max(0, ms), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    jump: () => {
      const first = firstDue(timers);
      if (!first) return false;
      timers.delete(first);
      elapsedMs = first.dueMs;
      first.callback();
      return true;
    },
  };
}

/** A set keeps the order of insertion, so that of two timers due together the older is found first. */
function firstDue(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (!first || timer.dueMs < first.dueMs) first = timer;
  return first;
}
