import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { explain } from "../../src/resolve/explain.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import { fixedView, type Given } from "../../src/resolve/fixed-view.ts";
import { link } from "../../src/resolve/link.ts";
import { resolution, resolve } from "../../src/resolve/resolve.ts";
import type { Facts, ResolveRequest } from "../../src/terms/facts.ts";
import type { Program } from "../../src/terms/program.ts";
import { anyGiven, anyProgram, anyRequest } from "../support/random-program.ts";

const runs = { numRuns: 80 };

function factsOf(program: Program, request: ResolveRequest): Facts {
  const outcome = readFacts(program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  return outcome.facts;
}

/** Checks one claim on random programs, requests and states. */
function holds(claim: (program: Program, facts: Facts, given: Given) => void): void {
  const property = fc.property(anyProgram, fc.array(anyRequest, { minLength: 1, maxLength: 24 }), anyGiven, (program, requests, given) => {
    for (const request of requests) claim(program, factsOf(program, request), given);
  });
  fc.assert(property, runs);
}

describe("resolve", () => {
  it("decides as explain does, which walks the routes by itself", () =>
    holds((program, facts, given) => {
      const linked = link(program, builtInCatalog);
      const explanation = explain(linked, facts, fixedView(given));
      expect(explanation.decision).toEqual(resolve(linked, facts, fixedView(given)));
      const winner = explanation.considered.findIndex(({ failing }) => !failing);
      expect(explanation.considered.length).toBe(winner === -1 ? program.routes.length : winner + 1);
    }));

  it("decides the same from a Program that went through JSON", () =>
    holds((program, facts, given) => {
      const again = JSON.parse(JSON.stringify(program)) as Program;
      const before = resolve(link(program, builtInCatalog), facts, fixedView(given));
      expect(resolve(link(again, builtInCatalog), facts, fixedView(given))).toEqual(before);
    }));

  it("names every target of the chain once, as planned or as skipped", () =>
    holds((program, facts, given) => {
      const { decision, candidates } = resolution(link(program, builtInCatalog), facts, fixedView(given));
      const planned = decision.kind === "route" ? decision.plan : [];
      const named = [...planned, ...decision.skipped].map(({ target }) => target);
      expect(new Set(named).size).toBe(named.length);
      if (decision.kind === "route") {
        expect([...named].sort()).toEqual(candidates.map(({ target }) => target).sort());
      }
    }));

  it("never plans what an open breaker, a hold or a full hard ceiling stands against", () =>
    holds((program, facts, given) => {
      const decision = resolve(link(program, builtInCatalog), facts, fixedView(given));
      if (decision.kind === "deny") return;
      for (const { target, worstCost } of decision.plan) {
        expect(given.breakers?.[target]).not.toBe("open");
        expect(given.holds ?? {}).not.toHaveProperty([target]);
        for (const { name, remaining } of decision.ceilings) {
          const spec = program.ceilings.find((ceiling) => ceiling.name === name);
          const counts = spec?.exceeded.kind !== "warn" && (spec?.targets?.includes("*") ?? true);
          if (counts) expect(worstCost).toBeLessThanOrEqual(Math.max(remaining, 0));
        }
      }
    }));

  it("plans no more when a limit is lowered", () =>
    holds((program, facts, given) => {
      const lowered = {
        ...program,
        ceilings: program.ceilings.map((ceiling) => ({ ...ceiling, limit: Math.floor(ceiling.limit / 2) })),
      };
      const before = resolve(link(program, builtInCatalog), facts, fixedView(given));
      const after = resolve(link(lowered, builtInCatalog), facts, fixedView(given));
      const targets = (decision: typeof before) => (decision.kind === "route" ? decision.plan : []);
      const open = targets(before).map(({ target }) => target);
      for (const { target } of targets(after)) expect(open).toContain(target);
    }));
});
