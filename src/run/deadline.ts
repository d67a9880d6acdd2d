import type { Clock } from "./ports.ts";
import { RouteError } from "./route-error.ts";

/** How a request ended before it had an answer: the caller gave up, or its time is over. */
export type EarlyEnd = "cancelled" | "timeout";

/** The one absolute end of a request: its time, or the caller's abort, whichever comes first. */
export interface Deadline {
  /** Aborted with a {@link RouteError}, by whose code {@link earlyEndOf} tells which of the two it was. */
  readonly signal: AbortSignal;
  /** On the monotonic clock. */
  readonly atMs: number;
  readonly leftMs: () => number;
  readonly ended: () => EarlyEnd | undefined;
  /**
   * What `work` comes to, or `undefined` where it has not come to anything shortly after the end: an attempt is given
   * a moment to say how far it got, and no more.
   */
  readonly bound: <T>(work: Promise<T>) => Promise<T | undefined>;
  /** Waits; `false` where the end came first. */
  readonly sleep: (ms: number) => Promise<boolean>;
  /** Cancels its timers and leaves the caller's signal. */
  readonly close: () => void;
}

/** How long an attempt may take to wind up after its signal has ended: within the 100 ms that a deadline may be late. */
const graceMs = 50;

/** Starts the time of one request. */
export function startDeadline(clock: Clock, totalMs: number, caller?: AbortSignal): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const atMs = clock.monotonic() + totalMs;
  const overdue = new Set<() => void>();
  let cancelGrace: (() => void) | undefined;

  const end = (reason: RouteError) => {
    if (signal.aborted) return;
    cancelGrace = clock.timer(graceMs, () => {
      for (const give of overdue) give();
      overdue.clear();
    });
    controller.abort(reason);
  };
  const onAbort = () =>
    end(new RouteError("cancelled", "the caller gave up", { cause: caller?.reason }));
  const cancelTimer = clock.timer(totalMs, () =>
    end(new RouteError("timeout", `not done within ${totalMs} ms`)),
  );
  caller?.addEventListener("abort", onAbort, { once: true });
  if (caller?.aborted) onAbort();

  return {
    signal,
    atMs,
    leftMs: () => Math.max(0, atMs - clock.monotonic()),
    ended: () => earlyEndOf(signal) ?? (clock.monotonic() >= atMs ? "timeout" : undefined),
    bound: (work) => boundBy(overdue, work),
    sleep: (ms) => sleep(clock, ms, signal),
    close: () => {
      cancelTimer();
      cancelGrace?.();
      caller?.removeEventListener("abort", onAbort);
    },
  };
}

/** Which end of a request a signal has come to, where it has: the caller's abort, or the end of its time. */
export function earlyEndOf(signal: AbortSignal): EarlyEnd | undefined {
  if (!signal.aborted) return undefined;
  return RouteError.is(signal.reason) && signal.reason.code === "timeout" ? "timeout" : "cancelled";
}

/** What comes late is heard and dropped, so that a rejection of it bothers nobody. */
function boundBy<T>(overdue: Set<() => void>, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const give = () => resolve(undefined);
    overdue.add(give);
    void work.then(resolve, reject).finally(() => overdue.delete(give));
  });
}

function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const wake = (slept: boolean) => {
      cancel();
      signal.removeEventListener("abort", onAbort);
      resolve(slept);
    };
    const onAbort = () => wake(false);
    const cancel = clock.timer(ms, () => wake(true));
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
