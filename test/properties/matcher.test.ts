import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFacts } from "../../src/resolve/facts.ts";
import { firstFailing } from "../../src/resolve/failing.ts";
import { indexedMatch, linearMatch } from "../../src/resolve/match-index.ts";
import type { Facts, ResolveRequest } from "../../src/terms/facts.ts";
import type { Program } from "../../src/terms/program.ts";
import {
  anyCondition,
  anyMatchedRequest,
  anyMinute,
  programWith,
} from "../support/random-condition.ts";

function factsOf(program: Program, request: ResolveRequest): Facts {
  const outcome = readFacts(program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  return outcome.facts;
}

const requests = fc.array(fc.tuple(anyMatchedRequest, anyMinute), { minLength: 25, maxLength: 25 });

describe("the index of conditions", () => {
  it("finds what asking one after the other finds, by closures and by the walk of `explain`", () =>
    fc.assert(
      fc.property(fc.array(anyCondition, { maxLength: 40 }), requests, (conditions, asked) => {
        const program = programWith(conditions);
        const [linear, indexed] = [linearMatch(conditions), indexedMatch(conditions)];
        for (const [request, minute] of asked) {
          const facts = factsOf(program, request);
          const found = indexed(facts, minute);
          expect(found).toBe(linear(facts, minute));
          expect(found).toBe(conditions.findIndex((each) => !firstFailing(each, facts, minute)));
        }
      }),
      { numRuns: 400 },
    ));
});
