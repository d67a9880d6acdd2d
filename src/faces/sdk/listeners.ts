import type { RouterEvent, RouterEventOf } from "./router.types.ts";

export interface Listeners {
  readonly on: <K extends RouterEvent["kind"]>(
    kind: K,
    listener: (event: RouterEventOf<K>) => void,
  ) => () => void;
  readonly tell: (event: RouterEvent) => void;
}

type Listener = (event: RouterEvent) => unknown;

/**
 * Hands events to whoever listens to their kind, and all of them to `onEvent`. What a listener throws, now or later, changes no call: it is warned of once for each
 * listener.
 */
export function createListeners(
  warn: (message: string) => void,
  onEvent: (event: RouterEvent) => void = () => {},
): Listeners {
  const byKind = new Map<RouterEvent["kind"], Set<Listener>>();
  const warned = new WeakSet<Listener>();
  const complain = (listener: Listener, kind: string) => {
    if (warned.has(listener)) return;
    warned.add(listener);
    warn(`a listener of "${kind}" threw; it stays, and calls go on. This is said once.`);
  };
  const hand = (listener: Listener, event: RouterEvent) => {
    try {
      const outcome = listener(event);
      if (outcome instanceof Promise) outcome.catch(() => complain(listener, event.kind));
    } catch {
      complain(listener, event.kind);
    }
  };
  return {
    on: (kind, listener) => {
      // One wrapper a subscription, so that the same function can listen twice and leave once.
      const own: Listener = (event) => (listener as Listener)(event);
      const listeners = byKind.get(kind) ?? new Set();
      byKind.set(kind, listeners.add(own));
      return () => void listeners.delete(own);
    },
    tell: (event) => {
      hand(onEvent as Listener, event);
      for (const listener of [...(byKind.get(event.kind) ?? [])]) hand(listener, event);
    },
  };
}
