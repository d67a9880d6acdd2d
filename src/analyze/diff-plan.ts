import { metCeilings } from "../resolve/buckets.ts";
import type { Linked, LinkedTarget } from "../resolve/link.ts";
import { orderEntries } from "../resolve/order.ts";
import type { Facts } from "../terms/facts.ts";
import type { ChainSpec, EntrySpec, StepSpec } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";
import { unreachable } from "../terms/unreachable.ts";
import type { View } from "../terms/view.ts";

/** A target that a request may be tried at. */
export interface Planned {
  readonly entry: EntrySpec;
  /** The chain that gives its attempts their output limit. */
  readonly chain: ChainSpec;
  readonly linked: LinkedTarget;
}

/** One step of a plan as it is before any draw or measure: a target, or a group with its rule. */
export interface PlannedStep {
  /** The ceiling that must refuse first. */
  readonly after?: string;
  /** `weighted by user`, `cheapest`; missing for a plain target. */
  readonly pick?: string;
  readonly members: readonly { readonly planned: Planned; readonly weight: number }[];
  /** The caller named it. */
  readonly isNamed: boolean;
}

/**
 * What a chain and the ceilings that a request meets put before it: every target once, in the order of its plan as far as
 * that is fixed, groups as groups. Targets that nothing allows are left in.
 */
export function plannedSteps(
  linked: Linked,
  chain: ChainSpec,
  facts: Facts,
  view: View,
): readonly PlannedStep[] {
  const listed = new Set<TargetId>();
  const steps = chainSteps({ linked, chain, facts, view }, listed);
  const own = new Set(listed);
  for (const { ceiling } of metCeilings(linked, facts, view)) {
    const { exceeded, name } = ceiling.spec;
    if (exceeded.kind !== "use" || ![...listed].some((target) => ceiling.admits(target))) continue;
    const seen = new Set(own);
    const place = { linked, chain: linked.chain(exceeded.chain), facts, view };
    const added = chainSteps(place, seen);
    for (const target of seen) listed.add(target);
    steps.push(...added.map((step) => ({ ...step, after: name })));
  }
  return steps;
}

interface Place {
  readonly linked: Linked;
  readonly chain: ChainSpec;
  readonly facts: Facts;
  readonly view: View;
}

/** The steps of one chain without the targets that are listed already, which it adds to. */
function chainSteps(place: Place, listed: Set<TargetId>): PlannedStep[] {
  return place.chain.steps.flatMap((step) => {
    const members = membersOf(place, step).filter(
      ({ planned }) => !listed.has(planned.entry.target),
    );
    for (const { planned } of members) listed.add(planned.entry.target);
    if (members.length === 0) return [];
    const isGroup = step.kind === "pick" && members.length > 1;
    const isNamed = step.kind === "requested";
    return [{ members, isNamed, ...(isGroup && { pick: ruleOf(step) }) }];
  });
}

function membersOf(place: Place, step: StepSpec): PlannedStep["members"] {
  switch (step.kind) {
    case "target":
      return plannedAt(place, step.entry, 1);
    case "requested": {
      const alone = { ...place.chain, steps: [step] };
      const entries = orderEntries(place.linked, alone, place.facts, place.view, () => undefined);
      return entries.flatMap((entry) => plannedAt(place, entry, 1));
    }
    case "pick":
      return step.from.flatMap(({ entry, weight }) => plannedAt(place, entry, weight));
    default:
      return unreachable(step);
  }
}

function plannedAt(
  { linked, chain }: Place,
  entry: EntrySpec,
  weight: number,
): PlannedStep["members"] {
  const target = linked.target(entry.target);
  return target ? [{ planned: { entry, chain, linked: target }, weight }] : [];
}

function ruleOf(step: Extract<StepSpec, { kind: "pick" }>): string {
  return step.by === undefined
    ? step.pick
    : `${step.pick} by ${step.by.replace("attributes.", "")}`;
}

/** Members with their weights brought down to the smallest whole numbers: draws go by their ratio alone. */
export function reduced(members: PlannedStep["members"]): PlannedStep["members"] {
  const divisor = members.reduce((common, { weight }) => greatestCommon(common, weight), 0);
  return members.map(({ planned, weight }) => ({
    planned,
    weight: divisor === 0 ? weight : weight / divisor,
  }));
}

function greatestCommon(one: number, other: number): number {
  return other === 0 ? one : greatestCommon(other, one % other);
}
