import type { Draft } from "./draft.ts";
import { sameJson } from "./splice.ts";
import type { Refusal } from "./target-habits.ts";

/**
 * Leaves out what the target refuses and what can be left out.
 *
 * @returns the first member that changes the meaning and must not be dropped
 */
export function applyRefusals(
  draft: Draft,
  refused: readonly Refusal[],
  unsupported: "skip" | "drop",
): string | undefined {
  for (const one of refused) {
    if (!isRefused(one, draft)) continue;
    if (one.meaning && unsupported === "skip") return one.member;
    draft.remove(one.member, "the target does not take it");
  }
  return undefined;
}

/** Tells whether the target refuses the member with the value that it has now. */
export function refusedNow(refused: readonly Refusal[], draft: Draft, member: string): boolean {
  return refused.some((one) => one.member === member && isRefused(one, draft));
}

function isRefused({ member, takes }: Refusal, draft: Draft): boolean {
  const value = draft.get(member);
  return value !== undefined && !(takes ?? []).some((taken) => sameJson(taken, value));
}
