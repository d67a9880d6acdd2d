import fc from "fast-check";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { compile } from "../../src/compile/compile.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import type { ResolveRequest } from "../../src/terms/facts.ts";
import type { Program } from "../../src/terms/program.ts";

/** Compiles a policy written as plain data; JSON is YAML, so it goes the whole way through the loader. */
export function programOf(policy: unknown): Program {
  const text = JSON.stringify(policy, null, 1);
  const loaded = loadPolicy(text, { file: "policy.yaml", env: {}, kinds: builtInCatalog.kinds });
  if (!loaded.policy)
    throw new TypeError(loaded.diagnostics.map(({ message }) => message).join("\n"));
  return compile(loaded.policy, builtInCatalog).program;
}

const words = ["a", "b", "ab", "gpt-4o", "gpt-4o-mini", "box:llama", "far:gpt-4o"] as const;
const globs = ["a*", "*b", "gpt-*", "*-mini", "*"] as const;
const word = fc.constantFrom(...words);
const atom = fc.oneof(word, fc.constantFrom(...globs, "present", "absent"));
const textTest = fc.oneof(
  atom,
  fc.uniqueArray(atom, { minLength: 1, maxLength: 3 }),
  fc.record({ not: fc.oneof(atom, fc.uniqueArray(atom, { minLength: 1, maxLength: 2 })) }),
);
const bounds = ["gte", "gt", "lte", "lt"] as const;
const rangeTest = fc
  .uniqueArray(fc.constantFrom(...bounds), { minLength: 1, maxLength: 2 })
  .chain((keys) =>
    fc
      .tuple(...keys.map(() => fc.nat(6)))
      .map((ends) => Object.fromEntries(keys.map((key, at) => [key, ends[at]]))),
  );
const need = fc.constantFrom("tools", "vision", "json");
const needList = fc.uniqueArray(need, { minLength: 1, maxLength: 2 });
const needsTest = fc
  .record({ all: needList, any: needList, none: needList }, { requiredKeys: [] })
  .filter((test) => Object.keys(test).length > 0);
const apiTest = fc.oneof(fc.constantFrom("chat", "messages"), fc.constant({ not: "embeddings" }));

const plainMatch = fc.record(
  {
    model: textTest,
    user: textTest,
    api: apiTest,
    stream: fc.boolean(),
    needs: needsTest,
    inputTokens: rangeTest,
    team: fc.oneof(fc.constantFrom("free", "paid"), fc.constant({ not: "free" })),
    score: rangeTest,
  },
  { requiredKeys: [] },
);

/** Match blocks with every kind of test, `anyOf` among them. */
export const anyMatch = fc
  .tuple(
    plainMatch,
    fc.option(fc.array(plainMatch, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 3 }),
  )
  .map(([match, anyOf]) => (anyOf ? { ...match, anyOf } : match));

const action = fc.constantFrom(
  { use: "near" },
  { use: "either" },
  { use: "asked" },
  { deny: "not here" },
);

const ceiling = fc.record(
  {
    limit: fc.constantFrom("$0", "$0.0001", "$0.01", "$5"),
    per: fc.constantFrom("request", "minute", "day", "week", "month"),
    each: fc.uniqueArray(fc.constantFrom("user", "project", "team"), {
      minLength: 1,
      maxLength: 2,
    }),
    match: plainMatch,
    target: fc.constantFrom("far:*", "*"),
    exceeded: fc.constantFrom("deny", "warn", { use: "near" }),
  },
  { requiredKeys: ["limit", "per"] },
);

/** Small policies over two sandboxes, one of them without a known price for some models. */
export const anyProgram = fc
  .tuple(
    fc.array(fc.tuple(anyMatch, action), { minLength: 1, maxLength: 6 }),
    fc.array(ceiling, { maxLength: 3 }),
  )
  .map(([routes, ceilings]) =>
    programOf({
      version: 1,
      providers: { box: { kind: "sandbox" }, far: { kind: "sandbox", api: ["chat"] } },
      models: {
        "box:*": { price: { input: "$0", output: "$0" } },
        "far:gpt-4o": { price: { input: "$2", output: "$10" }, window: 5, can: ["tools"] },
        "far:b": { price: { input: "$1", output: "$1" }, maxOutput: 100 },
      },
      attributes: {
        team: { values: ["free", "paid"], default: "free" },
        score: { type: "number" },
      },
      routes: routes.map(([match, act], index) => ({ name: `r${index}`, match, ...act })),
      chains: {
        near: ["box:llama"],
        either: {
          maxOutputTokens: 50,
          steps: [
            { pick: "weighted", by: "user", from: ["far:gpt-4o", { target: "far:b", weight: 3 }] },
            { chain: "near" },
          ],
        },
        asked: [
          { requested: ["far:*", "box:a*"] },
          { pick: "cheapest", from: ["far:unpriced", "far:b", "box:llama"] },
        ],
        spare: { steps: [{ chain: "near" }, { chain: "either" }, { chain: "asked" }] },
      },
      ceilings: ceilings.map((each, index) => ({ name: `c${index}`, ...each })),
    }),
  );

/** Requests that the policies of {@link anyProgram} can tell apart. */
export const anyRequest: fc.Arbitrary<ResolveRequest> = fc.record(
  {
    model: word,
    api: fc.constantFrom("chat", "messages", "embeddings"),
    stream: fc.boolean(),
    needs: fc.uniqueArray(fc.constantFrom("tools", "vision", "json", "state"), { maxLength: 2 }),
    inputTokens: fc.nat(7),
    outputTokens: fc.nat(80),
    answers: fc.integer({ min: 1, max: 2 }),
    user: word,
    project: word,
    attributes: fc.record(
      { team: fc.constantFrom("free", "paid"), score: fc.nat(7) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

/** States of the world for the targets of {@link anyProgram}. */
export const anyGiven = fc.record({
  nowMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  draw: fc.nat(999).map((thousandth) => thousandth / 1000),
  breakers: fc.dictionary(
    fc.constantFrom("far:gpt-4o", "far:b", "box:llama"),
    fc.constantFrom("open", "half-open", "closed"),
  ),
  holds: fc.dictionary(fc.constantFrom("far:gpt-4o", "box:llama"), fc.constant("rate_limit")),
  spend: fc.dictionary(fc.constantFrom("c0", "c1", "c2"), fc.nat(5_000_000)),
});
