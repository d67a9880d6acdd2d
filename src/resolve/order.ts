import type { Facts } from "../terms/facts.ts";
import { globTest } from "../terms/glob.ts";
import type { AdmitSpec, ChainSpec, EntrySpec, StepSpec } from "../terms/program.ts";
import { splitTarget, targetId } from "../terms/target.ts";
import { unreachable } from "../terms/unreachable.ts";
import type { View } from "../terms/view.ts";
import { readerOf } from "./condition.ts";
import { hash32, mix32 } from "./hash.ts";
import type { Linked } from "./link.ts";

type PickStep = Extract<StepSpec, { kind: "pick" }>;

/** What a group needs to know of a member to put it in order. */
export type CostOf = (entry: EntrySpec) => { readonly worstCost?: number | undefined } | undefined;

/**
 * Lists the entries of a chain in the order they are tried for this request; a target met again is left out.
 *
 * @param costOf the worst cost of an entry for this request, for `pick: cheapest`
 */
export function orderEntries(
  linked: Linked,
  chain: ChainSpec,
  facts: Facts,
  view: View,
  costOf: CostOf,
): readonly EntrySpec[] {
  const fixed = linked.fixedOrder(chain);
  if (fixed) return fixed;
  const entries: EntrySpec[] = [];
  for (const step of chain.steps) {
    for (const entry of stepEntries(linked, step, facts, view, costOf)) {
      if (!entries.some(({ target }) => target === entry.target)) entries.push(entry);
    }
  }
  return entries;
}

function stepEntries(
  linked: Linked,
  step: StepSpec,
  facts: Facts,
  view: View,
  costOf: CostOf,
): readonly EntrySpec[] {
  switch (step.kind) {
    case "target":
      return [step.entry];
    case "requested":
      return requestedEntry(linked, step.admits, facts.model);
    case "pick":
      return pickOrder(step, facts, view, costOf);
    default:
      return unreachable(step);
  }
}

/**
 * The target that the caller named, if the list admits it.
 *
 * A reference (`openai:gpt-5`) is admitted by a glob of that provider. A bare name goes to the first glob that admits
 * it and whose provider is known to serve it, or serves any name.
 */
export function requestedEntry(
  linked: Linked,
  admits: readonly AdmitSpec[],
  model: string | undefined,
): readonly EntrySpec[] {
  if (model === undefined) return [];
  const reference = splitTarget(model);
  const isReference =
    reference !== undefined && Object.hasOwn(linked.program.providers, reference.provider);
  const name = isReference ? reference.model : model;
  const admit = admits.find(
    (candidate) =>
      globTest(candidate.model)(name) &&
      (isReference
        ? candidate.provider === reference.provider
        : serves(linked, candidate.provider, name)),
  );
  return admit ? [{ target: targetId(admit.provider, name), settings: admit.settings }] : [];
}

function serves(linked: Linked, provider: string, model: string): boolean {
  const target = linked.target(targetId(provider, model));
  if (!target) return false;
  return (
    target.kind.takesAnyModel ||
    linked.catalog.model(target.kind.kind, model) !== undefined ||
    linked.catalog.models(target.kind.kind).includes(model) ||
    linked.program.models.some(({ pattern }) => pattern === target.spec.id)
  );
}

/** All members of a group, best first; ties stay in file order. */
function pickOrder(step: PickStep, facts: Facts, view: View, costOf: CostOf): readonly EntrySpec[] {
  const rank = ranking(step, facts, view, costOf);
  return step.from
    .map((member, index) => ({ entry: member.entry, rank: rank(member), index }))
    .sort((left, right) => compare(left.rank, right.rank) || left.index - right.index)
    .map(({ entry }) => entry);
}

/** Infinity minus itself is no number, so ranks are compared, not subtracted. */
function compare(left: number, right: number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function ranking(
  step: PickStep,
  facts: Facts,
  view: View,
  costOf: CostOf,
): (member: PickStep["from"][number]) => number {
  switch (step.pick) {
    case "cheapest":
      return ({ entry }) => costOf(entry)?.worstCost ?? Number.POSITIVE_INFINITY;
    case "fastest":
      return ({ entry }) => view.firstOutputMs(entry.target) ?? -1;
    case "weighted": {
      const seed = seedOf(step, facts, view);
      return ({ entry, weight }) => drawRank(seed, entry.target, weight);
    }
    default:
      return unreachable(step.pick);
  }
}

/**
 * The rank of a member in a weighted draw without replacement: -ln(u) / weight, least first, with `u` a hash of the
 * seed and the member. The same seed keeps its order when other members come and go, which is what `by` is for.
 */
function drawRank(seed: number, target: string, weight: number): number {
  const unit = (mix32(seed ^ hash32(target)) + 0.5) / 2 ** 32;
  return weight > 0 ? -Math.log(unit) / weight : Number.POSITIVE_INFINITY;
}

/** The value of `by`, where there is one, else the draw of this request. */
function seedOf(step: PickStep, facts: Facts, view: View): number {
  const value = step.by && readerOf(step.by)(facts);
  return value === undefined ? Math.floor(view.draw * 2 ** 32) >>> 0 : hash32(String(value));
}
