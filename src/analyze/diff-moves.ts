import type { Remade } from "../resolve/record-remake.ts";
import { isJsonObject, type JsonObject } from "../terms/json.ts";

/** What can move between two decisions on one request, in the order in which it is told. */
export const moves = ["route", "denial", "target", "plan", "cost"] as const;

/** `cost` is the most that an attempt can cost: at any target of both plans, or at the dearest of each. */
export type Move = (typeof moves)[number];

/** A decision in the few words by which decisions are compared. */
export interface Outcome {
  /** Missing where no route matched. */
  readonly route: string | undefined;
  /** Why the request is denied; missing where it is routed. `refused` is a request that the policy would not take. */
  readonly denied: string | undefined;
  /** Targets in the order they are tried, with the ceilings that some wait for. */
  readonly plan: readonly string[];
  /** The most that an attempt can cost at each target of the plan, in dollars; `null` where that is not known. */
  readonly costs: Readonly<Record<string, string | null>>;
  /** The decision without its revision. */
  readonly rest: string;
}

/** Reads the outcome of a decision as records hold it. */
export function outcomeOf(written: JsonObject): Outcome {
  const { revision: _, ...rest } = written;
  const entries = Array.isArray(written.plan) ? written.plan.filter(isJsonObject) : [];
  return {
    route: typeof written.route === "string" ? written.route : undefined,
    denied: written.kind === "deny" ? String(written.because) : undefined,
    plan: entries.map(planned),
    costs: Object.fromEntries(
      entries.map(({ target, worstCost }) => [
        String(target),
        typeof worstCost === "string" ? worstCost : null,
      ]),
    ),
    rest: JSON.stringify(rest),
  };
}

/** The outcome of a request that was decided again. */
export function remadeOutcome(remade: Remade): Outcome {
  if (remade.kind === "decision") return outcomeOf(remade.written);
  return { route: undefined, denied: "refused", plan: [], costs: {}, rest: remade.problem };
}

/** What moves from one outcome to the other. None, too, where what is left under ceilings, or a reason, is all. */
export function movesBetween(before: Outcome, after: Outcome): readonly Move[] {
  const moved: Move[] = [];
  if (before.route !== after.route) moved.push("route");
  if (before.denied !== after.denied) moved.push("denial");
  if (before.plan[0] !== after.plan[0]) moved.push("target");
  else if (before.plan.join(" ") !== after.plan.join(" ")) moved.push("plan");
  if (costsMove(before.costs, after.costs)) moved.push("cost");
  return moved;
}

/** An outcome as people say it: `writing → openai:gpt-4o`, `rest → denied (policy)`. */
export function outcomeWords({ route, denied, plan }: Outcome): string {
  if (denied === "refused") return "refused as a bad request";
  const to = denied === undefined ? (plan[0] ?? "nothing") : `denied (${denied})`;
  return `${route ?? "no route"} → ${to}`;
}

function planned({ target, after }: JsonObject): string {
  return after === undefined ? String(target) : `${String(target)} after ${String(after)}`;
}

function costsMove(before: Outcome["costs"], after: Outcome["costs"]): boolean {
  const shared = Object.keys(before).filter((target) => Object.hasOwn(after, target));
  if (shared.some((target) => before[target] !== after[target])) return true;
  return dearest(before) !== dearest(after);
}

function dearest(costs: Outcome["costs"]): string | null {
  let most = "0";
  for (const cost of Object.values(costs)) {
    if (cost === null) return null;
    if (Number(cost) > Number(most)) most = cost;
  }
  return most;
}
