import { describe, expect, it } from "vitest";
import { load, policyText } from "./support.ts";

const asserting = (...promises: readonly string[]) =>
  policyText({ assert: `[${promises.join(", ")}]` });

const compatible = (more: string) =>
  policyText({
    providers: `{ a: { kind: openai-compatible, baseUrl: "http://localhost:1/v1"${more} }, b: { kind: anthropic } }`,
  });

interface Case {
  readonly name: string;
  readonly text: string;
  readonly found: readonly string[];
  readonly help?: string;
}

const cases: readonly Case[] = [
  {
    name: "a claim of two kinds",
    text: asserting("{ promise: p, total: true, answerable: true }"),
    found: ["SB108 answerable"],
  },
  {
    name: "a claim that is turned round",
    text: asserting("{ promise: p, total: false }"),
    found: ["SB104 false"],
  },
  {
    name: "a promise without words",
    text: asserting('{ promise: "", total: true }'),
    found: ['SB109 ""'],
  },
  { name: "no words at all", text: asserting("{ total: true }"), found: ["SB102 total"] },
  { name: "an empty selector", text: asserting("{ promise: p, only: {} }"), found: ["SB109 only"] },
  {
    name: "a misspelt member of a selector",
    text: asserting("{ promise: p, only: { labls: { x: y } } }"),
    found: ["SB101 labls"],
    help: "did you mean `labels`?",
  },
  {
    name: "a price as a number",
    text: asserting("{ promise: p, maxCost: 2 }"),
    found: ["SB106 2"],
  },
  {
    name: "a price beyond any",
    text: asserting("{ promise: p, maxCost: $99999999 }"),
    found: ["SB107 $99999999"],
  },
  {
    name: "a provider that is not declared, in a text",
    text: asserting("{ promise: p, never: { provider: c } }"),
    found: ["SB201 c"],
  },
  {
    name: "a provider that is not declared, in a target",
    text: asserting('{ promise: p, never: { target: ["b:*", "c:*"] } }'),
    found: ['SB201 "c:*"'],
  },
  {
    name: "a target that is none",
    text: asserting("{ promise: p, never: { target: gpt-5 } }"),
    found: ["SB110 gpt-5"],
  },
  {
    name: "a field that is not declared, inside of `anyOf`",
    text: asserting("{ promise: p, given: { anyOf: [{ team: x }] }, total: true }"),
    found: ["SB204 team"],
  },
  {
    name: "an empty `given`",
    text: asserting("{ promise: p, given: {}, total: true }"),
    found: ["SB109 given"],
  },
  {
    name: "a member that steers another kind",
    text: policyText({
      providers: "{ a: { kind: openai, callerMay: [plugins] }, b: { kind: anthropic } }",
    }),
    found: ["SB104 plugins"],
    help: "known are `service_tier`, `web_search_options`",
  },
  {
    name: "a suffix that steers another kind",
    text: policyText({
      providers:
        '{ a: { kind: openrouter, callerMay: [":online", ":offline"] }, b: { kind: anthropic } }',
    }),
    found: ['SB104 ":offline"'],
    help: "did you mean `:online`?",
  },
  {
    name: "the name of a prototype's member",
    text: policyText({
      providers: "{ a: { kind: openai, callerMay: [constructor] }, b: { kind: anthropic } }",
    }),
    found: ["SB104 constructor"],
  },
  {
    name: "callers of the sandbox",
    text: policyText({
      providers: "{ a: { kind: sandbox, callerMay: [service_tier] }, b: { kind: anthropic } }",
    }),
    found: ["SB101 callerMay"],
  },
  {
    name: "`forwards` where the kind says it",
    text: policyText({
      providers: "{ a: { kind: litellm, forwards: false }, b: { kind: anthropic } }",
    }),
    found: ["SB101 forwards"],
  },
  {
    name: "`vouched` where nothing is forwarded",
    text: policyText({
      providers: "{ a: { kind: openai, vouched: us }, b: { kind: anthropic } }",
    }),
    found: ["SB101 vouched"],
  },
  {
    name: "`vouched` without a reason",
    text: policyText({
      providers: '{ a: { kind: litellm, vouched: "" }, b: { kind: anthropic } }',
    }),
    found: ['SB109 ""'],
  },
  {
    name: "`vouched` beside `forwards: false`, as a warning",
    text: compatible(', forwards: false, vouched: "$2 says so"'),
    found: ["SB802 vouched"],
  },
  { name: "nothing, where it forwards", text: compatible(', vouched: "$2 says so"'), found: [] },
  {
    name: "a label that nobody has, where it is ruled out",
    text: asserting("{ promise: p, never: { labels: { residency: eu } } }"),
    found: ["SB802 residency"],
  },
  {
    name: "nothing, where a promise will fail for it: that is for the proof to say",
    text: asserting("{ promise: p, only: { labels: { residency: eu } } }"),
    found: [],
  },
  {
    name: "nothing, where an attribute is tested by a promise alone",
    text: policyText({
      attributes: "{ team: { type: string } }",
      assert: "[{ promise: p, given: { team: x }, total: true }]",
    }),
    found: [],
  },
];

describe("promises and those who forward", () => {
  it.for(cases)("$name", ({ text, found, help }) => {
    const loaded = load(text);
    expect(loaded.found).toEqual(found);
    if (help !== undefined) expect(loaded.help).toEqual([help]);
  });

  it("counts the quantities of a provider whatever its name is", () => {
    const text = policyText({
      providers: "{ steps: { kind: openai, timeouts: { idle: 0s } }, b: { kind: anthropic } }",
      chains: "{ main: [steps:x, b:y] }",
    });
    expect(load(text).found).toEqual(["SB107 0s"]);
  });
});
