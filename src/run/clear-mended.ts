import type { Holds } from "./holds.ts";

/** Why a target is held that a change of the policy may have mended. */
const mendable: ReadonlySet<string> = new Set([
  "auth",
  "permission",
  "insufficient_credit",
  "not_found",
  "no_credential",
]);

/**
 * Ends the holds that asked for a person: a policy was changed, and its keys were read anew. Where nothing was mended the
 * next attempt holds its target again.
 */
export function clearMended(holds: Holds): void {
  for (const { target, because } of holds.list()) if (mendable.has(because)) holds.clear(target);
}
