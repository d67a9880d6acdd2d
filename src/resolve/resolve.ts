import type { CeilingView, Decision, Skip } from "../terms/decision.ts";
import type { Facts } from "../terms/facts.ts";
import type { ChainSpec, EntrySpec } from "../terms/program.ts";
import type { View } from "../terms/view.ts";
import { type MetCeiling, metCeilings } from "./buckets.ts";
import { type Candidate, candidateOf, planEntry } from "./candidate.ts";
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
  readonly stateProvider?: string;
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
  const refusing = new Set<string>();
  const plan: Candidate[] = [];
  for (const candidate of candidates) {
    const skip = eligible(candidate, facts, view, met, stateProvider);
    if (!skip) {
      plan.push(candidate);
    } else {
      skipped.push(skip);
      if (skip.ceiling) refusing.add(skip.ceiling);
    }
  }
  const rest = { chain, candidates, ...(stateProvider !== undefined && { stateProvider }) };
  const { revision } = linked.program;
  if (!plan.some(({ after }) => after === undefined || refusing.has(after))) {
    return { decision: allSkipped(route, skipped, revision), ...rest };
  }
  const ceilings = ceilingViews(met, candidates, view);
  const entries = plan.map(planEntry);
  return {
    decision: {
      kind: "route",
      route,
      chain: chain.name,
      plan: entries,
      skipped,
      ceilings,
      revision,
    },
    ...rest,
  };
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
  const add = (from: ChainSpec, after: string | undefined) => {
    const build = (entry: EntrySpec) => {
      const target = linked.target(entry.target);
      return target && candidateOf(facts, from, entry, target, after);
    };
    for (const entry of orderEntries(linked, from, facts, view, (each) => build(each)?.worstCost)) {
      const isKnown =
        after !== undefined && candidates.some(({ target }) => target === entry.target);
      const candidate = isKnown ? undefined : build(entry);
      if (candidate) candidates.push(candidate);
    }
  };
  add(chain, undefined);
  for (const { ceiling } of met) {
    const { exceeded, name } = ceiling.spec;
    if (exceeded.kind === "use" && candidates.some(({ target }) => ceiling.admits(target))) {
      add(linked.chain(exceeded.chain), name);
    }
  }
  return candidates;
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
