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

describe("the analysis of routes", () => {
  it(`agrees with trying every request, on ${numRuns} policies`, () => {
    let verdicts = 0;
    let dead = 0;
    let redundant = 0;
    const property = fc.property(anyRoutes, (program) => {
      const ground = groundOf(link(program, builtInCatalog));
      const matches = matchesOf(program, everyRequest(program));
      const winners = new Set(matches.map(([first]) => first));
      for (const index of program.routes.keys()) {
        verdicts++;
        const reach = reachOf(ground, index);
        const matching = matches.filter((each) => each.includes(index));
        const expected = matching.length === 0 ? "empty" : winners.has(index) ? "reached" : "covered";
        expect(reach.kind, `route ${index}`).toBe(expected);
        if (reach.kind === "covered") {
          dead++;
          expect(matching.every((each) => each.some((other) => reach.by.includes(other)))).toBe(true);
          for (const left of reach.by) {
            const rest = reach.by.filter((other) => other !== left);
            expect(matching.every((each) => each.some((other) => rest.includes(other)))).toBe(false);
          }
        }
        if (reach.kind !== "reached") continue;
        expect(routeMet(ground, reach.box)).toBe(index);
        const others = takeover(ground, index, reach.box);
        const won = matches.filter(([first]) => first === index);
        const same = won.every(([, next]) => outcome(program, next) === outcome(program, index));
        expect(others !== undefined, `route ${index} is redundant`).toBe(same);
        if (others) redundant++;
      }
      const gap = findGap(ground);
      expect(gap.kind).toBe(winners.has(undefined) ? "reached" : "covered");
      if (gap.kind === "reached") expect(routeMet(ground, gap.box)).toBe(-1);
    });
    fc.assert(property, { numRuns });
    if (process.env.ANALYZE_RUNS) console.log({ verdicts, dead, redundant });
    expect(dead).toBeGreaterThan(numRuns / 10);
    expect(redundant).toBeGreaterThan(numRuns / 20);
  });
});
