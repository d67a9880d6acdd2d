import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { explain } from "../../src/resolve/explain.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import { fixedView, type Given } from "../../src/resolve/fixed-view.ts";
import { link } from "../../src/resolve/link.ts";
import { resolution, resolve } from "../../src/resolve/resolve.ts";
import type { Decision, PlanEntry } from "../../src/terms/decision.ts";
import type { Facts, ResolveRequest } from "../../src/terms/facts.ts";
import type { Program } from "../../src/terms/program.ts";
import { anyGiven, anyProgram, anyRequest } from "../support/random-program.ts";

const runs = { numRuns: 80 };

function factsOf(program: Program, request: ResolveRequest): Facts {
  const outcome = readFacts(program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  return outcome.facts;
}

function planOf(decision: Decision): readonly PlanEntry[] {
  return decision.kind === "route" ? decision.plan : [];
}

/** Checks one claim on random programs, requests and states. */
function holds(claim: (program: Program, facts: Facts, given: Given) => void): void {
  const property = fc.property(
    anyProgram,
    fc.array(anyRequest, { minLength: 1, maxLength: 24 }),
    anyGiven,
    (program, requests, given) => {
      for (const request of requests) claim(program, factsOf(program, request), given);
    },
  );
  fc.assert(property, runs);
}

describe("resolve", () => {
  it("decides as explain does, which walks the routes by itself", () =>
    holds((program, facts, given) => {
      const linked = link(program, builtInCatalog);
      const explanation = explain(linked, facts, fixedView(given));
      expect(explanation.decision).toEqual(resolve(linked, facts, fixedView(given)));
      const winner = explanation.considered.findIndex(({ failing }) => !failing);
      expect(explanation.considered.length).toBe(
        winner === -1 ? program.routes.length : winner + 1,
      );
    }));

  it("decides the same from a Program that went through JSON", () =>
    holds((program, facts, given) => {
      const again = JSON.parse(JSON.stringify(program)) as Program;
      const before = resolve(link(program, builtInCatalog), facts, fixedView(given));
      expect(resolve(link(again, builtInCatalog), facts, fixedView(given))).toEqual(before);
    }));

  it("names every target of the chain once, as planned or as skipped", () =>
    holds((program, facts, given) => {
      const { decision, candidates } = resolution(
        link(program, builtInCatalog),
        facts,
        fixedView(given),
      );
      const planned = decision.kind === "route" ? decision.plan : [];
      const named = [...planned, ...decision.skipped].map(({ target }) => target);
      expect(new Set(named).size).toBe(named.length);
      if (decision.kind === "route") {
        expect([...named].sort()).toEqual(candidates.map(({ target }) => target).sort());
      }
    }));

  it("never plans what an open breaker or a hold stands against", () =>
    holds((program, facts, given) => {
      for (const { target } of planOf(
        resolve(link(program, builtInCatalog), facts, fixedView(given)),
      )) {
        expect(given.breakers?.[target]).not.toBe("open");
        expect(given.holds ?? {}).not.toHaveProperty([target]);
      }
    }));

  it("never plans what a hard ceiling over all targets has no room for", () =>
    holds((program, facts, given) => {
      const decision = resolve(link(program, builtInCatalog), facts, fixedView(given));
      const hard = program.ceilings.filter(
        ({ exceeded, targets }) => exceeded.kind !== "warn" && (targets?.includes("*") ?? true),
      );
      const met = decision.kind === "route" ? decision.ceilings : [];
      const room = met.filter(({ name }) => hard.some((ceiling) => ceiling.name === name));
      const least = Math.min(...room.map(({ remaining }) => remaining));
      for (const { worstCost } of room.length > 0 ? planOf(decision) : []) {
        expect(worstCost).toBeLessThanOrEqual(least);
      }
    }));

  it("plans no more when a limit is lowered", () =>
    holds((program, facts, given) => {
      const lowered = {
        ...program,
        ceilings: program.ceilings.map((ceiling) => ({
          ...ceiling,
          limit: Math.floor(ceiling.limit / 2),
        })),
      };
      const before = resolve(link(program, builtInCatalog), facts, fixedView(given));
      const after = resolve(link(lowered, builtInCatalog), facts, fixedView(given));
      const open = planOf(before).map(({ target }) => target);
      for (const { target } of planOf(after)) expect(open).toContain(target);
    }));
});
