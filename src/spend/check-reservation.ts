import type { Reservation } from "../run/ports.ts";
import type { NanoUsd } from "../terms/money.ts";

/**
 * Refuses a reservation that no ledger can keep.
 *
 * @throws TypeError where an amount or a hard limit is no money, or a bucket is named twice (it would pass its limit
 * twice and count twice)
 */
export function checkReservation({ amount, lines }: Reservation): void {
  checkAmount(amount, "amount");
  for (const line of lines) checkAmount(line.limit, "limit");
  for (let later = 1; later < lines.length; later += 1) {
    const key = lines[later]?.bucket.key;
    for (let earlier = 0; earlier < later; earlier += 1) {
      if (lines[earlier]?.bucket.key !== key) continue;
      throw new TypeError(`bucket \`${key}\` is named twice in one reservation`);
    }
  }
}

/**
 * Refuses what is not money.
 *
 * @throws TypeError where `nano` is not a whole, non-negative, exact number of nano-dollars
 */
export function checkAmount(nano: NanoUsd, what: string): void {
  if (Number.isSafeInteger(nano) && nano >= 0) return;
  throw new TypeError(`${what} must be whole nano-dollars, found \`${nano}\``);
}
