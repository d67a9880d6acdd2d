import { describe, expect, it } from "vitest";
import { explainPrice, inOrder, modelFacts, priceStanding } from "../../src/catalog/bind-target.ts";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import type { Price } from "../../src/terms/price.ts";
import type { ModelRule } from "../../src/terms/program.ts";

const price: Price = { input: { base: 1 }, output: { base: 2 }, source: "policy" };
const bind = (rules: readonly ModelRule[], name: string, kind: string, model: string) =>
  modelFacts(builtInCatalog, rules, { name, kind }, model);

describe("what is known of a target", () => {
  it("comes from the catalog where the policy says nothing", () => {
    expect(bind([], "mine", "openai", "gpt-4o-mini")).toEqual({
      id: "mine:gpt-4o-mini",
      provider: "mine",
      model: "gpt-4o-mini",
      window: 128_000,
      maxOutput: 16_384,
      can: { tools: true, vision: true, reasoning: false, json: true, audio: false },
      price: builtInCatalog.price("openai", "gpt-4o-mini"),
    });
  });

  it("is nothing but names where nobody knows anything, and names no property without a value", () => {
    const target = bind([], "gate", "litellm", "any");
    expect(target).toEqual({ id: "gate:any", provider: "gate", model: "any", can: {} });
    expect(Object.keys(target).sort()).toEqual(["can", "id", "model", "provider"]);
  });

  it("keeps colons and slashes of a model's name", () => {
    expect(bind([], "local", "ollama", "hf.co/a/b:q4").id).toBe("local:hf.co/a/b:q4");
  });

  it("costs $0 at a local kind, unless the policy says otherwise", () => {
    expect(bind([], "local", "ollama", "qwen3:8b").price).toEqual({
      input: { base: 0 },
      output: { base: 0 },
      source: "kind",
    });
    const rule = { pattern: "local:*", price };
    expect(bind([rule], "local", "ollama", "qwen3:8b").price).toBe(price);
  });
});

describe("a policy's price without a rate for cache writes", () => {
  const tiers = [{ above: 200_000, rate: 7 }];
  const tiered: Price = { ...price, input: { base: 3, tiers } };

  it("has Anthropic's, of plain input, at its own kind", () => {
    expect(bind([{ pattern: "*", price: tiered }], "p", "anthropic", "m").price).toEqual({
      ...tiered,
      cacheWrite: { base: 4, tiers: [{ above: 200_000, rate: 9 }] },
      cacheWrite1h: { base: 6, tiers: [{ above: 200_000, rate: 14 }] },
    });
  });

  it("is left alone where it says one, or at another kind", () => {
    const own: Price = { ...price, cacheWrite: { base: 1 } };
    expect(bind([{ pattern: "*", price: own }], "p", "anthropic", "m").price).toBe(own);
    expect(bind([{ pattern: "*", price: tiered }], "p", "openai", "m").price).toBe(tiered);
  });
});

describe("what the policy says of a target", () => {
  it("takes each property from the first rule that names it: the exact key, then the longest glob", () => {
    const rules: readonly ModelRule[] = [
      { pattern: "*", window: 1, maxOutput: 1, can: [], price },
      { pattern: "p:m*", window: 2, maxOutput: 2 },
      { pattern: "p:mod*", maxOutput: 3 },
      { pattern: "p:model", window: 4 },
      { pattern: "p:other", window: 5, can: ["json"] },
    ];
    expect(bind(rules, "p", "litellm", "model")).toMatchObject({ window: 4, maxOutput: 3, price });
    expect(bind(rules.toReversed(), "p", "litellm", "model")).toMatchObject({
      window: 4,
      maxOutput: 3,
      price,
    });
  });

  it("takes a declared list of abilities as complete", () => {
    const rule: ModelRule = { pattern: "p:gpt-4o", can: ["json", "files"] };
    expect(bind([rule], "p", "openai", "gpt-4o").can).toEqual({
      tools: false,
      vision: false,
      audio: false,
      files: true,
      json: true,
      reasoning: false,
    });
  });

  it("compares rules with the provider's name in the policy, not with its kind", () => {
    const rule: ModelRule = { pattern: "openai:gpt-4o", window: 7 };
    expect(bind([rule], "mine", "openai", "gpt-4o").window).toBe(128_000);
    expect(bind([rule], "openai", "openai", "gpt-4o").window).toBe(7);
  });

  it("keeps rules of one length in the order they were written", () => {
    const rules = ["p:a*", "p:*a", "p:ab", "p:bc", "*"].map((pattern) => ({ pattern }));
    expect(inOrder(rules).map((rule) => rule.pattern)).toEqual([
      "p:ab",
      "p:bc",
      "p:a*",
      "p:*a",
      "*",
    ]);
  });
});

describe("the standing of a price", () => {
  it.for([
    ["openai", "gpt-4o", { kind: "known" }, undefined],
    ["ollama", "llama3.1:8b", { kind: "known" }, undefined],
    ["litellm", "gpt-4o", { kind: "missing" }, "the price of `p:gpt-4o` is unknown"],
    [
      "anthropic",
      "claude-sonnet-5-5",
      { kind: "matched", matched: "claude-sonnet-5" },
      "`p:claude-sonnet-5-5` is priced as `claude-sonnet-5`, whose name is like it",
    ],
  ] as const)("of %s at %s is %j", ([kind, model, standing, text]) => {
    const target = bind([], "p", kind, model);
    expect(priceStanding(target)).toEqual(standing);
    expect(explainPrice(target)).toBe(text);
  });
});
