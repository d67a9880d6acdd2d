import type { AttemptRecord } from "../../run/ports.ts";
import type { NanoUsd } from "../../terms/money.ts";

/** What all attempts cost together; `undefined` where that of any is not known, which is not the same as nothing. */
export function knownCost(attempts: readonly AttemptRecord[]): NanoUsd | undefined {
  let sum = 0;
  for (const { cost } of attempts) {
    if (cost === undefined) return undefined;
    sum += cost;
  }
  return sum;
}
