import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { actualCost, worstCost } from "../../src/catalog/cost.ts";
import { formatUsd, maxNanoUsd } from "../../src/terms/money.ts";
import type { Price } from "../../src/terms/price.ts";
import type { Usage } from "../../src/terms/usage.ts";

const dollars = (nano: number | undefined) => (nano === undefined ? undefined : formatUsd(nano));
const usage = (counts: Partial<Usage>): Usage => ({
  inputTokens: 0,
  outputTokens: 0,
  raw: {},
  ...counts,
});
const flat = (input: number, output: number): Price => ({
  input: { base: input },
  output: { base: output },
  source: "policy",
});

const cached = { inputTokens: 10_000, cacheReadTokens: 4_000, outputTokens: 1_000 };
const written = { inputTokens: 10_000, cacheWriteTokens: 4_000, outputTokens: 1_000 };

describe("what an attempt did cost", () => {
  it.for([
    ["openai", "gpt-4o", cached, "0.03"],
    ["openai", "gpt-5", cached, "0.018"],
    ["openai", "gpt-5.2", cached, "0.0252"],
    ["openai", "gpt-5.4", cached, "0.031"],
    ["openai", "gpt-5.5", cached, "0.062"],
    ["anthropic", "claude-3-5-sonnet-20241022", cached, "0.0342"],
    ["anthropic", "claude-opus-4-5", cached, "0.057"],
    ["anthropic", "claude-sonnet-5", cached, "0.0228"],
    ["anthropic", "claude-opus-5-5", cached, "0.0448"],
    ["groq", "llama-3.3-70b-versatile", cached, "0.00669"],
    ["groq", "moonshotai/kimi-k2-instruct-0905", cached, "0.011"],
    ["openrouter", "moonshotai/kimi-k2", cached, "0.008"],
    ["together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", cached, "0.00968"],
    ["ollama", "llama3.1:8b", cached, "0"],
    ["openai", "text-embedding-3-small", { inputTokens: 1_000_000 }, "0.02"],
    ["anthropic", "claude-sonnet-5", { ...written, cacheWrite1hTokens: 0 }, "0.032"],
    ["anthropic", "claude-sonnet-5", { ...written, cacheWrite1hTokens: 4_000 }, "0.038"],
    ["anthropic", "claude-sonnet-5", written, "0.038"],
    ["openai", "gpt-5.4", { inputTokens: 271_999, outputTokens: 1_000 }, "0.6949975"],
    ["openai", "gpt-5.4", { inputTokens: 272_000, outputTokens: 1_000 }, "1.3825"],
    [
      "openai",
      "gpt-audio",
      { inputTokens: 1_000, inputAudioTokens: 600, outputTokens: 500, outputAudioTokens: 400 },
      "0.0468",
    ],
  ] as const)("%s %s, %j: $%s", ([kind, model, counts, cost]) => {
    const price = builtInCatalog.price(kind, model);
    expect(dollars(actualCost(price, usage(counts), 0))).toBe(cost);
  });

  it.for([
    ["a fee is added to all of it", 55_000, usage({ inputTokens: 1_000_000 }), 1_055_000_000],
    ["it is rounded up to the nano-dollar", 0, usage({ inputTokens: 1 }), 1_000],
    ["a fee is rounded up once, not twice", 1, usage({ inputTokens: 1 }), 1_001],
  ] as const)("%s", ([, fee, used, cost]) => {
    expect(actualCost(flat(1_000_000, 0), used, fee)).toBe(cost);
  });

  it("a fraction of a nano-dollar counts as a whole one", () => {
    expect(actualCost(flat(1, 0), usage({ inputTokens: 1 }), 0)).toBe(1);
    expect(actualCost(flat(1, 0), usage({ inputTokens: 1_000 }), 0)).toBe(1);
    expect(actualCost(flat(1, 0), usage({ inputTokens: 1_001 }), 0)).toBe(2);
  });
});

describe("what else counts", () => {
  it("a fee for each request is part of it", () => {
    expect(actualCost({ ...flat(0, 0), perRequest: 5_000_000 }, usage({}), 100_000)).toBe(
      5_500_000,
    );
  });

  it.for([
    ["counts when it is above 0", flat(1_000_000, 0), 7, 7],
    ["of 0 does not count for a model that costs something", flat(1_000_000, 0), 0, 10_000],
    ["of 0 counts when the price is $0", flat(0, 0), 0, 0],
    ["above 0 counts when the price is $0", flat(0, 0), 7, 7],
    ["above 0 counts when the price is unknown", undefined, 7, 7],
    ["of 0 leaves an unknown price unknown", undefined, 0, undefined],
  ] as const)("a reported cost %s", ([, price, reportedCost, cost]) => {
    expect(actualCost(price, usage({ inputTokens: 10, reportedCost }), 0)).toBe(cost);
  });

  it("a reported cost gets the fee too", () => {
    expect(actualCost(flat(1, 1), usage({ reportedCost: 1_000_000 }), 55_000)).toBe(1_055_000);
  });
});

describe("parts of the usage", () => {
  const parts: Price = {
    ...flat(1_000, 2_000),
    cacheRead: { base: 100 },
    cacheWrite: { base: 1_250 },
    inputAudio: { base: 10_000 },
    outputAudio: { base: 20_000 },
  };

  it.for([
    ["cached tokens beyond the input are billed", { inputTokens: 10, cacheReadTokens: 30 }, 3],
    [
      "cached and written ones add up",
      { inputTokens: 10, cacheReadTokens: 20, cacheWriteTokens: 20 },
      27,
    ],
    [
      "audio that is also cached is billed as audio",
      { inputTokens: 10, inputAudioTokens: 10, cacheReadTokens: 10 },
      100,
    ],
    ["reasoning beyond the output is output", { outputTokens: 5, reasoningTokens: 9 }, 18],
    ["audio beyond the output is billed", { outputTokens: 5, outputAudioTokens: 9 }, 180],
    [
      "an hour's write without a rate is billed as a write",
      { inputTokens: 8, cacheWrite1hTokens: 8 },
      10,
    ],
  ] as const)("that exceed their whole: %s", ([, counts, cost]) => {
    expect(actualCost(parts, usage(counts), 0)).toBe(cost);
  });

  it.for([[Number.NaN], [-1], [1.5], [Number.POSITIVE_INFINITY]])(
    "a count of %s is no count, and the cost is unknown",
    ([inputTokens]) => {
      expect(actualCost(parts, usage({ inputTokens: inputTokens ?? 0 }), 0)).toBeUndefined();
    },
  );
});

describe("what an attempt can cost at worst", () => {
  const bounds = { inputTokensAtMost: 10_000, outputTokensAtMost: 1_000, answers: 1 };

  it.for([
    ["openai", "gpt-4o", bounds, 0, "0.035"],
    ["openai", "gpt-4o", { ...bounds, answers: 3 }, 0, "0.055"],
    ["openrouter", "moonshotai/kimi-k2", bounds, 55_000, "0.00844"],
    ["anthropic", "claude-sonnet-5", bounds, 0, "0.05"],
    ["openai", "gpt-5.4", { ...bounds, inputTokensAtMost: 271_999 }, 0, "0.6949975"],
    ["openai", "gpt-5.4", { ...bounds, inputTokensAtMost: 272_000 }, 0, "1.3825"],
    ["openai", "gpt-audio", bounds, 0, "0.384"],
    ["openai", "text-embedding-3-small", { ...bounds, outputTokensAtMost: undefined }, 0, "0.0002"],
    [
      "ollama",
      "any:thing",
      { ...bounds, inputTokensAtMost: undefined, outputTokensAtMost: undefined },
      0,
      "0",
    ],
    ["openai", "gpt-4o", { ...bounds, outputTokensAtMost: undefined }, 0, undefined],
    ["openai", "gpt-4o", { ...bounds, inputTokensAtMost: undefined }, 0, undefined],
    ["openai", "no-such-model", bounds, 0, undefined],
  ] as const)("%s %s, %j, fee %i ppm: $%s", ([kind, model, limits, fee, cost]) => {
    expect(dollars(worstCost(builtInCatalog.price(kind, model), limits, fee))).toBe(cost);
  });

  it("a tier that is cheaper does not hide the dearer base", () => {
    const price: Price = {
      ...flat(0, 0),
      input: { base: 5_000, tiers: [{ above: 100, rate: 1_000 }] },
    };
    expect(
      worstCost(price, { inputTokensAtMost: 1_000, outputTokensAtMost: 0, answers: 1 }, 0),
    ).toBe(5_000);
  });

  it("is exact above nine thousand dollars, and unknown where a number cannot hold it", () => {
    const price = flat(1_000_001, 0);
    const cost = (tokens: number, fee = 0) =>
      worstCost(price, { inputTokensAtMost: tokens, outputTokensAtMost: 0, answers: 1 }, fee);
    expect(cost(9_007_199_254)).toBe(9_007_208_261_200);
    expect(cost(9_007_199_254, 100_000)).toBe(9_907_929_087_320);
    expect(cost(Math.floor(maxNanoUsd / 1_000))).toBeUndefined();
    expect(cost(Number.POSITIVE_INFINITY)).toBeUndefined();
    expect(cost(Number.NaN)).toBeUndefined();
  });
});
