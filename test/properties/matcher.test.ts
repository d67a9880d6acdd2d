import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explain } from "../../src/resolve/explain.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import { firstFailing } from "../../src/resolve/failing.ts";
import { fixedView } from "../../src/resolve/fixed-view.ts";
import { link } from "../../src/resolve/link.ts";
import { indexedMatch, linearMatch } from "../../src/resolve/match-index.ts";
import type { Facts, ResolveRequest } from "../../src/terms/facts.ts";
import type { Condition, FieldTest, Program, Test } from "../../src/terms/program.ts";
import { stubCatalog } from "../support/programs.ts";
import {
  anyCondition,
  anyMatchedRequest,
  anyMinute,
  narrowCondition,
  programWith,
} from "../support/random-condition.ts";

function factsOf(program: Program, request: ResolveRequest): Facts {
  const outcome = readFacts(program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  return outcome.facts;
}

const requests = fc.array(fc.tuple(anyMatchedRequest, anyMinute), {
  minLength: 25,
  maxLength: 25,
});

/** Checks that index, closures and the walk of `explain` find the same condition for every request. */
function agree(conditions: readonly Condition[], asked: readonly [ResolveRequest, number][]) {
  const program = programWith(conditions);
  const [linear, indexed] = [linearMatch(conditions), indexedMatch(conditions)];
  return asked.map(([request, minute]) => {
    const facts = factsOf(program, request);
    const found = indexed(facts, minute);
    expect(found).toBe(linear(facts, minute));
    expect(found).toBe(conditions.findIndex((each) => !firstFailing(each, facts, minute)));
    return found;
  });
}

function textTest(
  field: "model" | "user",
  values: readonly string[],
  globs: readonly string[],
): FieldTest {
  const test: Test = { kind: "in", values, globs, present: false, absent: false, not: false };
  return { field, test };
}

function modelTest(values: readonly string[], globs: readonly string[]): FieldTest {
  return textTest("model", values, globs);
}

describe("the index of conditions", () => {
  it("finds what asking one after the other finds", () =>
    fc.assert(
      fc.property(fc.array(anyCondition, { maxLength: 20 }), requests, (conditions, asked) => {
        agree(conditions, asked);
      }),
      { numRuns: 400 },
    ));

  it("finds it behind many conditions that do not hold, and says so where none does", () => {
    const places: number[] = [];
    const many = fc.array(narrowCondition, { minLength: 40, maxLength: 80 });
    const property = fc.property(many, requests, (conditions, asked) => {
      places.push(...agree(conditions, asked));
    });
    fc.assert(property, { numRuns: 100 });
    expect(places.filter((place) => place >= 16).length).toBeGreaterThan(100);
    expect(places.filter((place) => place === -1).length).toBeGreaterThan(100);
  });

  it("finds it among thousands, whatever chunk it lies in", () => {
    const routes = 5_000;
    const conditions = Array.from({ length: routes }, (_, at) => ({
      fields: [modelTest([`alias-${at}`], [`family-${at}-*`, `*-of-${at}`])],
    }));
    const program = programWith([]);
    const indexed = indexedMatch(conditions);
    for (let at = 0; at < routes; at += 37) {
      for (const model of [`alias-${at}`, `family-${at}-x`, `some-of-${at}`]) {
        expect(indexed(factsOf(program, { model }), 0)).toBe(at);
      }
      const both = `family-${at}-of-${(at * 7) % routes}`;
      expect(indexed(factsOf(program, { model: both }), 0)).toBe(Math.min(at, (at * 7) % routes));
    }
    expect(indexed(factsOf(program, { model: "alias-5000" }), 0)).toBe(-1);
    expect(indexed(factsOf(program, {}), 0)).toBe(-1);
  });

  it("forgets what callers sent before it takes much room, and answers as before", () => {
    const conditions = Array.from({ length: 80 }, (_, at): Condition[] => [
      { fields: [modelTest([], [`p${at}-*`]), textTest("user", [], [`*-u${at}`])] },
      { fields: [modelTest([], [`*-s${at}`]), textTest("user", [], [`v${at}-*`])] },
      { fields: [textTest("user", [], [`v${at}-*`, `*-u${at}`]), modelTest([`p1-s${at}`], [])] },
    ]).flat();
    const program = programWith([]);
    const [linear, indexed] = [linearMatch(conditions), indexedMatch(conditions)];
    const ask = (index: number) => {
      const [left, right] = [index % 80, Math.floor(index / 80)];
      const request = { model: `p${left}-s${right}`, user: `v${right}-u${left}` };
      const facts = factsOf(program, request);
      expect(indexed(facts, 0)).toBe(linear(facts, 0));
    };
    for (let index = 0; index < 80 * 80; index++) {
      ask(index);
      ask(index % 300);
    }
  });

  it.for([1, 8, 9, 40])("links %i routes so that explain and resolve agree", (routes) =>
    fc.assert(
      fc.property(
        fc.array(anyCondition, { minLength: routes, maxLength: routes }),
        requests,
        (conditions, asked) => {
          const program = programWith(conditions, "Europe/Berlin");
          const linked = link(program, stubCatalog());
          for (const [request, minute] of asked) {
            const view = fixedView({ nowMs: 1_700_000_000_000 + minute * 60_000 });
            const { considered, decision } = explain(linked, factsOf(program, request), view);
            const last = considered.at(-1);
            expect(decision.route).toBe(last?.failing ? undefined : last?.route);
          }
        },
      ),
      { numRuns: 25 },
    ),
  );
});
