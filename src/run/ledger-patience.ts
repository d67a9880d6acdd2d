import type { Clock } from "./ports.ts";

/** How long a request waits for what its ledger does: longer than any store takes that works, and a moment to callers. */
const patienceMs = 1_000;

/** The ledger did not answer in time. */
export interface Silent {
  readonly kind: "silent";
}

export const silent: Silent = { kind: "silent" };

/** What a ledger's work comes to, or that it did not in time; what comes later is heard and dropped. */
export function patiently<T>(clock: Clock, work: Promise<T>): Promise<T | Silent> {
  return new Promise((resolve, reject) => {
    const cancel = clock.timer(patienceMs, () => resolve(silent));
    work.then(resolve, reject).finally(cancel);
  });
}
