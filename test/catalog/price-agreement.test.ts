import { calcPrice, findProvider } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actualCost } from "../../src/catalog/cost.ts";
import { lookUpPrice, priceBookDate, pricedModels } from "../../src/catalog/price-book.ts";
import type { Price } from "../../src/terms/price.ts";
import type { Usage } from "../../src/terms/usage.ts";

/**
 * Our bill and the price book's own, on the same usage. The book adds in binary fractions of a dollar, we in whole
 * pico-dollars: one nano-dollar for each kind of tokens is allowed for that.
 */

const kinds = ["openai", "anthropic", "groq", "together", "openrouter"] as const;

/** Where we bill more on purpose. */
const dearerOnPurpose = {
  "rates that are no whole number of pico-dollars are rounded up": [
    "openrouter:google/gemini-2.5-flash-lite",
    "openrouter:google/gemini-3-flash-preview",
    "openrouter:google/gemini-3.1-flash-lite",
    "openrouter:google/gemini-3.5-flash",
    "openrouter:google/gemini-2.5-flash-image",
    "openrouter:~google/gemini-flash-latest",
  ],
  "images are billed at their own rate, which usage does not tell apart": [
    "openai:gpt-image-1",
    "openai:gpt-image-1-mini",
    "openai:gpt-image-1.5",
    "openai:gpt-image-2",
    "openai:gpt-realtime",
    "openai:gpt-realtime-2",
    "openai:gpt-realtime-mini",
  ],
} as const;

/** Labels of the book, models with a fee that it does not list, and models billed by no token. */
const leftOut = [
  "openai:ft:gpt-3.5-turbo-",
  "openai:ft:gpt-4o",
  "openai:ft:gpt-4o-mini",
  "openai:gpt-4o-audio-preview",
  "openai:gpt-4o-mini-2024-07-18.ft-",
  "openai:gpt-4o-mini-audio-preview",
  "openai:gpt-4o-search-preview",
  "openai:gpt-transcribe",
  "openai:moderation",
  "openai:o3-deep-research",
  "openai:o4-mini-deep-research",
  "openai:whisper-1",
  "groq:whisper-large-v3",
  "groq:whisper-large-v3-turbo",
  "openrouter:google/gemini-flash-1.5-8b-exp",
  "openrouter:google/lyria-3-clip-preview",
  "openrouter:google/lyria-3-pro-preview",
  "openrouter:openai/gpt-4o-mini-search-preview",
  "openrouter:openai/gpt-4o-search-preview",
  "openrouter:openai/o3-deep-research",
  "openrouter:openai/o4-mini-deep-research",
  "openrouter:perplexity/llama-3.1-sonar-large-128k-online",
  "openrouter:perplexity/llama-3.1-sonar-small-128k-online",
  "openrouter:perplexity/sonar",
  "openrouter:perplexity/sonar-deep-research",
  "openrouter:perplexity/sonar-pro",
  "openrouter:perplexity/sonar-reasoning",
  "openrouter:perplexity/sonar-reasoning-pro",
];

const exceptions = new Set<string>(Object.values(dearerOnPurpose).flat());

const share = fc.integer({ min: 0, max: 1_000 });
const counts = fc.record({
  input: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 1_000_000 })),
  output: fc.integer({ min: 0, max: 100_000 }),
  read: share,
  write: share,
  hour: share,
  audio: share,
});

interface Split {
  readonly usage: Usage;
  readonly terms: number;
}

/** Splits the input so that its parts add up, naming only the kinds of tokens that the price has a rate for. */
function split(
  price: Price,
  drawn: typeof counts extends fc.Arbitrary<infer T> ? T : never,
): Split {
  const audio = price.inputAudio ? Math.floor((drawn.input * drawn.audio) / 4_000) : undefined;
  const read = price.cacheRead ? Math.floor((drawn.input * drawn.read) / 4_000) : undefined;
  const write = price.cacheWrite ? Math.floor((drawn.input * drawn.write) / 4_000) : undefined;
  const hour = price.cacheWrite1h ? Math.floor(((write ?? 0) * drawn.hour) / 1_000) : undefined;
  const out = price.outputAudio ? Math.floor((drawn.output * drawn.audio) / 1_000) : undefined;
  const parts = {
    ...(audio !== undefined && { inputAudioTokens: audio }),
    ...(read !== undefined && { cacheReadTokens: read }),
    ...(write !== undefined && { cacheWriteTokens: write }),
    ...(hour !== undefined && { cacheWrite1hTokens: hour }),
    ...(out !== undefined && { outputAudioTokens: out }),
  };
  const usage = { inputTokens: drawn.input, outputTokens: drawn.output, raw: {}, ...parts };
  return { usage, terms: 2 + Object.keys(parts).length };
}

function booksBill(kind: string, model: string, usage: Usage): number | undefined {
  const options = { providerId: kind, timestamp: new Date(priceBookDate) };
  const result = calcPrice(
    {
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
      ...(usage.cacheReadTokens !== undefined && { cache_read_tokens: usage.cacheReadTokens }),
      ...(usage.cacheWriteTokens !== undefined && { cache_write_tokens: usage.cacheWriteTokens }),
      ...(usage.cacheWrite1hTokens !== undefined && {
        cache_write_1h_tokens: usage.cacheWrite1hTokens,
      }),
      ...(usage.inputAudioTokens !== undefined && {
        input_audio_tokens: usage.inputAudioTokens,
        cache_audio_read_tokens: 0,
      }),
      ...(usage.outputAudioTokens !== undefined && {
        output_audio_tokens: usage.outputAudioTokens,
      }),
    },
    model,
    options,
  );
  return result === null ? undefined : result.total_price * 1e9;
}

describe("our bill and the price book's", () => {
  it.for(kinds)("agree for every priced model of %s", (kind) => {
    const models = pricedModels(kind).filter((model) => !exceptions.has(`${kind}:${model}`));
    fc.assert(
      fc.property(fc.constantFrom(...models), counts, (model, drawn) => {
        const price = lookUpPrice(kind, model);
        if (price === undefined) throw new TypeError(`${model} has no price`);
        const { usage, terms } = split(price, drawn);
        const ours = actualCost(price, usage, 0) ?? Number.NaN;
        const theirs = booksBill(kind, model, usage) ?? Number.NaN;
        expect(Math.abs(ours - theirs), `${model}: ${ours} and ${theirs}`).toBeLessThanOrEqual(
          terms,
        );
      }),
      { numRuns: 400 },
    );
  });

  it.for([...exceptions])("ours is the higher one, never the lower, for %s", (target) => {
    const kind = target.slice(0, target.indexOf(":"));
    const model = target.slice(target.indexOf(":") + 1);
    const price = lookUpPrice(kind, model);
    if (price === undefined) throw new TypeError(`${target} has no price`);
    fc.assert(
      fc.property(counts, (drawn) => {
        const { usage, terms } = split(price, drawn);
        const ours = actualCost(price, usage, 0) ?? Number.NaN;
        expect(ours).toBeGreaterThanOrEqual((booksBill(kind, model, usage) ?? Number.NaN) - terms);
      }),
      { numRuns: 50 },
    );
    const large = { input: 1_000_000, output: 1_000, read: 0, write: 1_000, hour: 0, audio: 0 };
    const { usage, terms } = split(price, large);
    const theirs = booksBill(kind, model, usage) ?? Number.NaN;
    expect(actualCost(price, usage, 0)).toBeGreaterThan(theirs + terms);
  });

  it("are for the same models: ours leaves out labels, models with an unlisted fee, and those billed by no token", () => {
    const unlisted = kinds.flatMap((kind) => {
      const priced = new Set(pricedModels(kind));
      const entries = findProvider({ providerId: kind })?.models ?? [];
      const used = entries.filter((entry) => kind !== "openrouter" || entry.id.includes("/"));
      return used.filter(({ id }) => !priced.has(id)).map(({ id }) => `${kind}:${id}`);
    });
    expect(unlisted).toEqual(leftOut);
  });
});
