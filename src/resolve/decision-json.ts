import type { Decision, PlanEntry } from "../terms/decision.ts";
import type { JsonObject } from "../terms/json.ts";
import { formatUsd } from "../terms/money.ts";

/**
 * Writes a Decision as JSON: money as decimal strings of dollars, attempt settings left out.
 *
 * An unknown worst cost is `null`: nobody knows, which is not the same as nothing.
 */
export function decisionJson(decision: Decision): JsonObject {
  const skipped = decision.skipped.map((skip) => ({ ...skip }));
  if (decision.kind === "deny") return { ...decision, skipped };
  return {
    ...decision,
    plan: decision.plan.map(planEntryJson),
    skipped,
    ceilings: decision.ceilings.map((ceiling) => ({
      ...ceiling,
      remaining: formatUsd(ceiling.remaining),
    })),
  };
}

function planEntryJson({ settings: _, worstCost, unknown, ...entry }: PlanEntry): JsonObject {
  return {
    ...entry,
    worstCost: worstCost === undefined ? null : formatUsd(worstCost),
    ...(unknown && { unknown: [...unknown] }),
  };
}
