import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ground } from "../../src/analyze/ground.ts";
import { groundOf } from "../../src/analyze/ground.ts";
import { findGap, reachOf, takeover } from "../../src/analyze/reach.ts";
import { sampleIn } from "../../src/analyze/sample-box.ts";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import type { Box } from "../../src/resolve/classes/class-space.ts";
import { matcherOf } from "../../src/resolve/condition.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import { link } from "../../src/resolve/link.ts";
import type { Program } from "../../src/terms/program.ts";
import { anyRoutes, everyRequest, matchesOf } from "../support/random-routes.ts";

/** More by hand: `ANALYZE_RUNS=10000 npx vitest run test/properties/analyze-routes.test.ts`. */
const numRuns = Number(process.env.ANALYZE_RUNS ?? 600);

/** The route that the request of a box really meets. */
function routeMet(ground: Ground, box: Box): number {
  const { request } = sampleIn(ground, box);
  const outcome = readFacts(ground.program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  return ground.program.routes.findIndex(({ when }) => matcherOf(when)(outcome.facts, 0));
}

/** The index of a route that does the same, or the text of what it does. */
function outcome(program: Program, index: number | undefined): string {
  return JSON.stringify(index === undefined ? "none" : program.routes[index]?.action);
}

/** Counts of what was checked, so that a generator that makes nothing of interest fails. */
interface Tally {
  verdicts: number;
  dead: number;
  redundant: number;
}

/** Checks that some routes take all requests that another matches, and no fewer of them do. */
function checkBlockers(matching: readonly number[][], by: readonly number[]): void {
  const suffice = (routes: readonly number[]) =>
    matching.every((each) => each.some((route) => routes.includes(route)));
  expect(suffice(by)).toBe(true);
  for (const left of by) expect(suffice(by.filter((route) => route !== left))).toBe(false);
}

function checkRoute(
  ground: Ground,
  matches: readonly number[][],
  index: number,
  tally: Tally,
): void {
  const { program } = ground;
  const reach = reachOf(ground, index);
  const matching = matches.filter((each) => each.includes(index));
  const won = matches.filter(([first]) => first === index);
  tally.verdicts++;
  switch (reach.kind) {
    case "undecided":
      throw new TypeError(`route ${index} is undecided`);
    case "empty":
      expect(matching).toEqual([]);
      break;
    case "covered":
      tally.dead++;
      expect(matching.length).toBeGreaterThan(0);
      expect(won).toEqual([]);
      checkBlockers(matching, reach.by);
      break;
    case "reached": {
      expect(routeMet(ground, reach.box)).toBe(index);
      expect(won.length).toBeGreaterThan(0);
      const same = won.every(([, next]) => outcome(program, next) === outcome(program, index));
      const others = takeover(ground, index, reach.box);
      if (others) tally.redundant++;
      expect(others !== undefined, `route ${index} is redundant`).toBe(same);
    }
  }
}

describe("the analysis of routes", () => {
  it(`agrees with trying every request, on ${numRuns} policies`, () => {
    const tally: Tally = { verdicts: 0, dead: 0, redundant: 0 };
    const property = fc.property(anyRoutes, (program) => {
      const ground = groundOf(link(program, builtInCatalog));
      const matches = matchesOf(program, everyRequest(program));
      for (const index of program.routes.keys()) checkRoute(ground, matches, index, tally);
      const gap = findGap(ground);
      const isGap = matches.some((each) => each.length === 0);
      expect(gap.kind).toBe(isGap ? "reached" : "covered");
      if (gap.kind === "reached") expect(routeMet(ground, gap.box)).toBe(-1);
    });
    fc.assert(property, process.env.ANALYZE_RUNS ? { numRuns } : { numRuns, seed: 1 });
    if (process.env.ANALYZE_RUNS) console.log(tally);
    expect(tally.dead).toBeGreaterThan(numRuns / 10);
    expect(tally.redundant).toBeGreaterThan(numRuns / 20);
  }, 3_600_000);
});
