import fc from "fast-check";
import { readFacts } from "../../src/resolve/facts.ts";
import { fixedView, type Given } from "../../src/resolve/fixed-view.ts";
import type { Linked } from "../../src/resolve/link.ts";
import { type Resolution, resolution } from "../../src/resolve/resolve.ts";
import type { Facts, ResolveRequest } from "../../src/terms/facts.ts";
import type { Program } from "../../src/terms/program.ts";
import { programOf } from "./random-program.ts";

const models = ["a", "ab", "far:x", "far:gx", "far:dear", "box:ax", "box:b", "zz"] as const;
const modelTest = fc.oneof(
  fc.constantFrom(...models, "a*", "far:*", "*x", "box:*", "absent"),
  fc.record({ not: fc.constantFrom<string | string[]>("far:*", "present", ["a*", "box:*"]) }),
);
const needsTest = fc.constantFrom(
  { all: ["tools"] },
  { any: ["vision"] },
  { none: ["tools"] },
  { none: ["state"] },
);
const match = fc
  .record(
    {
      model: modelTest,
      api: fc.constantFrom<unknown>("chat", "messages", { not: "embeddings" }),
      needs: needsTest,
      inputTokens: fc.constantFrom({ lt: 10 }, { gte: 10 }, { gte: 200 }),
      team: fc.constantFrom("free", "paid"),
    },
    { requiredKeys: [] },
  )
  .filter((fields) => Object.keys(fields).length > 0 && Object.keys(fields).length < 4);
const given = fc.option(
  fc.oneof(
    match,
    fc.array(match, { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
  ),
  { nil: undefined, freq: 3 },
);

const action = fc.constantFrom(
  { use: "near" },
  { use: "either" },
  { use: "asked" },
  { use: "cheap" },
  { deny: "not here" },
);

const ceiling = fc.record(
  {
    limit: fc.constantFrom("$0", "$0.0001", "$0.002", "$5"),
    per: fc.constantFrom("request", "day"),
    match,
    target: fc.constantFrom("far:*", "box:*", "*"),
    exceeded: fc.constantFrom<unknown>("deny", "warn", { use: "near" }, { use: "spare" }),
  },
  { requiredKeys: ["limit", "per"] },
);

const selector = fc
  .record(
    {
      provider: fc.constantFrom("box", "far", "off"),
      target: fc.constantFrom("far:*", "*x", "box:a*", "*:dear", "far:x"),
      labels: fc.constantFrom<object>({ hosting: "self" }, { hosting: ["self", "cloud"] }),
    },
    { requiredKeys: [] },
  )
  .filter((fields) => Object.keys(fields).length > 0);

const claim = fc.oneof(
  { weight: 2, arbitrary: selector.map((only) => ({ only })) },
  { weight: 2, arbitrary: selector.map((never) => ({ never })) },
  { weight: 1, arbitrary: fc.constant({ total: true }) },
  { weight: 1, arbitrary: fc.constant({ answerable: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("$0", "$0.0001", "$0.002", "$0.1").map((maxCost) => ({ maxCost })),
  },
);

/** Small policies with promises, over a free provider, a priced one and one that speaks one format. */
export const anyPromises: fc.Arbitrary<Program> = fc
  .tuple(
    fc.array(fc.tuple(fc.option(match, { nil: undefined, freq: 4 }), action), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.array(ceiling, { maxLength: 2 }),
    fc.array(fc.tuple(given, claim), { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .map(([routes, ceilings, promises, hasLimit]) =>
    programOf({
      version: 1,
      providers: {
        box: { kind: "sandbox", labels: { hosting: "self" } },
        far: { kind: "sandbox", labels: { hosting: "cloud" }, api: ["chat", "embeddings"] },
        off: { kind: "sandbox", api: ["messages"] },
      },
      models: {
        "box:*": { price: { input: "$0", output: "$0" }, can: ["tools"] },
        "far:*": {
          price: { input: "$2", output: "$10" },
          window: 100,
          maxOutput: 60,
          can: ["tools"],
        },
        "far:dear": { price: { input: "$20", output: "$100" }, window: 1000, maxOutput: 50 },
        "off:y": { price: { input: "$1", output: "$1" }, can: ["vision"] },
      },
      attributes: { team: { values: ["free", "paid"], default: "free" } },
      routes: routes.map(([matched, act], index) => ({
        name: `r${index}`,
        ...(matched && { match: matched }),
        ...act,
      })),
      chains: {
        near: ["box:ax"],
        either: {
          maxOutputTokens: 50,
          steps: [{ pick: "weighted", from: ["far:x", { target: "off:y", weight: 3 }] }, "box:b"],
        },
        asked: {
          maxAttempts: 2,
          ...(hasLimit && { maxOutputTokens: 40 }),
          steps: [{ requested: ["far:*", "box:a*"] }, "far:dear"],
        },
        cheap: ["off:unpriced", "off:y", "far:gx"],
        spare: { maxOutputTokens: 20, steps: ["far:x", "off:y"] },
        all: [
          { chain: "near" },
          { chain: "either" },
          { chain: "asked" },
          { chain: "cheap" },
          { chain: "spare" },
        ],
      },
      ceilings: ceilings.map((each, index) => ({ name: `c${index}`, ...each })),
      assert: promises.map(([about, says], index) => ({
        promise: `p${index}`,
        ...(about && { given: about }),
        ...says,
      })),
    }),
  );

const sizes = [
  { inputTokens: 0, inputTokensAtMost: 1, outputTokens: 1 },
  { inputTokens: 0 },
  { inputTokens: 9 },
  { inputTokens: 10, inputTokensAtMost: 10, outputTokens: 1 },
  { inputTokens: 100 },
  { inputTokens: 101, inputTokensAtMost: 101, outputTokens: 1 },
  { inputTokens: 200, inputTokensAtMost: 200, outputTokens: 1 },
  { inputTokens: 1000 },
  { inputTokens: 1001, outputTokens: 1 },
];
const needs = [
  [],
  ["tools"],
  ["vision"],
  ["tools", "vision"],
  ["state"],
  ["tools", "state"],
] as const;
const names = [undefined, ...models, "abx", "far:zz", "box:ayx", "off:y", "zzx"] as const;

const askings = (["chat", "messages", "embeddings"] as const).flatMap((api) =>
  needs.map((need) => ({ api, needs: need })),
);

/** Requests of every kind that a policy of {@link anyPromises} tells apart, each small and large. */
export function* requests({
  routes,
  chains,
  ceilings,
  promises,
}: Program): Generator<ResolveRequest> {
  const text = JSON.stringify([routes, chains, ceilings, promises]);
  const isNamed = text.includes('"requested"') || text.includes('"model","test"');
  const teams = text.includes("attributes.team") ? ["free", "paid"] : ["free"];
  const named = (isNamed ? names : [undefined]).map((model) => (model ? { model } : {}));
  for (const model of named) {
    for (const asked of askings) {
      for (const team of teams) {
        for (const size of sizes) yield { ...model, ...asked, ...size, attributes: { team } };
      }
    }
  }
}

/**
 * What becomes of a request in every state of spending that makes a difference: of ceilings that add a chain once they
 * refuse, for what others refuse is only taken away.
 */
export function* outcomes(linked: Linked, facts: Facts): Generator<Resolution> {
  const unspent = resolution(linked, facts, fixedView({}));
  yield unspent;
  const adding = linked.program.ceilings.filter(({ exceeded }) => exceeded.kind === "use");
  if (adding.length === 0) return;
  const costs = unspent.candidates.map(({ worstCost }) => worstCost ?? 0);
  const amounts = [...new Set(costs)].filter((cost) => cost > 0);
  let states: readonly Given[] = [{ spend: {} }];
  for (const { name, limit } of adding) {
    states = states.flatMap(({ spend }) => [
      { ...(spend && { spend }) },
      ...amounts.map((cost) => ({ spend: { ...spend, [name]: Math.max(0, limit - cost + 1) } })),
    ]);
  }
  for (const state of states.slice(1)) yield resolution(linked, facts, fixedView(state));
}

export function factsOf(program: Program, request: ResolveRequest): Facts {
  const outcome = readFacts(program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  return outcome.facts;
}
