import type { Clock } from "../../run/ports.ts";
import { RouteError } from "../../run/route-error.ts";

/** A call under way. */
export interface Call {
  /** The caller's abort, or the end of a closing router's patience. */
  readonly signal: AbortSignal;
  /** The call is over, its answer read or broken off. May be said again. */
  readonly end: () => void;
}

/** The calls under way; once closing has begun there are no new ones. */
export interface Calls {
  /** @throws RouteError `closed` */
  readonly begin: (caller?: AbortSignal | null) => Call;
  readonly isClosed: () => boolean;
  /** Resolves when the last call is over; those that take longer than `timeoutMs` are aborted, and waited for. */
  readonly close: (timeoutMs: number) => Promise<void>;
}

/** An aborted call winds up within moments; one that does not is not waited for any longer. */
const windUpMs = 1000;

export function createCalls(clock: Clock): Calls {
  const underWay = new Set<AbortController>();
  let closed = false;
  let wake = () => {};

  const begin = (caller?: AbortSignal | null): Call => {
    if (closed) throw new RouteError("closed", "the router is closed");
    const controller = new AbortController();
    const onAbort = () => controller.abort(caller?.reason);
    underWay.add(controller);
    caller?.addEventListener("abort", onAbort, { once: true });
    if (caller?.aborted) onAbort();
    const end = () => {
      caller?.removeEventListener("abort", onAbort);
      if (underWay.delete(controller) && underWay.size === 0) wake();
    };
    return { signal: controller.signal, end };
  };

  const emptied = (ms: number): Promise<void> => {
    if (underWay.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.timer(ms, () => resolve());
      wake = () => {
        cancel();
        resolve();
      };
    });
  };

  const close = async (timeoutMs: number): Promise<void> => {
    closed = true;
    await emptied(timeoutMs);
    for (const controller of underWay)
      controller.abort(new RouteError("closed", "the router is closed"));
    await emptied(windUpMs);
  };

  return { begin, isClosed: () => closed, close };
}
