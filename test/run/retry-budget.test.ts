import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRetryBudget, type RetryBudget } from "../../src/run/retry-budget.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const target = "openai:gpt-5";

function takeAll(budget: RetryBudget): number {
  let taken = 0;
  while (taken < 10_000 && budget.take(target)) taken += 1;
  return taken;
}

describe("a retry budget", () => {
  it("has a floor of ten for a target that is new", () => {
    expect(takeAll(createRetryBudget(createFakeClock()))).toBe(10);
  });

  it("fills its floor by one a second, up to ten", async () => {
    const clock = createFakeClock();
    const budget = createRetryBudget(clock);
    takeAll(budget);
    await clock.advance(2_500);
    expect(takeAll(budget)).toBe(2);
    await clock.advance(500);
    expect(takeAll(budget)).toBe(1);
    await clock.advance(3_600_000);
    expect(takeAll(budget)).toBe(10);
  });

  it.for([
    { share: "10%", ppm: 100_000, requests: 200, earned: 20 },
    { share: "5.5%", ppm: 55_000, requests: 200, earned: 11 },
    { share: "100%", ppm: 1_000_000, requests: 7, earned: 7 },
    { share: "0%", ppm: 0, requests: 200, earned: 0 },
    { share: "10% of many, saved up to a hundred", ppm: 100_000, requests: 50_000, earned: 100 },
  ])("earns $share of $requests requests", ({ ppm, requests, earned }) => {
    const budget = createRetryBudget(createFakeClock());
    takeAll(budget);
    for (let request = 0; request < requests; request += 1) budget.requested(target, ppm);
    expect(takeAll(budget)).toBe(earned);
  });

  it("keeps targets apart", () => {
    const budget = createRetryBudget(createFakeClock());
    takeAll(budget);
    expect(budget.take("openai:gpt-5-mini")).toBe(true);
    expect(budget.take(target)).toBe(false);
  });

  it("never lets a target that always fails have more than its floor and its share", async () => {
    const turn = fc.record({ requests: fc.nat(60), tries: fc.nat(60), ms: fc.nat(2_000) });
    const run = fc.asyncProperty(fc.array(turn, { maxLength: 20 }), async (turns) => {
      const clock = createFakeClock();
      const budget = createRetryBudget(clock);
      let requests = 0;
      let retries = 0;
      for (const turn of turns) {
        retries += fail(budget, turn);
        requests += turn.requests;
        expect(retries).toBeLessThanOrEqual(10 + clock.monotonic() / 1_000 + requests * 0.1);
        await clock.advance(turn.ms);
      }
    });
    await fc.assert(run);
  });

  it("keeps the budget of a busy target where callers name ever new ones", () => {
    const budget = createRetryBudget(createFakeClock());
    takeAll(budget);
    for (let model = 0; model < 3_000; model += 1) {
      budget.requested(`openai:made-up-${model}`, 0);
      expect(budget.take(target)).toBe(false);
    }
  });
});

/** So many requests at 10 %, then so many tries to retry; answers how many were let. */
function fail(
  budget: RetryBudget,
  { requests, tries }: Readonly<Record<"requests" | "tries", number>>,
): number {
  for (let request = 0; request < requests; request += 1) budget.requested(target, 100_000);
  let retries = 0;
  for (let n = 0; n < tries; n += 1) retries += budget.take(target) ? 1 : 0;
  return retries;
}
