import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChangedPart, changedPairs } from "../../src/analyze/diff-regions.ts";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { listClasses } from "../../src/resolve/classes/class-set.ts";
import type { Box, ClassSpace } from "../../src/resolve/classes/class-space.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import { fixedView } from "../../src/resolve/fixed-view.ts";
import { type Linked, link } from "../../src/resolve/link.ts";
import { resolve } from "../../src/resolve/resolve.ts";
import type { Decision } from "../../src/terms/decision.ts";
import type { ResolveRequest } from "../../src/terms/facts.ts";
import { anyPair } from "../support/random-pairs.ts";

/** Every tuple of classes, or as many of them as will do, spread over all. */
function tuplesOf({ fields }: ClassSpace, most: number): readonly (readonly number[])[] {
  const total = fields.reduce((product, { classes }) => product * classes.length, 1);
  const count = Math.min(total, most);
  return Array.from({ length: count }, (_, at) => {
    let rest = Math.floor((at * total) / count);
    return fields.map(({ classes }) => {
      const index = rest % classes.length;
      rest = Math.floor(rest / classes.length);
      return index;
    });
  });
}

function inBox(box: Box, tuple: readonly number[]): boolean {
  return box.every((set, at) => !set || listClasses(set).includes(tuple[at] ?? -1));
}

/** Worlds in which every order of a group shows, and no budget is short. */
const worlds = [0.03, 0.2, 0.4, 0.6, 0.8, 0.97].map((draw, at) => ({
  draw,
  outputTokens: [1, 55, 700][at % 3] ?? 1,
  firstOutputMs:
    [{}, { "far:b": 5, "far:gpt-4o": 9 }, { "far:b": 9, "far:gpt-4o": 5 }][at % 3] ?? {},
}));

const sizes: readonly ResolveRequest[] = [
  {},
  { inputTokensAtMost: 7 },
  { inputTokensAtMost: 2_000_000 },
  { inputTokensAtMost: 2_000_000, answers: 3 },
];

interface Told {
  readonly decisions: readonly string[];
  readonly costs: readonly ReadonlyMap<string, number | undefined>[];
}

/** All that `resolve` says of a request over those worlds and sizes, by what diff calls a change. */
function told(linked: Linked, request: ResolveRequest): Told {
  const decisions: string[] = [];
  const costs: ReadonlyMap<string, number | undefined>[] = [];
  for (const { draw, firstOutputMs, outputTokens } of worlds) {
    // Any other limit of the class is as good as the one that stands for it.
    const other = request.outputTokens ? { outputTokens } : {};
    const outcome = readFacts(linked.program, { ...request, ...other });
    if (outcome.kind === "problem") return { decisions: ["refused"], costs: [] };
    const view = { ...fixedView({ draw, firstOutputMs }), spent: () => -1e15 };
    decisions.push(words(resolve(linked, outcome.facts, view)));
  }
  for (const size of sizes) {
    const outcome = readFacts(linked.program, { ...request, ...size });
    if (outcome.kind === "problem") continue;
    const view = { ...fixedView({}), spent: () => -1e15 };
    const decision = resolve(linked, outcome.facts, view);
    const plan = decision.kind === "route" ? decision.plan : [];
    costs.push(new Map(plan.map(({ target, worstCost }) => [target, worstCost])));
  }
  return { decisions, costs };
}

function words(decision: Decision): string {
  if (decision.kind === "deny") {
    const why = decision.because === "policy" ? decision.detail : decision.because;
    return JSON.stringify([decision.route, why]);
  }
  const plan = decision.plan.map(({ target, after }) => [target, after]);
  return JSON.stringify([decision.route, plan, decision.ceilings.map(({ name }) => name)]);
}

function costsDiffer(left: Told, right: Told): boolean {
  return left.costs.some((costs, at) =>
    [...costs].some(([target, cost]) => {
      const other = right.costs[at];
      return other?.has(target) && other.get(target) !== cost;
    }),
  );
}

/** Decides the witness of a part under both policies: what the part says must be seen. */
function showsItself(left: Linked, right: Linked, part: ChangedPart): void {
  const { witness, changes, cost } = part;
  const [mine, theirs] = [told(left, witness.request), told(right, witness.request)];
  const others = changes.filter((change) => change !== "cost");
  if (others.length > 0 && !hasStillGroup(part))
    expect(mine.decisions).not.toEqual(theirs.decisions);
  expect(cost !== undefined).toBe(changes.includes("cost"));
  if (!cost) return;
  const at = (told: Told) => told.costs[0]?.get(cost.target) ?? null;
  expect([at(mine), at(theirs)]).toEqual([cost.left, cost.right]);
  expect(cost.left).not.toBe(cost.right);
}

const linked = (program: Linked["program"]) => link(program, builtInCatalog);

/** Holds a tuple to what both policies really do with a request of it. Tells whether it is in a part. */
function holdsTuple(
  left: Linked,
  right: Linked,
  parts: readonly ChangedPart[],
  found: Found,
): boolean {
  const { request, tuple } = found;
  const around = parts.filter(({ box }) => inBox(box, tuple));
  expect(around.length).toBeLessThan(2);
  const [part] = around;
  const changes = part?.changes ?? [];
  const others = changes.filter((change) => change !== "cost");
  const [mine, theirs] = [told(left, request), told(right, request)];
  const note = JSON.stringify({ request, changes, mine, theirs });
  const differs = mine.decisions.join() !== theirs.decisions.join();
  if (differs) expect(others, note).not.toEqual([]);
  else if (!hasStillGroup(part)) expect(others, note).toEqual([]);
  if (costsDiffer(mine, theirs)) expect(changes, note).toContain("cost");
  return part !== undefined;
}

interface Found {
  readonly request: ResolveRequest;
  readonly tuple: readonly number[];
}

/** A group that no draw of these worlds turns round is no other plan to `resolve`; to people it is. */
function hasStillGroup(part: ChangedPart | undefined): boolean {
  return (
    part !== undefined && /cheapest|by user/.test([...part.left.plan, ...part.right.plan].join())
  );
}

describe("the requests that two policies treat differently", () => {
  it("are those for which `resolve` says something else, in every class", () => {
    const seen = { tuples: 0, changed: 0 };
    fc.assert(
      fc.property(anyPair, ([before, after]) => {
        const [left, right] = [linked(before), linked(after)];
        const { fine, pairs, undecided } = changedPairs(left, right);
        const { space } = fine;
        const parts = pairs.flatMap((pair) => pair.parts);
        expect(undecided).toEqual([]);
        for (const part of parts.slice(0, 20)) showsItself(left, right, part);
        for (const tuple of tuplesOf(space, 50)) {
          const { request } = space.sample(tuple);
          const isChanged = holdsTuple(left, right, parts, { request, tuple });
          seen.tuples += 1;
          seen.changed += isChanged ? 1 : 0;
        }
      }),
      { numRuns: 300 },
    );
    expect(seen.tuples).toBeGreaterThan(5_000);
    expect(seen.changed).toBeGreaterThan(500);
  }, 120_000);

  it("are none between a policy and itself", () =>
    fc.assert(
      fc.property(anyPair, ([program]) => {
        const again = JSON.parse(JSON.stringify(program));
        expect(changedPairs(linked(program), linked(again)).pairs).toEqual([]);
      }),
      { numRuns: 100 },
    ));
});
