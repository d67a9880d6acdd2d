import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOpen } from "../../src/resolve/candidate.ts";
import { drawOf } from "../../src/resolve/fixed-view.ts";
import { failureClasses } from "../../src/terms/failure-class.ts";
import { type AttemptWord, defaultMomentMs } from "../../src/testing/policy-test.ts";
import { runTest } from "../../src/testing/run-test.ts";
import { ready, settled } from "./support.ts";

const targets = ["big:a", "big:b", "small:c", "desk:a"] as const;
const words: readonly AttemptWord[] = [
  "ok",
  ...failureClasses.filter((each) => each !== "cancelled"),
];

const world = fc.record({
  breakers: fc.dictionary(
    fc.constantFrom(...targets),
    fc.constantFrom("open", "half-open", "closed"),
  ),
  holds: fc.dictionary(fc.constantFrom(...targets), fc.constantFrom("rate_limit", "auth")),
  spend: fc.record({ day: fc.integer({ min: 0, max: 1_000_000_000 }) }),
  withoutCredential: fc.subarray(["big", "small"]),
  faults: fc
    .dictionary(fc.constantFrom(...targets), fc.array(fc.constantFrom(...words), { maxLength: 4 }))
    .map((faults) => new Map(Object.entries(faults))),
});

const request = fc.record(
  {
    model: fc.constantFrom("big:a", "big:x", "nobody", "other"),
    stream: fc.boolean(),
    inputTokens: fc.integer({ min: 0, max: 120_000 }),
    attributes: fc.record({ data: fc.constantFrom("public", "private") }),
  },
  { requiredKeys: [] },
);

describe("a run in any world", () => {
  const { linked } = ready();
  const tested = fc.record({ request, world });
  const go = ({
    request: asked,
    world: given,
  }: typeof tested extends fc.Arbitrary<infer T> ? T : never) =>
    runTest(
      linked,
      {
        name: "t",
        index: 0,
        request: asked,
        given: { ...given, nowMs: defaultMomentMs, draw: drawOf(0) },
        expect: {},
      },
      settled,
    );

  it("begins with the target that the decision puts first, and keeps to the plan and its bound", async () => {
    await fc.assert(
      fc.asyncProperty(tested, async (each) => {
        const { decision, attempts } = await go(each);
        if (decision.kind === "deny") {
          // One probe of an open breaker is all that is made where everything is skipped.
          expect(attempts.length).toBeLessThanOrEqual(1);
          return;
        }
        const refused = new Set(decision.skipped.flatMap(({ ceiling }) => ceiling ?? []));
        const first = decision.plan.find((entry) => isOpen(entry, refused));
        expect(attempts[0]?.target).toBe(first?.target);
        expect(attempts.length).toBeLessThanOrEqual(4);
        const planned = decision.plan.map(({ target }) => target);
        expect(attempts.filter(({ target }) => !planned.includes(target))).toEqual([]);
        expect(attempts.slice(0, -1).filter(({ outcome }) => outcome === "ok")).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("is the same each time", async () => {
    await fc.assert(
      fc.asyncProperty(tested, async (each) => {
        const [one, other] = [await go(each), await go(each)];
        expect(other.attempts).toEqual(one.attempts);
        expect(other.decision).toEqual(one.decision);
      }),
      { numRuns: 40 },
    );
  });

  it("plays each target's faults in their order", async () => {
    await fc.assert(
      fc.asyncProperty(tested, async (each) => {
        const { attempts } = await go(each);
        for (const target of targets) {
          const own = attempts.filter((attempt) => attempt.target === target);
          const faults = each.world.faults.get(target) ?? [];
          expect(own.map(({ outcome }) => outcome)).toEqual(own.map((_, at) => faults[at] ?? "ok"));
        }
      }),
      { numRuns: 100 },
    );
  });
});
