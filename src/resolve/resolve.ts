import type { CeilingView, Decision, PlanEntry, Skip } from "../terms/decision.ts";
import type { Facts } from "../terms/facts.ts";
import type { ChainSpec, EntrySpec } from "../terms/program.ts";
import type { View } from "../terms/view.ts";
import { type MetCeiling, metCeilings } from "./buckets.ts";
import { type Candidate, candidateOf, isOpen, planEntry } from "./candidate.ts";
import { eligible } from "./eligible.ts";
import type { Linked } from "./link.ts";
import { orderEntries } from "./order.ts";

/** A Decision with what `run` needs to carry it out. */
export interface Resolution {
  readonly decision: Decision;
  /** The chain that matched; missing where a route denies or none matched. */
  readonly chain?: ChainSpec;
  /** Every target of the plan in order, those skipped now included: `run` asks again before each attempt. */
  readonly candidates: readonly Candidate[];
  /** The provider that keeps the state this request rests on, where it rests on any. */
  readonly stateProvider?: string | undefined;
}

/**
 * Says what the policy does with a request: which targets in which order, what is skipped and why, or why it is denied.
 *
 * Pure, synchronous and total: the same Program, facts and View give the same Decision, and nothing throws.
 */
export function resolve(linked: Linked, facts: Facts, view: View): Decision {
  return resolution(linked, facts, view).decision;
}

/** {@link resolve}, with the candidates behind the Decision. */
export function resolution(linked: Linked, facts: Facts, view: View): Resolution {
  const minute = linked.minuteOfWeek(view.nowMs);
  const route = linked.route(facts, minute);
  const { revision } = linked.program;
  if (!route) {
    const detail = "no route matches this request";
    return {
      decision: { kind: "deny", because: "no_route", detail, skipped: [], revision },
      candidates: [],
    };
  }
  const { name, action } = route;
  if (action.kind === "deny") {
    const denied = { kind: "deny", route: name, because: "policy", detail: action.reason } as const;
    return { decision: { ...denied, skipped: [], revision }, candidates: [] };
  }
  return planned(linked, name, linked.chain(action.chain), facts, view);
}

function planned(
  linked: Linked,
  route: string,
  chain: ChainSpec,
  facts: Facts,
  view: View,
): Resolution {
  const met = metCeilings(linked, facts, view);
  const candidates = allCandidates(linked, chain, facts, view, met);
  const stateProvider = facts.needs.includes("state")
    ? candidates[0]?.linked.provider.name
    : undefined;
  const skipped: Skip[] = [];
  const plan: PlanEntry[] = [];
  for (const candidate of candidates) {
    const skip = eligible(candidate, facts, view, met, stateProvider);
    if (skip) skipped.push(skip);
    else plan.push(planEntry(candidate));
  }
  const { revision } = linked.program;
  const refusing = refusingCeilings(skipped);
  const decision: Decision = plan.some((entry) => isOpen(entry, refusing))
    ? {
        kind: "route",
        route,
        chain: chain.name,
        plan,
        skipped,
        ceilings: ceilingViews(met, candidates, view),
        revision,
      }
    : allSkipped(route, skipped, revision);
  return { decision, chain, candidates, stateProvider };
}

const noCeilings: ReadonlySet<string> = new Set();

function refusingCeilings(skipped: readonly Skip[]): ReadonlySet<string> {
  if (skipped.length === 0) return noCeilings;
  return new Set(skipped.flatMap(({ ceiling }) => ceiling ?? []));
}

function allSkipped(route: string, skipped: readonly Skip[], revision: string): Decision {
  const last = skipped.at(-1);
  return {
    kind: "deny",
    route,
    because: last?.because ?? "unsupported",
    detail: last
      ? `every target was skipped; \`${last.target}\`: ${last.detail}`
      : "the chain names no target for this request",
    skipped,
    revision,
  };
}

/** The route's chain, then the `use` of each ceiling that the request meets, in file order; no target twice. */
function allCandidates(
  linked: Linked,
  chain: ChainSpec,
  facts: Facts,
  view: View,
  met: readonly MetCeiling[],
): readonly Candidate[] {
  const candidates: Candidate[] = [];
  addChain(candidates, linked, chain, facts, view, undefined);
  for (const { ceiling } of met) {
    const { exceeded, name } = ceiling.spec;
    if (exceeded.kind === "use" && candidates.some(({ target }) => ceiling.admits(target))) {
      addChain(candidates, linked, linked.chain(exceeded.chain), facts, view, name);
    }
  }
  return candidates;
}

function addChain(
  candidates: Candidate[],
  linked: Linked,
  chain: ChainSpec,
  facts: Facts,
  view: View,
  after: string | undefined,
): void {
  const build = (entry: EntrySpec) => {
    const target = linked.target(entry.target);
    return (
      target && candidateOf(facts, chain, entry, target, after === undefined ? undefined : [after])
    );
  };
  for (const entry of orderEntries(linked, chain, facts, view, build)) {
    const at =
      after === undefined ? -1 : candidates.findIndex(({ target }) => target === entry.target);
    const known = candidates[at];
    const candidate = known ? undefined : build(entry);
    if (candidate) candidates.push(candidate);
    // What one ceiling adds, another may add as well: then either opens it.
    else if (known?.after && after) candidates[at] = { ...known, after: [...known.after, after] };
  }
}

/** The ceilings that at least one target of the plan counts towards. */
function ceilingViews(
  met: readonly MetCeiling[],
  candidates: readonly Candidate[],
  view: View,
): readonly CeilingView[] {
  return met
    .filter(({ ceiling }) => candidates.some(({ target }) => ceiling.admits(target)))
    .map(({ ceiling, bucket }) => ({
      name: ceiling.spec.name,
      bucket: bucket.name,
      remaining: Math.max(0, ceiling.spec.limit - view.spent(bucket)),
    }));
}
