import type { ClassSpace } from "../resolve/classes/class-space.ts";
import { momentOf } from "../resolve/classes/week-moment.ts";
import { readFacts } from "../resolve/facts.ts";
import type { Linked } from "../resolve/link.ts";
import type { Facts, ResolveRequest } from "../terms/facts.ts";
import type { NanoUsd } from "../terms/money.ts";
import type { TargetId } from "../terms/target.ts";
import { type Outcome, outcomeFor, worstCostOf } from "./diff-outcome.ts";
import type { Planned } from "./diff-plan.ts";
import type { Side } from "./diff-takers.ts";

/** What can change for the requests of a region. `cost` is the most that an attempt can cost. */
export const regionChanges = ["route", "denial", "target", "plan", "cost", "ceilings"] as const;

export type RegionChange = (typeof regionChanges)[number];

/** A request that shows a change, and when it comes where policies ask for the time; each by its own clocks. */
export interface DiffWitness {
  readonly request: ResolveRequest;
  readonly leftNowMs?: number;
  readonly rightNowMs?: number;
}

/** What two policies do with the requests of one class. */
export interface Evaluated {
  readonly changes: readonly RegionChange[];
  readonly left: Outcome;
  readonly right: Outcome;
  readonly witness: DiffWitness;
  /** The target whose worst cost changes, with its cost for the witness. */
  readonly cost?: CostChange;
}

export interface CostChange {
  readonly target: TargetId;
  readonly left: NanoUsd | null;
  readonly right: NanoUsd | null;
}

/** A request as one policy sees it. */
interface Seen {
  readonly linked: Linked;
  readonly facts: Facts | undefined;
  readonly nowMs: number;
  readonly outcome: Outcome;
}

/** Says what two policies do with the requests of a tuple of classes. */
export function evaluate(
  space: ClassSpace,
  tuple: readonly number[],
  left: Side,
  right: Side,
): Evaluated {
  const { request, at } = space.sample(tuple);
  const mine = seen(left, request, at?.minute);
  const theirs = seen(right, request, at?.minute);
  const changes = outcomeChanges(mine.outcome, theirs.outcome);
  const cost = costChange(space, tuple, mine, theirs);
  const moments = at && { leftNowMs: mine.nowMs, rightNowMs: theirs.nowMs };
  const found = { left: mine.outcome, right: theirs.outcome };
  if (!cost) return { ...found, changes, witness: { request, ...moments } };
  return {
    ...found,
    changes: regionChanges.filter((each) => each === "cost" || changes.includes(each)),
    witness: { request: { ...request, ...cost.size }, ...moments },
    cost: cost.change,
  };
}

const refused: Outcome = {
  denied: "refused as a bad request",
  plan: [],
  shownPlan: [],
  targets: [],
  hasNamed: false,
  ceilings: [],
};

function seen(
  { linked, keyless }: Side,
  request: ResolveRequest,
  minute: number | undefined,
): Seen {
  const { program } = linked;
  const outcome = readFacts(keyless, request);
  const nowMs = minute === undefined ? 0 : momentOf(program.timezone, minute);
  if (outcome.kind === "problem") return { linked, facts: undefined, nowMs, outcome: refused };
  return { linked, facts: outcome.facts, nowMs, outcome: outcomeFor(linked, outcome.facts, nowMs) };
}

function outcomeChanges(left: Outcome, right: Outcome): readonly RegionChange[] {
  const changes: RegionChange[] = [];
  if (left.route !== right.route) changes.push("route");
  if (left.denied !== right.denied) changes.push("denial");
  if (left.denied !== undefined || right.denied !== undefined) return changes;
  if (left.plan[0] !== right.plan[0]) changes.push("target");
  else if (left.plan.join("; ") !== right.plan.join("; ")) changes.push("plan");
  if (left.ceilings.join() !== right.ceilings.join()) changes.push("ceilings");
  return changes;
}

type Size = Pick<ResolveRequest, "inputTokensAtMost" | "outputTokens" | "answers">;

/** Looks for a size of request at which a target of both plans costs another worst case. */
function costChange(
  space: ClassSpace,
  tuple: readonly number[],
  left: Seen,
  right: Seen,
): { readonly change: CostChange; readonly size: Size } | undefined {
  const { facts } = left;
  const shared = facts && right.facts ? dearerOrCheaper(left.outcome, right.outcome) : [];
  if (!facts || !right.facts || shared.length === 0) return undefined;
  for (const size of sizesOf(space, tuple, facts, shared.flat())) {
    for (const [mine, theirs] of shared) {
      const cost = worstCostOf(mine, { ...facts, ...size });
      const other = worstCostOf(theirs, { ...right.facts, ...size });
      if (cost === other) continue;
      return { change: { target: mine.entry.target, left: cost, right: other }, size };
    }
  }
  return undefined;
}

/** The targets of both plans whose costs do not rest on the same figures. */
function dearerOrCheaper(left: Outcome, right: Outcome): readonly (readonly [Planned, Planned])[] {
  return left.targets.flatMap((mine) => {
    const theirs = right.targets.find(({ entry }) => entry.target === mine.entry.target);
    return theirs && figures(mine) !== figures(theirs) ? [[mine, theirs] as const] : [];
  });
}

function figures({ entry, chain, linked }: Planned): string {
  const { window, maxOutput, price } = linked.spec;
  const { kind, feePpm } = linked.provider;
  const { params } = entry.settings;
  return JSON.stringify([window, maxOutput, price, kind, feePpm, params, chain.maxOutputTokens]);
}

/**
 * Sizes at which a worst case can change its course: that of an ordinary request first, then around every bound of a
 * target and every step of its prices, as far as the class lets them.
 */
function sizesOf(
  space: ClassSpace,
  tuple: readonly number[],
  facts: Facts,
  targets: readonly Planned[],
): readonly Size[] {
  const bounds = new Set([1, 1_000, 1_000_000]);
  for (const { linked, chain } of targets) {
    const { window, maxOutput, price } = linked.spec;
    for (const bound of [window, maxOutput, chain.maxOutputTokens]) {
      if (bound !== undefined) bounds.add(bound).add(bound + 1);
    }
    for (const rate of [price?.input, price?.output]) {
      for (const { above } of rate?.tiers ?? []) bounds.add(above).add(above + 1);
    }
  }
  const inputs = [4_000, ...bounds].filter((bound) => bound >= facts.inputTokens);
  const outputs = outputsOf(space, tuple, facts, bounds);
  return [1, 3].flatMap((answers) =>
    inputs.flatMap((inputTokensAtMost) =>
      outputs.map((output) => ({
        inputTokensAtMost,
        ...(output !== undefined && { outputTokens: output }),
        ...(answers !== 1 && { answers }),
      })),
    ),
  );
}

/** Output limits of the class: none, where it is of requests without. */
function outputsOf(
  { fields, sample }: ClassSpace,
  tuple: readonly number[],
  facts: Facts,
  bounds: ReadonlySet<number>,
): readonly (number | undefined)[] {
  const at = fields.findIndex(({ field }) => field === "outputTokens");
  const field = fields[at];
  const said = sample(tuple).request.outputTokens;
  if (!field || said === undefined) return [undefined, ...(field ? [] : bounds)];
  const inClass = [...bounds].filter(
    (outputTokens) => field.classOf({ ...facts, outputTokens }, 0) === tuple[at],
  );
  return [said, ...inClass];
}
