import type { Clock } from "../../src/run/ports.ts";

/** A {@link Clock} that moves only when it is told to. */
export interface FakeClock extends Clock {
  /**
   * Moves both clocks on by `ms`. Timers that fall due run in order of time, then of their making, each at its own
   * time; before, between and after them every promise that can go on does.
   */
  readonly advance: (ms: number) => Promise<void>;
  /** Shifts the wall clock alone, as an operator or NTP would; negative is back. */
  readonly jump: (ms: number) => void;
  /** Timers neither fired nor cancelled. */
  readonly pending: () => number;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

// Taken at load, so that a test may fake the global timers beside this clock.
const afterMicrotasks = globalThis.setImmediate;

/** A clock that reads `startMs` (2026-01-01 UTC) on the wall and 0 on the monotonic side until it is moved. */
export function createFakeClock(startMs: number = Date.UTC(2026, 0, 1)): FakeClock {
  const timers = new Set<Timer>();
  let elapsedMs = 0;
  let wallOffsetMs = startMs;

  const advance = async (ms: number): Promise<void> => {
    const untilMs = elapsedMs + ms;
    await settled();
    for (let due = next(timers, untilMs); due; due = next(timers, untilMs)) {
      timers.delete(due);
      elapsedMs = Math.max(elapsedMs, due.dueMs);
      due.callback();
      await settled();
    }
    elapsedMs = untilMs;
    await settled();
  };

  return {
    now: () => wallOffsetMs + elapsedMs,
    monotonic: () => elapsedMs,
    timer: (ms, callback) => {
      const timer = { dueMs: elapsedMs + Math.max(0, ms), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance,
    jump: (ms) => {
      wallOffsetMs += ms;
    },
    pending: () => timers.size,
  };
}

/** A set keeps the order of insertion, so that of two timers due together the older is found first. */
function next(timers: ReadonlySet<Timer>, untilMs: number): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) {
    if (timer.dueMs <= untilMs && (!first || timer.dueMs < first.dueMs)) first = timer;
  }
  return first;
}

/** An immediate runs only when no microtask and no `nextTick` is left. */
function settled(): Promise<void> {
  return new Promise((resolve) => void afterMicrotasks(resolve));
}
