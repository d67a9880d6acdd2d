import { readFileSync } from "node:fs";
import { findProvider } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import { findInBook } from "../../src/catalog/book-match.ts";
import { bookPrice } from "../../src/catalog/book-price.ts";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { lookUpPrice, priceBookVersion, pricedModels } from "../../src/catalog/price-book.ts";

const source = `@pydantic/genai-prices ${priceBookVersion}`;

describe("the price book", () => {
  it("says the version of the package that is installed", () => {
    const file = new URL("../../node_modules/@pydantic/genai-prices/package.json", import.meta.url);
    expect(JSON.parse(readFileSync(file, "utf8")).version).toBe(priceBookVersion);
  });

  it("keeps tiers, and rates in whole pico-dollars", () => {
    expect(lookUpPrice("openai", "gpt-5.4")).toEqual({
      input: { base: 2_500_000, tiers: [{ above: 271_999, rate: 5_000_000 }] },
      output: { base: 15_000_000, tiers: [{ above: 271_999, rate: 22_500_000 }] },
      cacheRead: { base: 250_000, tiers: [{ above: 271_999, rate: 500_000 }] },
      source,
    });
  });

  it("knows Anthropic's two rates for writing to the cache", () => {
    expect(lookUpPrice("anthropic", "claude-sonnet-5")).toEqual({
      input: { base: 2_000_000 },
      output: { base: 10_000_000 },
      cacheRead: { base: 200_000 },
      cacheWrite: { base: 2_500_000 },
      cacheWrite1h: { base: 4_000_000 },
      source,
    });
  });

  it("rounds a rate that is no whole number of pico-dollars up", () => {
    const price = lookUpPrice("openrouter", "google/gemini-3-flash-preview");
    expect(price?.cacheWrite).toEqual({ base: 83_334 });
  });

  it("prices embeddings without output, and free variants at 0", () => {
    expect(lookUpPrice("openai", "text-embedding-3-small")).toEqual({
      input: { base: 20_000 },
      output: { base: 0 },
      source,
    });
    expect(lookUpPrice("openrouter", "openai/gpt-oss-20b:free")).toEqual({
      input: { base: 0 },
      output: { base: 0 },
      source,
    });
  });

  it("answers the same object again", () => {
    expect(lookUpPrice("openai", "gpt-4o")).toBe(lookUpPrice("openai", "gpt-4o"));
  });
});

describe("whose price it is", () => {
  it.for([
    ["openai", "gpt-4o", undefined],
    ["openai", "gpt-4o-2024-08-06", undefined],
    ["openai", "gpt-4o-2031-01-01", undefined],
    ["openai", "GPT-4o", undefined],
    ["anthropic", "claude-sonnet-4-5-20250929", undefined],
    ["anthropic", "claude-3-5-haiku-20241022", undefined],
    ["anthropic", "claude-sonnet-4-20250514", undefined],
    ["anthropic", "claude-opus-5-5", undefined],
    ["anthropic", "claude-sonnet-5-5", "claude-sonnet-5"],
    ["openai", "gpt-5-nano-hack", "gpt-5-nano"],
    ["openai", "ft:gpt-4o-2024-08-06:org::id", "ft:gpt-4o"],
  ] as const)("at %s, %s is priced as %s", ([kind, model, matched]) => {
    const price = lookUpPrice(kind, model);
    expect(price).toBeDefined();
    expect(price?.matched).toBe(matched);
  });
});

describe("what has no price", () => {
  it.for([
    ["openai", "gpt-6.1-sol", "is not in the book"],
    ["openai", "gpt-4o-mini-super", "only begins like a model"],
    ["openai", "whisper-1", "is billed by the hour"],
    ["openai", "gpt-4o-search-preview", "bills searches that the book leaves out"],
    ["openai", "gpt-4o-audio-preview", "bills audio that the book leaves out"],
    ["openrouter", "perplexity/sonar", "bills searches that the book leaves out"],
    ["openrouter", "openrouter/auto", "picks its model itself"],
    ["openrouter", "openai/gpt-4o:online", "adds searches"],
    ["openrouter", "openai/gpt-4o:nitro", "may pick a dearer provider"],
    ["openrouter", "google/lyria-3-pro-preview", "has an empty entry"],
    ["litellm", "gpt-4o", "is priced by the proxy's operator"],
    ["deepinfra", "meta-llama/Llama-3.3-70B-Instruct", "is not in the book"],
    ["openai-compatible", "gpt-4o", "is somebody else's"],
    ["sandbox", "gpt-4o", "costs what the policy says"],
    ["no-such-kind", "gpt-4o", "has no kind"],
    ["constructor", "gpt-4o", "has no kind"],
  ])("at %s, %s has no price: it %s", ([kind, model]) => {
    expect(builtInCatalog.price(kind ?? "", model ?? "")).toBeUndefined();
  });

  it.for(["ollama", "lmstudio"])("everything at %s costs nothing", (kind) => {
    const price = builtInCatalog.price(kind, "llama3.1:8b");
    expect(price).toEqual({ input: { base: 0 }, output: { base: 0 }, source: "kind" });
  });
});

describe("a price with conditions", () => {
  const day = "2026-09-23";
  const cheap = { input_mtok: 1, output_mtok: 2 };
  const dear = { input_mtok: 3, output_mtok: 1 };
  const entry = (prices: Parameters<typeof bookPrice>[0]["prices"]) =>
    bookPrice({ id: "m", match: { equals: "m" }, prices }, day, "book");

  it("that started before the book's day replaces the earlier ones", () => {
    const constraint = { type: "start_date", start_date: "2026-01-01" } as const;
    const price = entry([{ prices: dear }, { constraint, prices: cheap }]);
    expect(price).toEqual({
      input: { base: 1_000_000 },
      output: { base: 2_000_000 },
      source: "book",
    });
  });

  it("that starts later may apply: the dearest of each rate is taken", () => {
    const constraint = { type: "start_date", start_date: "2026-12-01" } as const;
    const price = entry([{ prices: dear }, { constraint, prices: cheap }]);
    expect(price).toEqual({
      input: { base: 3_000_000 },
      output: { base: 2_000_000 },
      source: "book",
    });
  });

  it("for some hours of the day may apply: the dearest of each rate is taken", () => {
    const constraint = {
      type: "time_of_date",
      start_time: "16:30:00Z",
      end_time: "00:30:00Z",
    } as const;
    const price = entry([{ prices: cheap }, { constraint, prices: dear }]);
    expect(price).toEqual({
      input: { base: 3_000_000 },
      output: { base: 2_000_000 },
      source: "book",
    });
  });

  it("takes the dearer of a cached rate and a plain one that stands for it", () => {
    const constraint = { type: "start_date", start_date: "2027-01-01" } as const;
    const cached = { ...cheap, cache_read_mtok: 0.5 };
    expect(entry([{ prices: cached }, { constraint, prices: dear }])?.cacheRead).toEqual({
      base: 3_000_000,
    });
  });

  it("is unknown where one that may apply has no rate for tokens", () => {
    const constraint = { type: "start_date", start_date: "2027-01-01" } as const;
    expect(
      entry([{ prices: cheap }, { constraint, prices: { input_audio_hours: 1 } }]),
    ).toBeUndefined();
  });

  it("turns a fee for a thousand requests into one for each", () => {
    expect(entry({ ...cheap, requests_kcount: 5 })?.perRequest).toBe(5_000_000);
  });
});

describe("the models that the book prices", () => {
  it.for(["openai", "anthropic", "groq", "together", "openrouter"])(
    "at %s are each found as themselves",
    (kind) => {
      const entries = findProvider({ providerId: kind })?.models ?? [];
      for (const id of pricedModels(kind)) {
        expect(findInBook(entries, id)).toMatchObject({ entry: { id }, same: true });
        expect(lookUpPrice(kind, id)?.matched).toBeUndefined();
      }
    },
  );

  it("are listed without labels that no request uses", () => {
    expect(pricedModels("openai")).not.toContain("ft:gpt-3.5-turbo-");
    expect(pricedModels("openai")).not.toContain("ft:gpt-4o");
    expect(pricedModels("openrouter").every((id) => id.includes("/"))).toBe(true);
  });
});
