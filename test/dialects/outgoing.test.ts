import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBody } from "../../src/dialects/members.ts";
import { type Outgoing, prepareBody } from "../../src/dialects/outgoing.ts";
import { steeringMembers } from "../../src/dialects/steering.ts";
import type { Refusal, SteeringHabits, TargetHabits } from "../../src/dialects/target-habits.ts";
import type { JsonObject } from "../../src/terms/json.ts";

const refusals: readonly Refusal[] = [
  { member: "temperature", takes: [1], meaning: false },
  { member: "logprobs", takes: [false], meaning: true },
];

const kind: TargetHabits = {
  chatOutputLimit: (model) => (model.startsWith("old") ? "max_tokens" : "max_completion_tokens"),
  refuses: (api, model) => (api === "chat" && model === "strict" ? refusals : []),
  usageOnRequest: true,
};

function prepare(body: JsonObject, about: Partial<Outgoing> = {}) {
  const outgoing: Outgoing = {
    api: "chat",
    text: JSON.stringify(body),
    body,
    model: "new",
    kind,
    params: { default: {}, force: {} },
    unsupported: "skip",
    stream: false,
    ...about,
  };
  const prepared = prepareBody(outgoing);
  if (prepared.kind === "unsupported") return { unsupported: prepared.member, body: undefined };
  return {
    body: JSON.parse(prepared.body),
    changed: prepared.changed.map(({ change, member }) => `${change} ${member}`),
    ...(prepared.withholdUsage && { withholdUsage: true }),
  };
}

const params = (fill: JsonObject, force: JsonObject = {}) => ({
  params: { default: fill, force },
});

const untouched: readonly string[] = [];

const broker: TargetHabits = { ...kind, takesMaxPrice: true };
const priceBound = { prompt: 1.5, completion: 6 };

const cases: readonly (readonly [string, JsonObject, Partial<Outgoing>, object])[] = [
  ["nothing to do", { model: "new" }, {}, { body: { model: "new" }, changed: untouched }],
  ["the model", { model: "alias" }, {}, { body: { model: "new" }, changed: ["set model"] }],
  [
    "the price that was reserved, at a broker",
    { model: "new" },
    { kind: broker, priceBound },
    { body: { model: "new", provider: { max_price: priceBound } }, changed: ["added provider"] },
  ],
  [
    "the price that was reserved, beside what the policy forces",
    { model: "new" },
    { kind: broker, priceBound, ...params({}, { provider: { zdr: true } }) },
    {
      body: { model: "new", provider: { zdr: true, max_price: priceBound } },
      changed: ["added provider"],
    },
  ],
  [
    "a bound of the policy's own, which stays",
    { model: "new" },
    { kind: broker, priceBound, ...params({}, { provider: { max_price: { prompt: 1 } } }) },
    {
      body: { model: "new", provider: { max_price: { prompt: 1 } } },
      changed: ["added provider"],
    },
  ],
  [
    "no price elsewhere",
    { model: "new" },
    { priceBound },
    { body: { model: "new" }, changed: untouched },
  ],
  ["a missing model", {}, {}, { body: { model: "new" }, changed: ["added model"] }],
  [
    "a missing limit",
    { model: "new" },
    { maxOutputTokens: 100 },
    {
      body: { model: "new", max_completion_tokens: 100 },
      changed: ["added max_completion_tokens"],
    },
  ],
  [
    "a lower limit",
    { model: "new", max_completion_tokens: 50 },
    { maxOutputTokens: 100 },
    { body: { model: "new", max_completion_tokens: 50 }, changed: untouched },
  ],
  [
    "a limit of 0, which servers take for none",
    { model: "new", max_completion_tokens: 0 },
    { maxOutputTokens: 100 },
    { body: { model: "new", max_completion_tokens: 100 }, changed: ["set max_completion_tokens"] },
  ],
  [
    "a limit of 0 where the policy has none",
    { model: "new", max_completion_tokens: 0 },
    {},
    { body: { model: "new", max_completion_tokens: 0 }, changed: untouched },
  ],
  [
    "a higher limit",
    { model: "new", max_completion_tokens: 500 },
    { maxOutputTokens: 100 },
    { body: { model: "new", max_completion_tokens: 100 }, changed: ["set max_completion_tokens"] },
  ],
  [
    "a limit by the other name",
    { model: "new", max_tokens: 50 },
    {},
    {
      body: { model: "new", max_completion_tokens: 50 },
      changed: ["removed max_tokens", "added max_completion_tokens"],
    },
  ],
  [
    "a limit by the older name, for a target that takes it",
    { model: "old", max_completion_tokens: 500 },
    { model: "old", maxOutputTokens: 100 },
    {
      body: { model: "old", max_tokens: 100 },
      changed: ["removed max_completion_tokens", "added max_tokens"],
    },
  ],
  [
    "both limits",
    { model: "new", max_tokens: 50, max_completion_tokens: 70 },
    {},
    {
      body: { model: "new", max_completion_tokens: 50 },
      changed: ["removed max_tokens", "set max_completion_tokens"],
    },
  ],
  [
    "no limit, said as -1",
    { model: "old", max_tokens: -1 },
    { model: "old", maxOutputTokens: 100 },
    { body: { model: "old", max_tokens: 100 }, changed: ["set max_tokens"] },
  ],
  [
    "no limit, said as -1, where the policy has none",
    { model: "old", max_tokens: -1 },
    { model: "old" },
    { body: { model: "old", max_tokens: -1 }, changed: untouched },
  ],
  [
    "a limit of messages",
    { model: "new", max_tokens: 500 },
    { api: "messages", maxOutputTokens: 100 },
    { body: { model: "new", max_tokens: 100 }, changed: ["set max_tokens"] },
  ],
  [
    "thinking that still has room",
    { model: "new", max_tokens: 500, thinking: { type: "enabled", budget_tokens: 99 } },
    { api: "messages", maxOutputTokens: 100 },
    {
      body: { model: "new", max_tokens: 100, thinking: { type: "enabled", budget_tokens: 99 } },
      changed: ["set max_tokens"],
    },
  ],
  [
    "thinking that has no room left",
    { model: "new", max_tokens: 500, thinking: { type: "enabled", budget_tokens: 100 } },
    { api: "messages", maxOutputTokens: 100 },
    { unsupported: "thinking" },
  ],
  [
    "thinking that has no room left and may be dropped",
    { model: "new", max_tokens: 500, thinking: { type: "enabled", budget_tokens: 100 } },
    { api: "messages", maxOutputTokens: 100, unsupported: "drop" },
    { body: { model: "new", max_tokens: 100 }, changed: ["set max_tokens", "removed thinking"] },
  ],
  [
    "thinking that the caller gave no room, which is the caller's to mend",
    { model: "new", max_tokens: 50, thinking: { type: "enabled", budget_tokens: 60 } },
    { api: "messages", maxOutputTokens: 100 },
    {
      body: { model: "new", max_tokens: 50, thinking: { type: "enabled", budget_tokens: 60 } },
      changed: untouched,
    },
  ],
  [
    "embeddings, which have no limit",
    { model: "new", input: "x" },
    { api: "embeddings", maxOutputTokens: 100 },
    { body: { model: "new", input: "x" }, changed: untouched },
  ],
  [
    "a default that is absent",
    { model: "new" },
    params({ seed: 7 }),
    { body: { model: "new", seed: 7 }, changed: ["added seed"] },
  ],
  [
    "a default that is there",
    { model: "new", seed: 1 },
    params({ seed: 7 }),
    { body: { model: "new", seed: 1 }, changed: untouched },
  ],
  [
    "a default that the target refuses",
    { model: "strict" },
    { model: "strict", ...params({ logprobs: true, temperature: 0.5, seed: 7 }) },
    { body: { model: "strict", seed: 7 }, changed: ["added seed"] },
  ],
  [
    "a forced member",
    { model: "new", seed: 1 },
    params({ seed: 2 }, { seed: 3 }),
    { body: { model: "new", seed: 3 }, changed: ["set seed"] },
  ],
  [
    "a forced model and stream, which are not the policy's to force",
    { model: "new", stream: false },
    params({}, { model: "dear", stream: true }),
    { body: { model: "new", stream: false }, changed: untouched },
  ],
  [
    "a forced limit above the policy's own",
    { model: "new" },
    { maxOutputTokens: 100, ...params({}, { max_completion_tokens: 500 }) },
    {
      body: { model: "new", max_completion_tokens: 100 },
      changed: ["added max_completion_tokens"],
    },
  ],
  [
    "a refused member that means nothing",
    { model: "strict", temperature: 0.5 },
    { model: "strict" },
    { body: { model: "strict" }, changed: ["removed temperature"] },
  ],
  [
    "a refused member with a value that is taken",
    { model: "strict", temperature: 1, logprobs: false },
    { model: "strict" },
    { body: { model: "strict", temperature: 1, logprobs: false }, changed: untouched },
  ],
  [
    "a refused member that means something",
    { model: "strict", logprobs: true },
    { model: "strict" },
    { unsupported: "logprobs" },
  ],
  [
    "a refused member that means something and may be dropped",
    { model: "strict", logprobs: true },
    { model: "strict", unsupported: "drop" },
    { body: { model: "strict" }, changed: ["removed logprobs"] },
  ],
];

const streams: readonly (readonly [string, JsonObject, Partial<Outgoing>, object])[] = [
  [
    "asks for usage and keeps it back",
    { model: "new", stream: true },
    { stream: true },
    {
      body: { model: "new", stream: true, stream_options: { include_usage: true } },
      changed: ["added stream_options"],
      withholdUsage: true,
    },
  ],
  [
    "keeps the other options",
    { model: "new", stream_options: { include_usage: false, include_obfuscation: false } },
    { stream: true },
    {
      body: { model: "new", stream_options: { include_usage: true, include_obfuscation: false } },
      changed: ["set stream_options"],
      withholdUsage: true,
    },
  ],
  [
    "gives usage to a caller that asked",
    { model: "new", stream_options: { include_usage: true } },
    { stream: true },
    { body: { model: "new", stream_options: { include_usage: true } }, changed: untouched },
  ],
  [
    "keeps back what only the policy asked for",
    { model: "new" },
    { stream: true, ...params({ stream_options: { include_usage: true } }) },
    {
      body: { model: "new", stream_options: { include_usage: true } },
      changed: ["added stream_options"],
      withholdUsage: true,
    },
  ],
  [
    "leaves a target alone that sends usage unasked",
    { model: "new" },
    { stream: true, kind: { ...kind, usageOnRequest: false } },
    { body: { model: "new" }, changed: untouched },
  ],
  [
    "leaves messages alone",
    { model: "new" },
    { api: "messages", stream: true },
    { body: { model: "new" }, changed: untouched },
  ],
];

describe("a body for its target", () => {
  it.for(cases)("has %s", ([, body, about, expected]) => {
    expect(prepare(body, about)).toEqual(expected);
  });

  it.for(streams)("that streams %s", ([, body, about, expected]) => {
    expect(prepare(body, about)).toEqual(expected);
  });

  it("keeps every byte of what it does not change", () => {
    const text =
      '{ "messages" : [ {"role":"user","content":"\\u00e9 é"} ],\n "model":"alias", "seed":1.0 }';
    const read = readBody(text);
    if (read.kind === "refused") throw new TypeError(read.problem);
    const { body, members } = read;
    const prepared = prepareBody({
      ...{ api: "chat", text, body, members, model: "new", kind, stream: false },
      ...{ params: { default: {}, force: {} }, unsupported: "skip", maxOutputTokens: 9 },
    });
    expect(prepared).toMatchObject({
      body: '{ "messages" : [ {"role":"user","content":"\\u00e9 é"} ],\n "model":"new", "seed":1.0 ,"max_completion_tokens":9}',
    });
  });

  it("never has a higher output limit than the policy's, whatever is written or forced", () => {
    const limit = fc.option(fc.oneof(fc.integer(), fc.string(), fc.double()), { nil: undefined });
    const limits = fc.record({ max_tokens: limit, max_completion_tokens: limit });
    const api = fc.constantFrom("chat" as const, "messages" as const);
    fc.assert(
      fc.property(limits, limits, limits, api, fc.nat(1_000), (body, fill, force, api, most) => {
        const own = JSON.parse(JSON.stringify(body)) as JsonObject;
        const about = { api, maxOutputTokens: most, ...params(fill, force) };
        const sent = prepare(own, about).body as unknown as JsonObject;
        const name = api === "chat" ? "max_completion_tokens" : "max_tokens";
        expect(sent[name]).toBeLessThanOrEqual(most);
        expect(sent[name]).toBeGreaterThanOrEqual(0);
        if (api === "chat") expect(sent).not.toHaveProperty("max_tokens");
      }),
      { numRuns: 500 },
    );
  });
});

describe("a steering member", () => {
  const habits: SteeringHabits = {
    steering: [
      { member: "service_tier", harmless: ["auto"] },
      { member: "models" },
      { member: "metadata.tags" },
    ],
    steeringSuffixes: [":online", ":nitro", "@preset/"],
  };

  it.for<[string, JsonObject, string | undefined, string | undefined]>([
    ["none", { model: "a", temperature: 1 }, "a", undefined],
    ["a list of models", { models: [] }, "a", "models"],
    ["null", { models: null }, "a", undefined],
    ["a harmless tier", { service_tier: "auto" }, "a", undefined],
    ["a dear tier", { service_tier: "priority" }, "a", "service_tier"],
    ["a tier that is no text", { service_tier: ["auto"] }, "a", "service_tier"],
    ["a suffix", {}, "moonshotai/kimi-k2:online", ":online"],
    ["a suffix in capitals", {}, "moonshotai/kimi-k2:ONLINE", ":online"],
    ["a suffix before another", {}, "moonshotai/kimi-k2:nitro:free", ":nitro"],
    ["a name that only begins like a suffix", {}, "x:online-7b", undefined],
    ["a name that ends in the word", {}, "xonline", undefined],
    ["no model", {}, undefined, undefined],
    ["a preset behind a model", {}, "openai/gpt-4o@preset/anything", "@preset/"],
    ["a preset alone, in capitals", {}, "@PRESET/x", "@preset/"],
    ["a name that only holds the word", {}, "my-preset/x", undefined],
    ["tags in the metadata", { metadata: { tags: ["paid"] } }, "a", "metadata.tags"],
    ["tags in the metadata by a flat name", { "metadata.tags": [] }, "a", "metadata.tags"],
    ["no tags in the metadata", { metadata: { tags: null, user: "u" } }, "a", undefined],
    ["metadata that is a text", { metadata: "tags" }, "a", undefined],
  ])("is found: %s", ([, body, model, found]) => {
    expect(steeringMembers(habits, body, model)[0]).toBe(found);
  });

  it("is no member that only a prototype has", () => {
    const prototypes = {
      ...habits,
      steering: [{ member: "constructor" }, { member: "__proto__" }],
    };
    expect(steeringMembers(prototypes, {}, "a")).toEqual([]);
  });
});
