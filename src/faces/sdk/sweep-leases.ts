import type { Clock, Ledger } from "../../run/ports.ts";

/** Leases last minutes: they are looked at twice a minute. */
const everyMs = 30_000;

/** Has the ledger count reservations as spent whose leases are over, again and again. The answer stops it. */
export function sweepLeases(ledger: Ledger, clock: Clock): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = clock.timer(everyMs, () => {
      // A store that cannot be reached now is asked again; its reservations count until then.
      ledger.expire(clock.now()).catch(() => undefined);
      next();
    });
  };
  next();
  return () => cancel();
}
