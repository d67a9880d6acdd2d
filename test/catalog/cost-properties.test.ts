import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actualCost, worstCost } from "../../src/catalog/cost.ts";
import { dearerPrice, dearerRate, rateAt } from "../../src/catalog/dearer.ts";
import { exactSum, nanoSum, quickSum } from "../../src/catalog/nano-sum.ts";
import type { Price, Rate } from "../../src/terms/price.ts";
import type { Usage } from "../../src/terms/usage.ts";

const picoRate = fc.integer({ min: 0, max: 200_000_000 });
const tokens = fc.integer({ min: 0, max: 2_000_000 });
const fee = fc.integer({ min: 0, max: 1_000_000 });

const anyRate: fc.Arbitrary<Rate> = fc
  .record({
    base: picoRate,
    tiers: fc.uniqueArray(fc.record({ above: tokens, rate: picoRate }), {
      maxLength: 3,
      selector: (tier) => tier.above,
    }),
  })
  .map(({ base, tiers }) =>
    tiers.length === 0 ? { base } : { base, tiers: tiers.sort((a, b) => a.above - b.above) },
  );

/** Larger inputs never get cheaper by the token, as in every entry of the price book. */
const risingRate: fc.Arbitrary<Rate> = anyRate.map((rate) => {
  let most = rate.base;
  const tiers = (rate.tiers ?? []).map((tier) => {
    most = Math.max(most, tier.rate);
    return { above: tier.above, rate: most };
  });
  return tiers.length === 0 ? { base: rate.base } : { base: rate.base, tiers };
});

function priceOf(rate: fc.Arbitrary<Rate>): fc.Arbitrary<Price> {
  return fc.record(
    {
      input: rate,
      output: rate,
      cacheRead: rate,
      cacheWrite: rate,
      cacheWrite1h: rate,
      inputAudio: rate,
      outputAudio: rate,
      perRequest: fc.integer({ min: 0, max: 1_000_000_000 }),
      source: fc.constant("test"),
    },
    { requiredKeys: ["input", "output", "source"] },
  );
}

const usageCounts = {
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
  cacheWrite1hTokens: tokens,
  reasoningTokens: tokens,
  inputAudioTokens: tokens,
  outputAudioTokens: tokens,
  raw: fc.constant({}),
};
const anyUsage: fc.Arbitrary<Usage> = fc.record(usageCounts, {
  requiredKeys: ["inputTokens", "outputTokens", "raw"],
});

/** The largest counts that a usage names, whatever it calls them. */
function wholes(usage: Usage): { readonly input: number; readonly output: number } {
  const written = Math.max(usage.cacheWriteTokens ?? 0, usage.cacheWrite1hTokens ?? 0);
  const cached = (usage.cacheReadTokens ?? 0) + written;
  return {
    input: Math.max(usage.inputTokens, cached, usage.inputAudioTokens ?? 0),
    output: Math.max(usage.outputTokens, usage.reasoningTokens ?? 0, usage.outputAudioTokens ?? 0),
  };
}

describe("costs", () => {
  it("an actual cost is never above the worst one while the usage is within the bounds", () => {
    fc.assert(
      fc.property(
        priceOf(anyRate),
        anyUsage,
        fee,
        tokens,
        fc.integer({ min: 1, max: 8 }),
        (price, usage, feePpm, slack, answers) => {
          const { input, output } = wholes(usage);
          const bounds = {
            inputTokensAtMost: input + slack,
            outputTokensAtMost: Math.ceil(output / answers),
            answers,
          };
          const worst = worstCost(price, bounds, feePpm);
          const actual = actualCost(price, usage, feePpm);
          expect(actual).toBeDefined();
          expect(worst).toBeDefined();
          expect(actual ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(worst ?? -1);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe("costs that grow", () => {
  it("more tokens never cost less", () => {
    fc.assert(
      fc.property(
        priceOf(risingRate),
        anyUsage,
        fee,
        tokens,
        tokens,
        (price, usage, feePpm, moreInput, moreOutput) => {
          const larger = {
            ...usage,
            inputTokens: usage.inputTokens + moreInput,
            outputTokens: usage.outputTokens + moreOutput,
          };
          const before = actualCost(price, usage, feePpm) ?? -1;
          expect(actualCost(price, larger, feePpm) ?? -1).toBeGreaterThanOrEqual(before);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("wider bounds are never cheaper at worst", () => {
    const bounds = fc.record({
      inputTokensAtMost: tokens,
      outputTokensAtMost: tokens,
      answers: fc.constant(1),
    });
    fc.assert(
      fc.property(
        priceOf(anyRate),
        bounds,
        fee,
        tokens,
        tokens,
        (price, narrow, feePpm, input, output) => {
          const wide = {
            inputTokensAtMost: narrow.inputTokensAtMost + input,
            outputTokensAtMost: narrow.outputTokensAtMost + output,
            answers: 2,
          };
          const before = worstCost(price, narrow, feePpm) ?? -1;
          expect(worstCost(price, wide, feePpm) ?? -1).toBeGreaterThanOrEqual(before);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a bill", () => {
  it("is never below what the parts cost that a provider names", () => {
    fc.assert(
      fc.property(priceOf(anyRate), anyUsage, (price, usage) => {
        const { input } = wholes(usage);
        const cached = usage.cacheReadTokens ?? 0;
        const atLeast = (cached * rateAt(price.cacheRead ?? price.input, input)) / 1_000;
        const cheapest = Math.min(
          ...[
            price.cacheRead,
            price.cacheWrite,
            price.cacheWrite1h,
            price.inputAudio,
            price.input,
          ].flatMap((rate) => (rate ? [rateAt(rate, input)] : [])),
        );
        const bill = actualCost(price, usage, 0) ?? -1;
        expect(bill).toBeGreaterThanOrEqual(Math.floor((input * cheapest) / 1_000));
        if (usage.inputAudioTokens === undefined)
          expect(bill).toBeGreaterThanOrEqual(Math.floor(atLeast));
      }),
      { numRuns: 500 },
    );
  });
});

describe("sums", () => {
  const wild = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const line = fc.tuple(fc.oneof(tokens, wild), fc.oneof(picoRate, wild));
  const lines = fc.array(line, { maxLength: 5 });

  it("in plain numbers and in big integers are the same wherever the first are exact", () => {
    fc.assert(
      fc.property(
        lines,
        fc.oneof(fc.integer({ min: 0, max: 1e9 }), wild),
        fee,
        (some, fixed, feePpm) => {
          const quick = quickSum(some, fixed, feePpm);
          const exact = exactSum(some, fixed, feePpm);
          if (quick !== undefined) expect(quick).toBe(exact);
          expect(nanoSum(some, fixed, feePpm)).toBe(exact);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("take the quick way for ordinary amounts", () => {
    fc.assert(
      fc.property(tokens, picoRate, (count, rate) => {
        expect(quickSum([[count, rate]], 0, 55_000)).toBeDefined();
      }),
    );
  });
});

describe("the dearer of two", () => {
  const size = fc.integer({ min: 0, max: 3_000_000 });

  it("rates is never below either, and is one of them, at any size", () => {
    fc.assert(
      fc.property(anyRate, anyRate, size, (one, other, input) => {
        const rates = [rateAt(one, input), rateAt(other, input)];
        expect(rateAt(dearerRate(one, other), input)).toBe(Math.max(...rates));
      }),
      { numRuns: 1_000 },
    );
  });

  it("prices bills at least what either bills", () => {
    fc.assert(
      fc.property(priceOf(anyRate), priceOf(anyRate), anyUsage, (one, other, usage) => {
        const both = actualCost(dearerPrice(one, other), usage, 0) ?? -1;
        expect(both).toBeGreaterThanOrEqual(actualCost(one, usage, 0) ?? -1);
        expect(both).toBeGreaterThanOrEqual(actualCost(other, usage, 0) ?? -1);
      }),
      { numRuns: 1_000 },
    );
  });
});
