import type { Clock } from "./ports.ts";

/**
 * This machine's time.
 *
 * A timer keeps the process alive until it fires or is cancelled: a program that does nothing but await an answer must
 * not end while that answer waits for a retry or for a simulated provider. So whoever sets a timer for a request
 * cancels it when the request ends. Work that should not hold up an exit (sweeping leases, watching a file) takes
 * `{ background: true }`, whose timers let the process go.
 */
export function createSystemClock(options: { readonly background?: boolean } = {}): Clock {
  const background = options.background ?? false;
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    timer: (ms, callback) => startTimer(ms, callback, background),
  };
}

/** Node fires a longer timer at once (a signed 32-bit number of milliseconds), so that a long wait takes several. */
const longestMs = 2 ** 31 - 1;

function startTimer(ms: number, callback: () => void, background: boolean): () => void {
  let timeout: NodeJS.Timeout;
  const wait = (leftMs: number) => {
    const stepMs = Math.min(leftMs, longestMs);
    const next = () => (leftMs > stepMs ? wait(leftMs - stepMs) : callback());
    timeout = setTimeout(next, stepMs);
    if (background) timeout.unref();
  };
  wait(ms);
  return () => clearTimeout(timeout);
}
