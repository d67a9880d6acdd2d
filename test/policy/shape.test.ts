import { describe, expect, it } from "vitest";
import { load, policyText } from "./support.ts";

interface Case {
  readonly name: string;
  readonly text: string;
  readonly found: readonly string[];
  readonly help?: string;
}

const cases: readonly Case[] = [
  {
    name: "a misspelt property that must be there is one finding",
    text: policyText({ providers: undefined }).replace(
      "version: 1\n",
      "version: 1\nprovidrs: {}\n",
    ),
    found: ["SB101 providrs"],
    help: "did you mean `providers`?",
  },
  {
    name: "an unknown property beside a missing one is one finding, near or not",
    text: policyText({ ceilings: "[{ name: c, limit: $1, often: day }]" }),
    found: ["SB101 often"],
    help: "did you mean `per`?",
  },
  {
    name: "a property that is like none lists what is known",
    text: policyText({ retries: "{ r: { backoff: 2 } }" }),
    found: ["SB101 backoff"],
    help: "known are `maxRetries`, `minDelay`, `maxDelay`, `retryBudget`",
  },
  {
    name: "a planned property says so",
    text: policyText({
      ceilings: "[{ name: c, limit: $1, per: day, alertAt: [50%] }]",
    }),
    found: ["SB101 alertAt"],
    help: "`alertAt` is not in this version yet",
  },
  {
    name: "a missing property points at the key of its block",
    text: policyText({ providers: "{ a: { fee: 1% }, b: { kind: anthropic } }" }),
    found: ["SB102 a"],
  },
  {
    name: "a missing property of a list's item points at its beginning",
    text: policyText({ routes: "[{ use: main }]" }),
    found: ["SB102 use"],
  },
  { name: "an empty section", text: policyText({ chains: "" }), found: ["SB103 chains"] },
  {
    name: "a list for a block",
    text: policyText({ providers: "[a]" }),
    found: ["SB103 providers"],
  },
  { name: "the policy as a list", text: "- a\n", found: ["SB103 -"] },
  { name: "the policy as a text", text: "hello\n", found: ["SB103 hello"] },
  {
    name: "a number for a text",
    text: policyText({ timezone: "2" }),
    found: ["SB103 2"],
    help: 'quote it: `"2"`',
  },
  { name: "a version to come", text: policyText({ version: "2" }), found: ["SB104 2"] },
  {
    name: "a planned kind says so",
    text: policyText({ providers: "{ a: { kind: bedrock }, b: { kind: anthropic } }" }),
    found: ["SB104 bedrock"],
    help: "`bedrock` is not in this version yet",
  },
  {
    name: "a misspelt kind",
    text: policyText({ providers: "{ a: { kind: opneai, fee: 1% }, b: { kind: anthropic } }" }),
    found: ["SB104 opneai"],
    help: "did you mean `openai`?",
  },
  {
    name: "a kind that is no text",
    text: policyText({ providers: "{ a: { kind: 1 }, b: { kind: anthropic } }" }),
    found: ["SB103 1"],
  },
  {
    name: "a failure that never moves on",
    text: policyText({ defaults: "{ on: [cancelled] }" }),
    found: ["SB104 cancelled"],
  },
  {
    name: "money as a number",
    text: policyText({ ceilings: "[{ name: c, limit: 2, per: day }]" }),
    found: ["SB106 2"],
    help: "quote it and name the unit, `$2`",
  },
  {
    name: "money as people write it",
    text: policyText({ ceilings: '[{ name: c, limit: "1,000 USD", per: day }]' }),
    found: ['SB106 "1,000 USD"'],
    help: "write `$1000`",
  },
  {
    name: "a duration as people write it",
    text: policyText({ defaults: "{ timeouts: { idle: 2 min } }" }),
    found: ["SB106 2 min"],
    help: "write `2m`",
  },
  {
    name: "a duration in days",
    text: policyText({ defaults: "{ timeouts: { idle: 1d } }" }),
    found: ["SB106 1d"],
    help: "write `24h`",
  },
  {
    name: "money in another currency",
    text: policyText({ ceilings: "[{ name: c, limit: €2, per: day }]" }),
    found: ["SB106 €2"],
  },
  {
    name: "a duration as a text without unit",
    text: policyText({ defaults: '{ timeouts: { idle: "30" } }' }),
    found: ['SB106 "30"'],
    help: "name the unit, `30s`",
  },
  {
    name: "a percentage as a fraction",
    text: policyText({ breakers: "{ x: { errorRate: 0.5 } }" }),
    found: ["SB106 0.5"],
    help: "quote it and name the unit, `50%`",
  },
  {
    name: "a size with a fraction",
    text: policyText({ defaults: "{ maxOutputTokens: 1.5 }" }),
    found: ["SB103 1.5"],
  },
  {
    name: "a size in another unit",
    text: policyText({ defaults: "{ maxOutputTokens: 8K }" }),
    found: ["SB106 8K"],
  },
  {
    name: "a count of nothing",
    text: policyText({ defaults: "{ maxAttempts: 0 }" }),
    found: ["SB107 0"],
  },
  {
    name: "a weight of nothing",
    text: policyText({
      chains: '{ main: [{ pick: weighted, from: [{ target: "a:x", weight: 0 }, b:y] }] }',
    }),
    found: ["SB107 0"],
  },
  {
    name: "a step of no kind",
    text: policyText({ chains: "{ main: [{ weight: 1 }, a:x, b:y] }" }),
    found: ["SB108 weight"],
  },
  {
    name: "a misspelt step",
    text: policyText({ chains: "{ main: [{ taget: a:x, retry: r }, a:x, b:y] }" }),
    found: ["SB101 taget"],
    help: "did you mean `target`?",
  },
  {
    name: "a step of two kinds",
    text: policyText({ chains: "{ main: [{ target: a:x, chain: other }, b:y] }" }),
    found: ["SB108 chain"],
  },
  {
    name: "a test of two kinds",
    text: policyText({
      routes: "[{ name: all, use: main, match: { inputTokens: { not: 3, gte: 2 } } }]",
    }),
    found: ["SB108 gte"],
  },
  {
    name: "an empty match",
    text: policyText({ routes: "[{ name: all, use: main, match: {} }]" }),
    found: ["SB109 match"],
  },
  { name: "no routes", text: policyText({ routes: "[]" }), found: ["SB109 routes"] },
  {
    name: "no reason",
    text: policyText({
      routes: '[{ name: all, deny: "" }]',
      chains: undefined,
      providers: "{ a: { kind: sandbox } }",
    }),
    found: ['SB109 ""'],
  },
  {
    name: "a pattern as a target",
    text: policyText({ chains: '{ main: ["a:*", b:y] }' }),
    found: ['SB110 "a:*"'],
  },
  {
    name: "a provider in capitals",
    text: policyText({ chains: '{ main: ["OpenAI:x", b:y] }' }),
    found: ['SB110 "OpenAI:x"'],
  },
  {
    name: "a pattern over providers under requested",
    text: policyText({ chains: '{ main: [{ requested: ["*:x"] }, a:x, b:y] }' }),
    found: ['SB110 "*:x"'],
  },
  {
    name: "a name with a space",
    text: policyText({ chains: "{ main: [a:x, b:y], x y: [a:x, b:y] }" }),
    found: ["SB105 x y"],
  },
  {
    name: "a name with the letters of a prototype",
    text: policyText({ chains: '{ main: [a:x, b:y], "__proto__": [a:x] }' }),
    found: ['SB105 "__proto__"'],
  },
  {
    name: "the same need twice",
    text: policyText({ models: '{ "a:x": { can: [tools, json, tools] } }' }),
    found: ["SB112 tools"],
  },
  {
    name: "a key for the sandbox",
    text: policyText({
      providers: "{ a: { kind: sandbox, apiKey: { env: X } }, b: { kind: anthropic } }",
    }),
    found: ["SB101 apiKey"],
  },
  {
    name: "the whole-request timeout on a provider",
    text: policyText({
      providers: "{ a: { kind: openai, timeouts: { total: 5s } }, b: { kind: anthropic } }",
    }),
    found: ["SB101 total"],
  },
  {
    name: "a key of the policy's own",
    text: policyText({
      providers: "{ a: { kind: openai, apiKey: some-words }, b: { kind: anthropic } }",
    }),
    found: ["SB702 some-words"],
    help: "put it into the environment and name the variable: `{ env: OPENAI_API_KEY }`",
  },
  {
    name: "several mistakes, each once, in order",
    text: policyText({
      providers: "{ a: { kind: opnai }, b: { knd: anthropic } }",
      defaults: "{ maxAttempts: two }",
    }),
    found: ["SB104 opnai", "SB101 knd", "SB103 two"],
  },
];

describe("the shape of a policy", () => {
  it.for(cases)("$name", ({ text, found, help }) => {
    const loaded = load(text);
    expect(loaded.found).toEqual(found);
    expect(loaded.policy).toBeUndefined();
    if (help !== undefined) expect(loaded.help).toEqual([help]);
  });

  it("takes the policy that the cases are made from", () => {
    expect(load(policyText())).toMatchObject({ found: [], policy: { file: "p.yaml" } });
  });

  it("stops counting at two hundred findings", () => {
    const routes = Array.from({ length: 500 }, (_, n) => `{ name: r${n}, ues: main }`).join(", ");
    expect(load(policyText({ routes: `[${routes}]` })).found.length).toBe(200);
  });
});
