import type { Clock } from "./ports.ts";
import { TransportError } from "./transport-error.ts";

/** Watches over one attempt: its one signal, and how long it may wait for what comes next. */
export interface AttemptWatch {
  /** Aborted by the request's end, by a wait that was too long, or by {@link AttemptWatch.abort}. */
  readonly signal: AbortSignal;
  /** Waits for the next thing from now on, in place of what was waited for before. */
  readonly expect: (what: string, ms: number) => void;
  /** Waits for the provider no longer: the attempt is at rest, or its caller does not read. */
  readonly rest: () => void;
  readonly abort: (reason: unknown) => void;
  /** Cancels its timer and leaves the request's signal. Does not abort. */
  readonly close: () => void;
}

/**
 * Starts to watch over an attempt.
 *
 * A wait that is too long aborts with a {@link TransportError}, whose fault is `timeout`. One timer serves all waits:
 * when it fires and the wait has moved on, it is set anew for the rest, so that a stream of many events costs no timer
 * for each of them.
 *
 * @param request the signal of the whole request; its reason is passed on
 */
export function watchAttempt(clock: Clock, request: AbortSignal): AttemptWatch {
  const controller = new AbortController();
  const onRequestEnd = () => abort(request.reason);
  let wait: { readonly what: string; readonly ms: number; readonly untilMs: number } | undefined;
  let timer: { readonly dueMs: number; readonly cancel: () => void } | undefined;

  const stopTimer = () => {
    timer?.cancel();
    timer = undefined;
  };
  const abort = (reason: unknown) => {
    stopTimer();
    controller.abort(reason);
  };
  const setTimer = (ms: number) => {
    stopTimer();
    timer = { dueMs: clock.monotonic() + ms, cancel: clock.timer(ms, onTimer) };
  };
  const onTimer = () => {
    timer = undefined;
    if (!wait) return;
    const leftMs = wait.untilMs - clock.monotonic();
    if (leftMs > 0) setTimer(leftMs);
    else abort(tooLong(wait));
  };

  request.addEventListener("abort", onRequestEnd, { once: true });
  if (request.aborted) onRequestEnd();
  return {
    signal: controller.signal,
    expect: (what, ms) => {
      const untilMs = clock.monotonic() + ms;
      wait = { what, ms, untilMs };
      if (!controller.signal.aborted && (!timer || timer.dueMs > untilMs)) setTimer(ms);
    },
    rest: () => {
      wait = undefined;
    },
    abort,
    close: () => {
      wait = undefined;
      stopTimer();
      request.removeEventListener("abort", onRequestEnd);
    },
  };
}

function tooLong({ what, ms }: { readonly what: string; readonly ms: number }): TransportError {
  return new TransportError("timeout", `${what} did not come within ${ms} ms`, { sent: true });
}
