import fc from "fast-check";
import { matcherOf } from "../../src/resolve/condition.ts";
import type { Need } from "../../src/terms/api.ts";
import type { Facts } from "../../src/terms/facts.ts";
import type { Program } from "../../src/terms/program.ts";
import { programOf } from "./random-program.ts";

/**
 * Small policies whose requests can all be tried: patterns of at most two letters of `a` and `b` on each side, numbers
 * up to 6. {@link everyRequest} then has a request for whatever any condition could tell apart.
 */
const side = fc.constantFrom("", "a", "b", "ab", "ba", "aa");
const glob = fc.tuple(side, side).map(([before, after]) => `${before}*${after}`);
const literal = fc.constantFrom("a", "b", "ab", "ba", "aba", "bb");
const atom = fc.oneof(
  { weight: 3, arbitrary: glob },
  { weight: 3, arbitrary: literal },
  { weight: 1, arbitrary: fc.constantFrom("present", "absent") },
);
const atoms = fc.uniqueArray(atom, { minLength: 1, maxLength: 3 });
const textTest = fc.oneof(atom, atoms, fc.record({ not: atoms }));
const bounds = ["gte", "gt", "lte", "lt"] as const;
const rangeTest = fc
  .uniqueArray(fc.constantFrom(...bounds), { minLength: 1, maxLength: 2 })
  .chain((keys) =>
    fc
      .tuple(...keys.map(() => fc.nat(6)))
      .map((ends) => Object.fromEntries(keys.map((key, at) => [key, ends[at]]))),
  );
const need = fc.constantFrom("tools", "vision");
const needList = fc.uniqueArray(need, { minLength: 1, maxLength: 2 });
const needsTest = fc
  .record({ all: needList, any: needList, none: needList }, { requiredKeys: [] })
  .filter((test) => Object.keys(test).length > 0);
const apiTest = fc.oneof(
  fc.constantFrom("chat", "messages"),
  fc.constant({ not: "embeddings" }),
  fc.constant(["chat", "embeddings"]),
);

const tests = {
  model: textTest,
  user: fc.oneof(fc.constantFrom("ann", "an*", "present", "absent"), fc.constant({ not: ["ann"] })),
  api: apiTest,
  stream: fc.boolean(),
  needs: needsTest,
  inputTokens: rangeTest,
  outputTokens: fc.oneof(rangeTest, fc.constantFrom("present", "absent")),
  team: fc.oneof(fc.constantFrom("free", "paid"), fc.constant({ not: "free" })),
  vip: fc.oneof(fc.boolean(), fc.constantFrom("present", "absent")),
} as const;

type Field = keyof typeof tests;

/** Each policy speaks of a few fields, so that all its requests can be counted. */
const someFields = fc.uniqueArray(fc.constantFrom(...(Object.keys(tests) as Field[])), {
  minLength: 1,
  maxLength: 3,
});

function matchOver(fields: readonly Field[]): fc.Arbitrary<object> {
  const arbitraries = Object.fromEntries(fields.map((field) => [field, tests[field]]));
  const plain = fc
    .record(arbitraries, { requiredKeys: [] })
    .filter((match) => Object.keys(match).length > 0);
  const branches = fc.array(plain, { minLength: 1, maxLength: 3 });
  return fc
    .tuple(plain, fc.option(branches, { nil: undefined, freq: 3 }))
    .map(([match, anyOf]) => (anyOf ? { ...match, anyOf } : match));
}

const action = fc.constantFrom(
  { use: "main" },
  { use: "spare" },
  { deny: "no" },
  { deny: "never" },
);

/** A Program of up to eight routes over up to three fields. */
export const anyRoutes: fc.Arbitrary<Program> = someFields
  .chain((fields) => fc.array(fc.tuple(matchOver(fields), action), { minLength: 1, maxLength: 8 }))
  .map((routes) =>
    programOf({
      version: 1,
      providers: { box: { kind: "sandbox" } },
      attributes: {
        team: { values: ["free", "paid"], default: "free" },
        vip: { type: "boolean" },
      },
      routes: routes.map(([match, act], index) => ({ name: `r${index}`, match, ...act })),
      chains: {
        main: ["box:m"],
        spare: ["box:s"],
        unused: [{ chain: "main" }, { chain: "spare" }],
      },
    }),
  );

const letters = ["", "a", "b", "aa", "ab", "ba", "bb"];
const short = letters.flatMap((one) => letters.map((other) => one + other));
const models = [...new Set([...short, ...letters.flatMap((a) => letters.map((b) => `${a}c${b}`))])];

const values: Readonly<Record<Field, readonly (Partial<Facts> | { attribute: unknown })[]>> = {
  model: [{}, ...models.filter((model) => model !== "").map((model) => ({ model }))],
  user: [{}, ...["ann", "an", "anna", "bob"].map((user) => ({ user }))],
  api: (["chat", "messages", "embeddings"] as const).map((api) => ({ api })),
  stream: [{ stream: false }, { stream: true }],
  needs: ([[], ["tools"], ["vision"], ["tools", "vision"]] as Need[][]).map((needs) => ({ needs })),
  inputTokens: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((inputTokens) => ({ inputTokens })),
  outputTokens: [{}, ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((outputTokens) => ({ outputTokens }))],
  team: [{ attribute: { team: "free" } }, { attribute: { team: "paid" } }],
  vip: [{ attribute: {} }, { attribute: { vip: true } }, { attribute: { vip: false } }],
};

/** The facts of a request of every kind that a Program of {@link anyRoutes} can tell apart. */
export function everyRequest(program: Program): readonly Facts[] {
  const mentioned = new Set(JSON.stringify(program.routes).match(/"field":"[^"]+"/g));
  const plain = {
    api: "chat",
    stream: false,
    needs: [],
    inputTokens: 0,
    inputTokensAtMost: 0,
    answers: 1,
    attributes: { team: "free" },
  } as const;
  let requests: readonly Facts[] = [plain];
  for (const field of Object.keys(values) as Field[]) {
    const written = field === "team" || field === "vip" ? `attributes.${field}` : field;
    if (!mentioned.has(`"field":"${written}"`)) continue;
    requests = requests.flatMap((facts) =>
      values[field].map((value) =>
        "attribute" in value
          ? { ...facts, attributes: { ...facts.attributes, ...(value.attribute as object) } }
          : { ...facts, ...value },
      ),
    );
  }
  return requests;
}

/** For each request the routes that it matches, in order, by the compiled matchers alone. */
export function matchesOf(program: Program, requests: readonly Facts[]): readonly number[][] {
  const matchers = program.routes.map(({ when }) => matcherOf(when));
  return requests.map((facts) =>
    matchers.flatMap((matches, index) => (matches(facts, 0) ? [index] : [])),
  );
}
