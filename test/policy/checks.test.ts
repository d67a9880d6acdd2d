import { describe, expect, it } from "vitest";
import { load, policyText } from "./support.ts";

interface Case {
  readonly name: string;
  readonly text: string;
  readonly found: readonly string[];
  readonly help?: string;
}

const attributes =
  "{ data: { values: [public, private] }, level: { values: [1, 2] }, depth: { type: number }, trace: { type: boolean }, team: { type: string } }";

/** A policy with one route that has this match, and one for the rest. */
function matching(match: string): string {
  const rest = "{ data: public, level: 1, depth: 1, trace: true, team: x }";
  const routes = `[{ name: one, match: ${match}, use: main }, { name: all, match: { anyOf: [${rest}, { stream: true }] }, use: main }]`;
  return policyText({ attributes, routes });
}

const references: readonly Case[] = [
  {
    name: "an unknown provider, and no warnings where there are errors",
    text: policyText({ chains: "{ main: [a:x, b:y], spare: [c:x] }" }),
    found: ["SB201 c:x"],
  },
  {
    name: "a misspelt provider in a step",
    text: policyText({
      chains: "{ main: [a:x, b:y, bb:z] }",
      providers: "{ a: { kind: openai }, b: { kind: groq }, bbb: { kind: groq } }",
    }),
    found: ["SB201 bb:z"],
  },
  {
    name: "an unknown provider in a target block",
    text: policyText({ chains: "{ main: [{ target: c:x }, a:x, b:y] }" }),
    found: ["SB201 c:x"],
  },
  {
    name: "an unknown provider in a group",
    text: policyText({
      chains: "{ main: [{ pick: fastest, from: [a:x, { target: c:x }] }, b:y] }",
    }),
    found: ["SB201 c:x"],
  },
  {
    name: "an unknown provider under requested",
    text: policyText({ chains: '{ main: [{ requested: ["c:*"] }, a:x, b:y] }' }),
    found: ['SB201 "c:*"'],
  },
  {
    name: "an unknown provider under models",
    text: policyText({ models: '{ "c:*": { window: 8k } }' }),
    found: ['SB201 "c:*"'],
  },
  {
    name: "an unknown provider in a ceiling's list",
    text: policyText({ ceilings: '[{ name: c, limit: $1, per: day, target: ["a:*", "c:x"] }]' }),
    found: ['SB201 "c:x"'],
  },
  {
    name: "the name of a prototype's member as a provider",
    text: policyText({ chains: "{ main: [constructor:x, a:x, b:y] }" }),
    found: ["SB201 constructor:x"],
  },
  {
    name: "no provider in a ceiling's target",
    text: policyText({ ceilings: "[{ name: c, limit: $1, per: day, target: gpt-5 }]" }),
    found: ["SB110 gpt-5"],
  },
  {
    name: "an unknown chain in a route",
    text: policyText({ routes: "[{ name: all, use: man }]" }),
    found: ["SB202 man"],
    help: "did you mean `main`?",
  },
  {
    name: "an unknown chain in a step",
    text: policyText({ chains: "{ main: [a:x, b:y, { chain: constructor }] }" }),
    found: ["SB202 constructor"],
  },
  {
    name: "an unknown chain of a ceiling",
    text: policyText({ ceilings: "[{ name: c, limit: $1, per: day, exceeded: { use: spare } }]" }),
    found: ["SB202 spare"],
  },
  {
    name: "a chain where none are declared",
    text: policyText({ chains: undefined }),
    found: ["SB202 main"],
  },
  {
    name: "an unknown breaker",
    text: policyText({ defaults: "{ breaker: valueof }" }),
    found: ["SB203 valueof"],
  },
  {
    name: "an unknown retry rule of a step",
    text: policyText({ chains: "{ main: [{ target: a:x, retry: r }, b:y] }" }),
    found: ["SB203 r"],
  },
  {
    name: "an unknown retry rule of a chain",
    text: policyText({ chains: "{ main: { retry: r, steps: [a:x, b:y] } }" }),
    found: ["SB203 r"],
  },
  {
    name: "a chain of itself",
    text: policyText({ chains: "{ main: [a:x, b:y, { chain: main }] }" }),
    found: ["SB207 main"],
  },
  {
    name: "a cycle of three, once",
    text: policyText({
      chains:
        "{ main: [a:x, b:y, { chain: p }], p: [{ chain: q }], q: [{ chain: main }, { chain: r }], r: [a:x] }",
    }),
    found: ["SB207 main"],
  },
  {
    name: "two ceilings of one name",
    text: policyText({
      ceilings: "[{ name: c, limit: $1, per: day }, { name: c, limit: $2, per: week }]",
    }),
    found: ["SB209 c"],
  },
];

const fields: readonly Case[] = [
  {
    name: "a misspelt field",
    text: matching("{ modle: x }"),
    found: ["SB204 modle"],
    help: "did you mean `model`?",
  },
  {
    name: "a misspelt anyOf",
    text: matching("{ anyof: x }"),
    found: ["SB204 anyof"],
    help: "did you mean `anyOf`?",
  },
  {
    name: "time as a value",
    text: matching("{ time: present }"),
    found: ["SB206 time"],
  },
  {
    name: "the days of another field",
    text: matching("{ user: { days: [mon] } }"),
    found: ["SB206 user"],
  },
  {
    name: "hours that end where they begin",
    text: matching('{ time: { hours: ["06:00-08:00", "06:00-06:00"] } }'),
    found: ['SB107 "06:00-06:00"'],
    help: "the whole day is `00:00-24:00`; or leave `hours` out",
  },
  {
    name: "a field deep in anyOf",
    text: matching("{ anyOf: [{ stream: true, anyOf: [{ modl: x }] }] }"),
    found: ["SB204 modl"],
  },
  {
    name: "a built-in field under each",
    text: policyText({ ceilings: "[{ name: c, limit: $1, per: day, each: [model, key] }]" }),
    found: ["SB204 model"],
  },
  {
    name: "an unknown field under by",
    text: policyText({ chains: "{ main: [{ pick: weighted, by: usr, from: [a:x, b:y] }] }" }),
    found: ["SB204 usr"],
    help: "did you mean `user`?",
  },
  {
    name: "an undeclared value",
    text: matching("{ data: pubic }"),
    found: ["SB205 pubic"],
    help: "did you mean `public`?",
  },
  {
    name: "an undeclared value in a negated list",
    text: matching("{ data: { not: [public, secret] } }"),
    found: ["SB205 secret"],
  },
  {
    name: "a pattern that admits no declared value",
    text: matching('{ data: "x*" }'),
    found: ['SB205 "x*"'],
  },
  { name: "an undeclared number", text: matching("{ level: [1, 3] }"), found: ["SB205 3"] },
  {
    name: "a planned API format",
    text: matching("{ api: responses }"),
    found: ["SB205 responses"],
    help: "`responses` is not in this version yet",
  },
  { name: "a text for a boolean", text: matching("{ stream: yes }"), found: ["SB206 yes"] },
  {
    name: "a number for a text",
    text: matching("{ user: 7 }"),
    found: ["SB206 7"],
    help: 'quote it: `"7"`',
  },
  {
    name: "a text for a number of tokens",
    text: matching("{ inputTokens: 32k }"),
    found: ["SB206 32k"],
  },
  {
    name: "a negative number of tokens",
    text: matching("{ inputTokens: { gte: -1 } }"),
    found: ["SB206 -1"],
  },
  { name: "a range on a text", text: matching("{ model: { gte: 3 } }"), found: ["SB206 model"] },
  {
    name: "a range on listed texts",
    text: matching("{ data: { gte: 3 } }"),
    found: ["SB206 data"],
  },
  { name: "a value for needs", text: matching("{ needs: [tools] }"), found: ["SB206 needs"] },
  { name: "present for needs", text: matching("{ needs: present }"), found: ["SB206 needs"] },
  {
    name: "needs on another field",
    text: matching("{ model: { all: [tools] } }"),
    found: ["SB206 model"],
  },
  {
    name: "a text for a number attribute",
    text: matching("{ depth: { not: deep } }"),
    found: ["SB206 deep"],
  },
  { name: "two stars", text: matching('{ model: [x, "*a*"] }'), found: ['SB110 "*a*"'] },
  {
    name: "a fifth anyOf, once",
    text: matching(`${"{ anyOf: [".repeat(6)}{ stream: true }${"] }".repeat(6)}`),
    found: ["SB111 anyOf"],
  },
  {
    name: "a taken name",
    text: policyText({
      attributes: "{ user: { type: string } }",
      routes: "[{ name: all, use: main, match: { user: x } }]",
    }),
    found: ["SB210 user"],
  },
  {
    name: "a default that is not listed",
    text: policyText({
      attributes: "{ d: { values: [p, q], default: r } }",
      routes: "[{ name: all, use: main, match: { d: p } }]",
    }),
    found: ["SB205 r"],
  },
  {
    name: "a default of another type",
    text: policyText({
      attributes: "{ d: { type: number, default: p } }",
      routes: "[{ name: all, use: main, match: { d: 1 } }]",
    }),
    found: ["SB205 p"],
  },
  {
    name: "values of two types",
    text: policyText({
      attributes: "{ d: { values: [p, 1] } }",
      routes: "[{ name: all, use: main, match: { d: p } }]",
    }),
    found: ["SB205 1"],
  },
  {
    name: "a value that means something else",
    text: policyText({
      attributes: "{ d: { values: [present, p] } }",
      routes: "[{ name: all, use: main, match: { d: p } }]",
    }),
    found: ["SB205 present"],
  },
];

const quantities: readonly Case[] = [
  {
    name: "a cool-down of nothing",
    text: policyText({ breakers: "{ x: { coolDown: 0s } }" }),
    found: ["SB107 0s"],
  },
  {
    name: "a window of more than a day",
    text: policyText({ breakers: "{ x: { window: 25h } }" }),
    found: ["SB107 25h"],
  },
  {
    name: "an error rate above 100%",
    text: policyText({ breakers: "{ x: { errorRate: 100.1% } }" }),
    found: ["SB107 100.1%"],
  },
  {
    name: "a context window of nothing",
    text: policyText({ models: '{ "a:x": { window: 0k } }' }),
    found: ["SB107 0k"],
  },
  {
    name: "more money than is exact",
    text: policyText({ ceilings: "[{ name: c, limit: $10000000, per: day }]" }),
    found: ["SB107 $10000000"],
  },
  {
    name: "a first wait above the longest",
    text: policyText({ retries: "{ r: { minDelay: 10s } }" }),
    found: ["SB107 10s"],
  },
  {
    name: "faults that end before they begin",
    text: policyText({
      providers:
        "{ a: { kind: sandbox, fail: [{ with: cut, from: 3, to: 2 }] }, b: { kind: groq } }",
    }),
    found: ["SB107 2"],
  },
  {
    name: "a time zone that does not exist",
    text: policyText({ timezone: "Mars/Olympus" }),
    found: ["SB104 Mars/Olympus"],
  },
];

const warnings: readonly Case[] = [
  {
    name: "a ceiling for each user",
    text: policyText({ ceilings: "[{ name: c, limit: $1, per: day, each: [user] }]" }),
    found: ["SB504 each"],
  },
  {
    name: "a ceiling for each user of a project is none",
    text: policyText({ ceilings: "[{ name: c, limit: $1, per: day, each: [project, user] }]" }),
    found: [],
  },
  {
    name: "a soft ceiling for each user is none",
    text: policyText({
      ceilings: "[{ name: c, limit: $1, per: day, each: [user], exceeded: warn }]",
    }),
    found: [],
  },
  {
    name: "two models at one provider",
    text: policyText({ chains: "{ main: [b:x, b:y] }", providers: "{ b: { kind: groq } }" }),
    found: ["SB602 main"],
  },
  {
    name: "the same target twice is one target",
    text: policyText({ chains: "{ main: [b:x, b:x] }", providers: "{ b: { kind: groq } }" }),
    found: [],
  },
  {
    name: "two models at one provider through another chain, once",
    text: policyText({
      chains: "{ main: [b:x, { chain: p }], p: [b:y, b:z] }",
      providers: "{ b: { kind: groq } }",
    }),
    found: ["SB602 main"],
  },
  {
    name: "one attempt by default",
    text: policyText({ defaults: "{ maxAttempts: 1 }" }),
    found: ["SB603 1"],
  },
  {
    name: "one attempt by default and more on the chain is none",
    text: policyText({
      defaults: "{ maxAttempts: 1 }",
      chains: "{ main: { maxAttempts: 2, steps: [a:x, b:y] } }",
    }),
    found: [],
  },
  {
    name: "a short cool-down, once for a pair of rules",
    text: policyText({ breakers: "{ q: { coolDown: 2s } }", defaults: "{ breaker: q }" }),
    found: ["SB604 2s"],
  },
  {
    name: "a short cool-down without retries is none",
    text: policyText({
      breakers: "{ q: { coolDown: 2s } }",
      retries: "{ n: { maxRetries: 0 } }",
      defaults: "{ breaker: q, retry: n }",
    }),
    found: [],
  },
  {
    name: "a wait longer than the built-in cool-down",
    text: policyText({ retries: "{ n: { maxDelay: 40s } }", defaults: "{ retry: n }" }),
    found: ["SB604 40s"],
  },
  {
    name: "everything unused, in file order",
    text: policyText({
      providers: "{ a: { kind: openai }, b: { kind: groq }, c: { kind: groq } }",
      attributes: "{ d: { type: string } }",
      chains: "{ main: [a:x, b:y], spare: [b:z] }",
      breakers: "{ q: { minFailures: 3 } }",
      retries: "{ r: { maxRetries: 3 } }",
    }),
    found: ["SB801 c", "SB801 spare", "SB801 q", "SB801 r", "SB801 d"],
  },
  {
    name: "settings of the whole request on an inner chain",
    text: policyText({
      chains:
        "{ main: [a:x, { chain: p }], p: { maxAttempts: 2, timeouts: { total: 5s, idle: 5s }, steps: [b:y] } }",
    }),
    found: ["SB802 maxAttempts", "SB802 total"],
  },
  {
    name: "the same on a chain that a ceiling names is none",
    text: policyText({
      chains: "{ main: [a:x, { chain: p }], p: { maxAttempts: 2, steps: [b:y] } }",
      ceilings: "[{ name: c, limit: $1, per: day, exceeded: { use: p } }]",
    }),
    found: [],
  },
  {
    name: "weights without a draw",
    text: policyText({
      chains: "{ main: [{ pick: cheapest, by: user, from: [{ target: a:x, weight: 2 }, b:y] }] }",
    }),
    found: ["SB802 by", "SB802 weight"],
  },
  {
    name: "each for single requests",
    text: policyText({ ceilings: "[{ name: c, limit: $1, per: request, each: [user] }]" }),
    found: ["SB802 each"],
  },
  {
    name: "content_filter that is not allowed",
    text: policyText({ chains: "{ main: { on: [timeout, content_filter], steps: [a:x, b:y] } }" }),
    found: ["SB802 content_filter"],
  },
];

describe("references and meaning", () => {
  it.for([...references, ...fields, ...quantities])("$name", ({ text, found, help }) => {
    const loaded = load(text);
    expect(loaded.found).toEqual(found);
    expect(loaded.policy).toBeUndefined();
    if (help !== undefined) expect(loaded.help).toEqual([help]);
  });

  it.for(warnings)("warns: $name", ({ text, found }) => {
    const loaded = load(text);
    expect([...loaded.found].sort()).toEqual([...found].sort());
    expect(loaded.policy).toBeDefined();
  });

  it.for([
    "{ model: present, user: absent, stream: [true, false], needs: { none: [state] } }",
    '{ data: "p*", level: { gte: 1 }, depth: { gt: -1.5, lte: 32k }, trace: false, team: { not: ["a*", absent] } }',
    "{ inputTokens: { gte: 32k, lt: 200000 }, outputTokens: absent }",
    `${"{ anyOf: [".repeat(4)}{ stream: true }${"] }".repeat(4)}`,
  ])("takes the match %s", (match) => expect(load(matching(match)).found).toEqual([]));

  it("names the whole way of a cycle", () => {
    const text = policyText({ chains: "{ main: [a:x, b:y, { chain: p }], p: [{ chain: main }] }" });
    expect(load(text).messages).toEqual(["the chain leads back to itself: `main` → `p` → `main`"]);
  });

  it.for([32, 33])("counts targets with those of inner chains and of ceilings: %d", (count) => {
    const targets = Array.from({ length: count - 2 }, (_, n) => `a:x${n}`).join(", ");
    const inner = policyText({ chains: `{ main: [${targets}, { chain: p }], p: [b:y, b:z] }` });
    expect(load(inner).found).toEqual(count > 32 ? ["SB208 main"] : []);
    const added = policyText({
      chains: `{ main: [${targets}, b:y], p: [a:x0, b:z] }`,
      ceilings: "[{ name: c, limit: $1, per: day, exceeded: { use: p } }]",
    });
    expect(load(added).found).toEqual(count > 32 ? ["SB208 main"] : []);
  });

  it("is done in good time with sixty chains that all name each other", { timeout: 12_000 }, () => {
    const names = Array.from({ length: 60 }, (_, n) => `c${n}`);
    const chains = names.map(
      (name) =>
        `${name}: [a:x, b:y, ${names
          .filter((other) => other !== name)
          .map((other) => `{ chain: ${other} }`)
          .join(", ")}]`,
    );
    const { found } = load(policyText({ chains: `{ main: [a:x], ${chains.join(", ")} }` }));
    expect(found.length).toBe(200);
    expect(found.every((each) => each.startsWith("SB207"))).toBe(true);
  });

  it("is done in good time with a line of four thousand chains", { timeout: 12_000 }, () => {
    const chains = Array.from({ length: 4000 }, (_, n) => `c${n}: [{ chain: c${n + 1} }]`);
    const { found } = load(
      policyText({
        routes: "[{ name: all, use: c0 }]",
        chains: `{ ${chains.join(", ")}, c4000: [a:x, b:y] }`,
      }),
    );
    expect(found).toEqual([]);
  });
});
