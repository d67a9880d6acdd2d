import { metCeilings } from "../resolve/buckets.ts";
import { candidateOf } from "../resolve/candidate.ts";
import { eligible } from "../resolve/eligible.ts";
import { fixedView } from "../resolve/fixed-view.ts";
import type { Linked } from "../resolve/link.ts";
import { resolution } from "../resolve/resolve.ts";
import type { DenyDecision } from "../terms/decision.ts";
import type { Facts } from "../terms/facts.ts";
import type { NanoUsd } from "../terms/money.ts";
import type { TargetId } from "../terms/target.ts";
import type { View } from "../terms/view.ts";
import { type Planned, type PlannedStep, plannedSteps, reduced } from "./diff-plan.ts";

/** What a policy does with all requests of one class, whatever breakers, budgets and draws are. */
export interface Outcome {
  readonly route?: string;
  /** The reason of the policy, or why every target is out of the question; missing where the request is routed. */
  readonly denied?: string;
  /** The steps of the plan, by the targets that this request may be tried at. */
  readonly plan: readonly string[];
  /** The same, a target that the caller names as no more than that. */
  readonly shownPlan: readonly string[];
  readonly targets: readonly Planned[];
  /** Whether the caller names one of the targets. */
  readonly hasNamed: boolean;
  /** The ceilings that count it, in file order. */
  readonly ceilings: readonly string[];
}

/** More than any limit: a ceiling that refuses only now and then must not hide a plan. */
const nothingSpent = -Number.MAX_SAFE_INTEGER;

/** A world in which no target is out of service and no budget is short. */
export function boundlessView(nowMs: number): View {
  return { ...fixedView({ nowMs }), spent: () => nothingSpent };
}

/**
 * Says what a policy does with a request, without the chances of the day: groups stand as groups, and targets that could
 * never take the request are left out.
 */
export function outcomeFor(linked: Linked, facts: Facts, nowMs: number): Outcome {
  const view = boundlessView(nowMs);
  const { decision, chain, candidates } = resolution(linked, facts, view);
  const route = decision.route === undefined ? {} : { route: decision.route };
  const denied = (why: string, hasNamed = false) => ({
    ...route,
    ...nothing,
    hasNamed,
    denied: why,
  });
  if (!chain) return denied(decision.kind === "deny" ? deniedWords(decision) : "");
  const met = metCeilings(linked, facts, view);
  const all = plannedSteps(linked, chain, facts, view);
  const keeper = stateKeeper(facts, all);
  const skips = candidates.map((candidate) => eligible(candidate, facts, view, met, keeper));
  const able = candidates.filter((_, at) => !skips[at]);
  if (!able.some(({ after }) => after === undefined)) {
    const last = skips.findLast((skip) => skip !== undefined);
    return denied(
      last?.because ?? "unsupported",
      all.some(({ isNamed }) => isNamed),
    );
  }
  const targets = new Set(able.map(({ target }) => target));
  const steps = all.flatMap((step) => narrowed(step, targets));
  const counting = met.filter(({ ceiling }) =>
    candidates.some(({ target }) => ceiling.admits(target)),
  );
  return {
    ...route,
    plan: steps.map((step) => stepWords(step, false)),
    shownPlan: steps.map((step) => stepWords(step, true)),
    targets: steps.flatMap(({ members }) => members.map(({ planned }) => planned)),
    hasNamed: all.some(({ isNamed }) => isNamed),
    ceilings: counting.map(({ ceiling }) => ceiling.spec.name),
  };
}

const nothing = { plan: [], shownPlan: [], targets: [], hasNamed: false, ceilings: [] };

function deniedWords({ because, detail }: DenyDecision): string {
  return because === "policy" ? JSON.stringify(detail) : because;
}

/** The provider at which the state of a request must lie, where the policy alone decides that. */
function stateKeeper({ needs }: Facts, [first]: readonly PlannedStep[]): string | undefined {
  if (!needs.includes("state") || !first) return undefined;
  const providers = new Set(first.members.map(({ planned }) => planned.linked.provider.name));
  const [only] = providers;
  return providers.size === 1 ? only : undefined;
}

/** A step with some of its targets; the one that is left of a group is a plain target. */
function narrowed(step: PlannedStep, to: ReadonlySet<TargetId>): readonly PlannedStep[] {
  const members = step.members.filter(({ planned }) => to.has(planned.entry.target));
  if (members.length === 0) return [];
  if (members.length > 1) return [{ ...step, members: reduced(members) }];
  const { pick: _, ...rest } = step;
  return [{ ...rest, members }];
}

/** A step as people read it: `openai:gpt-5`, `weighted by user (groq:a 9, together:b 1)`. */
function stepWords({ after, pick, members, isNamed }: PlannedStep, hidesNames: boolean): string {
  const names = members.map(({ planned: { entry, linked }, weight }) => {
    const name = isNamed && hidesNames ? `${linked.provider.name}:(as asked)` : entry.target;
    return pick?.startsWith("weighted") ? `${name} ${weight}` : name;
  });
  const words = pick === undefined ? names.join(", ") : `${pick} (${names.join(", ")})`;
  return after === undefined ? words : `${words} once ${after} refuses`;
}

/** What one attempt at a target can cost at most; `null` where that is not known. */
export function worstCostOf({ entry, chain, linked }: Planned, facts: Facts): NanoUsd | null {
  return candidateOf(facts, chain, entry, linked, undefined).worstCost ?? null;
}
