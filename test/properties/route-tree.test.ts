import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { programJson } from "../../src/compile/program-json.ts";
import { routeTree } from "../../src/faces/cli/route-tree.ts";
import { readProgramJson } from "../../src/index.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import { fixedView } from "../../src/resolve/fixed-view.ts";
import { link } from "../../src/resolve/link.ts";
import { resolution, resolve } from "../../src/resolve/resolve.ts";
import type { Facts, ResolveRequest } from "../../src/terms/facts.ts";
import type { Program } from "../../src/terms/program.ts";
import { anyGiven, anyProgram, anyRequest, programOf } from "../support/random-program.ts";

const someRequests = fc.array(anyRequest, { minLength: 1, maxLength: 24 });

function factsOf(program: Program, request: ResolveRequest): Facts {
  const outcome = readFacts(program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  return outcome.facts;
}

const match = fc.constantFrom(
  { stream: false },
  { team: "paid" },
  { model: ["a", "far:*"] },
  { model: { not: "a" } },
  { inputTokens: { gte: 4 } },
  { anyOf: [{ team: "free", model: "b" }, { inputTokens: { lt: 2 } }] },
);

const use = fc.constantFrom("near", "either", "asked").map((chain) => ({ use: chain }));

const ceiling = fc.record({
  limit: fc.constant("$5"),
  per: fc.constantFrom("request", "day"),
  match,
  target: fc.constantFrom("far:*", "near:*", "*"),
  exceeded: fc.oneof(use, fc.constantFrom("deny", "warn")),
});

/** Policies whose routes and ceilings take many of the requests below. */
const anyTree = fc
  .tuple(
    fc.array(fc.tuple(match, use), { minLength: 1, maxLength: 5 }),
    fc.array(ceiling, { maxLength: 3 }),
  )
  .map(([routes, ceilings]) =>
    programOf({
      version: 1,
      providers: { near: { kind: "sandbox" }, far: { kind: "sandbox" } },
      attributes: { team: { values: ["free", "paid"], default: "free" } },
      routes: routes.map(([each, action], index) => ({
        name: `r${index}`,
        match: each,
        ...action,
      })),
      chains: {
        near: ["near:x"],
        either: [{ pick: "cheapest", from: ["far:y", "near:x"] }, { chain: "near" }],
        asked: [{ requested: ["far:*", "near:b"] }],
      },
      ceilings: ceilings.map((each, index) => ({ name: `c${index}`, ...each })),
    }),
  );

const anyCall: fc.Arbitrary<ResolveRequest> = fc.record(
  {
    model: fc.constantFrom("a", "b", "far:z", "near:b", "near:x"),
    inputTokens: fc.nat(6),
    attributes: fc.constantFrom({ team: "free" }, { team: "paid" }),
  },
  { requiredKeys: [] },
);

describe("the tree of routes", () => {
  it("leaves out no target that a request can come to, and no route that one gets to", () => {
    let seen = 0;
    fc.assert(
      fc.property(anyTree, fc.array(anyCall, { minLength: 8 }), (program, requests) => {
        const linked = link(program, builtInCatalog);
        const reached = new Map(
          routeTree(linked, { file: "p" }).map(({ route, reached: is }) => [route.name, is]),
        );
        for (const request of requests) {
          const found = resolution(linked, factsOf(program, request), fixedView({}));
          const { route } = found.decision;
          if (route !== undefined) expect(reached.get(route)).not.toBe("no");
          for (const { target } of found.candidates) {
            seen += 1;
            const narrowed = routeTree(linked, { file: "p", target });
            expect(narrowed.map((node) => node.route.name)).toContain(route);
          }
        }
      }),
      { numRuns: 100 },
    );
    expect(seen).toBeGreaterThan(200);
  });
});

describe("a Program that was written and read", () => {
  it("decides the same, whether it was read the quick way or the slow one", () => {
    const nowhere = { providers: {}, routes: [], chains: {}, ceilings: [] };
    fc.assert(
      fc.property(anyProgram, someRequests, anyGiven, (program, requests, given) => {
        const text = programJson(program, nowhere, new Map());
        const quick = readProgramJson(text);
        const slow = readProgramJson(JSON.stringify(program));
        expect(readProgramJson(JSON.stringify(JSON.parse(text), null, 2))).toEqual(quick);
        expect(quick).toEqual(JSON.parse(JSON.stringify(program)));
        expect(slow).toEqual(quick);
        const linked = [program, quick].map((each) => link(each, builtInCatalog));
        for (const request of requests) {
          const facts = factsOf(program, request);
          const [before, after] = linked.map((each) => resolve(each, facts, fixedView(given)));
          expect(after).toEqual(before);
        }
      }),
      { numRuns: 60 },
    );
  });
});
