import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { plainModelName, sameModelNames } from "../../src/catalog/model-name.ts";
import { abilities } from "../../src/terms/api.ts";

const { model, models, kinds } = builtInCatalog;
const known = Object.keys(kinds).flatMap((kind) =>
  models(kind).map((name) => [kind, name] as const),
);

describe("names of the same model", () => {
  it.for([
    ["gpt-4o-2024-08-06", "gpt-4o"],
    ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
    ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
    ["claude-3-5-haiku-latest", "claude-3-5-haiku"],
    ["claude-opus-4-0", "claude-opus-4"],
    ["gpt-4o-mini", "gpt-4o-mini"],
    ["moonshotai/kimi-k2-0905", "moonshotai/kimi-k2-0905"],
    ["gpt-3.5-turbo-0125", "gpt-3.5-turbo-0125"],
    ["latest", "latest"],
  ])("%s is %s", ([asked, plain]) => {
    expect(plainModelName(asked ?? "")).toBe(plain);
  });

  it("go from the asked one to the plainest, without repeats", () => {
    expect(sameModelNames("x-latest-20250101")).toEqual(["x-latest-20250101", "x-latest", "x"]);
    expect(sameModelNames("gpt-4o")).toEqual(["gpt-4o"]);
  });
});

describe("facts about models", () => {
  it.for([
    ["openai", "gpt-4o", 128_000, 16_384],
    ["openai", "gpt-4o-2024-05-13", 128_000, 4_096],
    ["openai", "gpt-4o-mini-2024-07-18", 128_000, 16_384],
    ["openai", "gpt-3.5-turbo-0125", 16_385, 4_096],
    ["openai", "gpt-5", 400_000, 128_000],
    ["openai", "gpt-5.4", 1_050_000, 128_000],
    ["openai", "gpt-6-luna", 1_050_000, 128_000],
    ["openai", "o3-mini", 200_000, 100_000],
    ["openai", "text-embedding-3-small", 8_192, undefined],
    ["anthropic", "claude-3-haiku-20240307", 200_000, 4_096],
    ["anthropic", "claude-opus-4-20250514", 200_000, 32_000],
    ["anthropic", "claude-opus-4-0", 200_000, 32_000],
    ["anthropic", "claude-sonnet-4-5", 200_000, 64_000],
    ["anthropic", "claude-opus-5-5", 1_000_000, 128_000],
    ["groq", "llama-3.3-70b-versatile", 131_072, 32_768],
    ["together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", 131_072, undefined],
    ["openrouter", "openai/gpt-4o", 128_000, 16_384],
  ] as const)(
    "at %s, %s has a window of %s and at most %s out",
    ([kind, name, window, maxOutput]) => {
      expect(model(kind, name)).toMatchObject({
        window,
        ...(maxOutput !== undefined && { maxOutput }),
      });
      expect(model(kind, name)?.maxOutput).toBe(maxOutput);
    },
  );

  it.for([
    ["openai", "gpt-4o", { tools: true, vision: true, audio: false, json: true, reasoning: false }],
    [
      "openai",
      "gpt-4",
      { tools: true, vision: false, audio: false, files: false, reasoning: false },
    ],
    [
      "anthropic",
      "claude-sonnet-4-5",
      { tools: true, vision: true, audio: false, files: true, reasoning: true },
    ],
    ["ollama", "llama3.1:8b", { tools: true, vision: false, json: true }],
    ["ollama", "qwen2.5:72b", { tools: true, vision: false, json: true }],
    ["ollama", "gemma3:1b", { json: true }],
  ] as const)("at %s, %s can do %j, and the rest is unknown", ([kind, name, can]) => {
    expect(model(kind, name)?.can).toEqual(can);
  });
});

describe("a name that is only alike", () => {
  it.for([
    ["openai", "gpt-4o-mini-super"],
    ["openai", "gpt-4"],
    ["anthropic", "claude-sonnet-5-6"],
    ["ollama", "llama3.1-hacked:8b"],
    ["litellm", "gpt-4o"],
    ["constructor", "gpt-4o"],
    ["openai", "constructor"],
  ])("at %s, a name like %s is no other model's", ([kind, name]) => {
    const facts = model(kind ?? "", name ?? "");
    if (name === "gpt-4") expect(facts?.window).toBe(8_192);
    else expect(facts).toBeUndefined();
  });

  it("never claims a window for a local model", () => {
    for (const kind of ["ollama", "lmstudio"]) {
      for (const name of models(kind)) expect(model(kind, name)?.window).toBeUndefined();
    }
  });
});

describe("the model data", () => {
  it("stays small and in one shape", () => {
    const file = readFileSync(
      join(import.meta.dirname, "../../src/catalog/models.data.json"),
      "utf8",
    );
    expect(file.length).toBeLessThan(300_000);
    expect(`${JSON.stringify(JSON.parse(file), null, 2)}\n`).toBe(file);
  });

  const described = known.flatMap(([kind, name]) => model(kind, name) ?? []);

  it("has a dated source for every model", () => {
    expect(described.length).toBeGreaterThan(300);
    for (const facts of described) expect(facts.source).toMatch(/\b20\d{2}-\d{2}/);
  });

  it("has whole sizes, and no output larger than its window", () => {
    for (const { window = Number.MAX_SAFE_INTEGER, maxOutput = 1 } of described) {
      expect([window, maxOutput].every(Number.isSafeInteger)).toBe(true);
      expect(maxOutput).toBeGreaterThan(0);
      expect(maxOutput).toBeLessThanOrEqual(window);
    }
  });

  it("names no ability that the policy language does not know", () => {
    const named = described.flatMap((facts) => Object.keys(facts.can));
    expect(abilities).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  it.for(["openai", "anthropic", "groq", "together", "openrouter"])(
    "lists models of %s",
    (kind) => {
      expect(models(kind).length).toBeGreaterThan(10);
      expect([...new Set(models(kind))].sort()).toEqual(models(kind));
    },
  );

  it("lists no model that is neither described nor priced", () => {
    for (const [kind, name] of known) {
      expect(
        builtInCatalog.price(kind, name) ?? model(kind, name),
        `${kind}:${name}`,
      ).toBeDefined();
    }
  });

  it("says its versions, which become part of every program's revision", () => {
    expect(builtInCatalog.version).toMatch(
      /^@pydantic\/genai-prices \d+\.\d+\.\d+; models 20\d{2}-\d{2}-\d{2}$/,
    );
  });
});
