import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { compile } from "../../src/compile/compile.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";

const day = { name: "day", limit: "$5", per: "day" };

/** The compiler's findings, each with the text it points at. */
function found(policy: object): readonly string[] {
  const text = JSON.stringify(
    { version: 1, routes: [{ name: "all", use: "main" }], ...policy },
    null,
    1,
  );
  const { policy: loaded, diagnostics } = loadPolicy(text, {
    file: "p",
    env: {},
    kinds: builtInCatalog.kinds,
  });
  if (!loaded) throw new TypeError(diagnostics.map(({ message }) => message).join("\n"));
  return compile(loaded, builtInCatalog).diagnostics.map(
    ({ code, span }) => `${code} ${text.slice(span.start, span.end)}`,
  );
}

const box = { box: { kind: "sandbox" } };
const priced = { "box:*": { price: { input: "$1", output: "$1" } } };
const bounded = { maxOutputTokens: 100 };

describe("compile's findings", () => {
  it.for<{ name: string; policy: object; is: readonly string[] }>([
    {
      name: "an unknown price under a hard ceiling",
      policy: { providers: box, chains: { main: ["box:a"] }, ceilings: [day], defaults: bounded },
      is: ['SB501 "box:a"'],
    },
    {
      name: "an unknown price in a group, at the member",
      policy: {
        providers: box,
        chains: { main: [{ pick: "cheapest", from: ["box:a", { target: "box:b" }] }] },
        models: { "box:a": { price: { input: "$0", output: "$0" } } },
        ceilings: [day],
        defaults: bounded,
      },
      is: ['SB501 "box:b"'],
    },
    {
      name: "nothing, under a soft ceiling",
      policy: {
        providers: box,
        chains: { main: ["box:a"] },
        ceilings: [{ ...day, exceeded: "warn" }],
        defaults: bounded,
      },
      is: [],
    },
    {
      name: "nothing, under a ceiling on other targets",
      policy: {
        providers: { ...box, ollama: { kind: "ollama" } },
        chains: { main: ["box:a", "ollama:b"] },
        ceilings: [{ ...day, target: "ollama:*" }],
        defaults: bounded,
      },
      is: [],
    },
    {
      name: "an output that nothing bounds, at the chain",
      policy: { providers: box, models: priced, chains: { main: ["box:a"] }, ceilings: [day] },
      is: ['SB502 "main"'],
    },
    {
      name: "no unbounded output where it costs nothing",
      policy: {
        providers: { ollama: { kind: "ollama" } },
        chains: { main: ["ollama:a"] },
        ceilings: [day],
      },
      is: [],
    },
    {
      name: "the price of another model",
      policy: {
        providers: { anthropic: { kind: "anthropic" } },
        chains: { main: ["anthropic:claude-sonnet-5-5"] },
      },
      is: ['SB503 "anthropic:claude-sonnet-5-5"'],
    },
    {
      name: "a route of a format that no target speaks",
      policy: {
        providers: { ollama: { kind: "ollama" } },
        routes: [{ name: "all", match: { api: "messages" }, use: "main" }],
        chains: { main: ["ollama:a", { requested: ["ollama:*"] }] },
      },
      is: ['SB601 "main"'],
    },
    {
      name: "a model whose name is nearly a known one",
      policy: {
        providers: { openai: { kind: "openai" } },
        chains: { main: ["openai:gpt-4o-minni"] },
      },
      is: ['SB508 "openai:gpt-4o-minni"'],
    },
    {
      name: "nothing in a version that is not known yet",
      policy: { providers: { openai: { kind: "openai" } }, chains: { main: ["openai:gpt-9"] } },
      is: [],
    },
    {
      name: "an entry of `models` that meets no target",
      policy: {
        providers: { ollama: { kind: "ollama" } },
        models: {
          "ollama:lama3": { window: 8000 },
          "ollama:q*5": { window: 1 },
          "ollama:*7b": { window: 2 },
        },
        chains: { main: ["ollama:llama3", { requested: ["ollama:qwen*"] }] },
      },
      is: ['SB801 "ollama:lama3"'],
    },
    {
      name: "no such route where one target speaks it",
      policy: {
        providers: { ollama: { kind: "ollama" }, anthropic: { kind: "anthropic" } },
        routes: [{ name: "all", match: { api: "messages" }, use: "main" }],
        chains: { main: ["ollama:a", { requested: ["anthropic:*"] }] },
      },
      is: [],
    },
  ])("finds $name", ({ policy, is }) => {
    expect(found(policy)).toEqual(is);
  });
});
