import { type ChangedCase, isSame, type PolicyDiff } from "../../analyze/diff.ts";
import type { CostChange } from "../../analyze/diff-evaluate.ts";
import { formatUsd, type NanoUsd } from "../../terms/money.ts";

/** Writes what changes from one policy to another, for machines; everything is told. */
export function diffJson(
  diff: PolicyDiff,
  calls: (each: ChangedCase) => readonly string[],
): object {
  return {
    same: isSame(diff),
    regions: diff.regions.map(({ leftRoute = null, rightRoute = null, where, cases }) => ({
      before: leftRoute,
      after: rightRoute,
      where,
      cases: cases.map((each) => ({
        changes: each.changes,
        before: each.left,
        after: each.right,
        variants: each.variants,
        ...(each.cost && { cost: costJson(each.cost) }),
        request: each.witness.request,
        explain: calls(each),
      })),
    })),
    undecided: diff.undecided.map(({ left = null, right = null }) => ({
      before: left,
      after: right,
    })),
    settings: diff.settings.map(({ setting, of, left = null, right = null }) => ({
      of,
      setting,
      before: left,
      after: right,
    })),
  };
}

function costJson({ target, left, right }: CostChange): object {
  return { target, before: usd(left), after: usd(right) };
}

function usd(cost: NanoUsd | null): string | null {
  return cost === null ? null : formatUsd(cost);
}
