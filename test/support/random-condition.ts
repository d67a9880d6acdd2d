import fc from "fast-check";
import type { ResolveRequest } from "../../src/terms/facts.ts";
import type {
  Condition,
  FieldName,
  FieldTest,
  KeySpec,
  Program,
  Test,
} from "../../src/terms/program.ts";
import { programOf } from "./programs.ts";

/** Attributes of every type, closed and open, with and without a default. */
const attributes: Program["attributes"] = {
  data: { type: "string", values: ["public", "private"], default: "private" },
  team: { type: "string", values: ["free", "paid", "trial"] },
  level: { type: "number", values: [1, 2.5, 3] },
  score: { type: "number" },
  weight: { type: "number", default: 1.5 },
  note: { type: "string" },
  tag: { type: "string", default: "none" },
  beta: { type: "boolean" },
  sure: { type: "boolean", default: false },
};

const keyOf = (name: string, says: Pick<KeySpec, "set" | "project">): KeySpec => ({
  name,
  sha256: { env: "DIGEST" },
  ...says,
});

/** Keys that say things that no request with them lacks. */
const keys: Program["keys"] = {
  a: keyOf("a", { project: "ab", set: { note: "x", beta: true } }),
  ab: keyOf("ab", { set: { tag: "b", team: "paid" } }),
  x: keyOf("x", { set: {} }),
};

/** Letters few enough that prefixes, suffixes and listed values meet and overlap. */
const word = fc.string({ unit: fc.constantFrom("a", "b", "x"), maxLength: 4 });
const globSide = fc.string({ unit: fc.constantFrom("a", "b", "x"), maxLength: 3 });

/** One-star globs, those with one side or none among them. */
export const anyGlob = fc.oneof(
  fc.tuple(globSide, globSide).map(([prefix, suffix]) => `${prefix}*${suffix}`),
  globSide.map((prefix) => `${prefix}*`),
  globSide.map((suffix) => `*${suffix}`),
);

/** Texts that such globs tell apart, and others. */
export const anyText = fc.oneof(
  word,
  fc.string({ unit: fc.constantFrom("a", "b", "x", "y"), maxLength: 8 }),
);

const seldom = fc.integer({ min: 0, max: 9 }).map((die) => die === 0);
const half = fc.boolean();

function listTest<T extends string | number | boolean>(
  values: fc.Arbitrary<T>,
  globs: fc.Arbitrary<string>,
) {
  return fc.record({
    kind: fc.constant("in" as const),
    values: fc.uniqueArray(values, { maxLength: 3 }),
    globs: fc.uniqueArray(globs, { maxLength: 2 }),
    present: seldom,
    absent: seldom,
    not: half,
  });
}

const noGlob = fc.constant("never*");
const listOnly = <T extends string | number | boolean>(values: fc.Arbitrary<T>) =>
  listTest(values, noGlob).map((test) => ({ ...test, globs: [] }));
const textTest = listTest(word, anyGlob);

function rangeTest(bound: fc.Arbitrary<number>): fc.Arbitrary<Test> {
  return fc
    .record({ gte: bound, gt: bound, lte: bound, lt: bound }, { requiredKeys: [] })
    .map((bounds) => ({ kind: "range", ...bounds }));
}

const count = fc.nat(7);
const fraction = fc.oneof(fc.integer({ min: -3, max: 4 }), fc.constantFrom(-0.5, 0.25, 1.5, 1e300));
const need = fc.constantFrom(
  "tools" as const,
  "vision" as const,
  "json" as const,
  "state" as const,
);
const needList = fc.uniqueArray(need, { maxLength: 2 });
const needsTest: fc.Arbitrary<Test> = fc.record({
  kind: fc.constant("needs" as const),
  all: needList,
  any: needList,
  none: needList,
});
const minute = fc.oneof(fc.nat(12), fc.nat(10_080), fc.constant(10_080));
const timeTest: fc.Arbitrary<Test> = fc
  .array(fc.record({ from: minute, to: minute }), { minLength: 1, maxLength: 2 })
  .map((windows) => ({ kind: "time", windows }));

const testsByField: Readonly<Record<string, fc.Arbitrary<Test>>> = {
  model: textTest,
  user: textTest,
  project: textTest,
  key: textTest,
  api: listOnly(fc.constantFrom("chat", "messages", "embeddings")),
  stream: listOnly(fc.boolean()),
  needs: needsTest,
  inputTokens: fc.oneof(rangeTest(count), listOnly(count)),
  outputTokens: fc.oneof(rangeTest(count), listOnly(count)),
  time: timeTest,
  "attributes.data": listOnly(fc.constantFrom("public", "private")),
  "attributes.team": listTest(
    fc.constantFrom("free", "paid", "trial"),
    fc.constantFrom("f*", "*l", "*"),
  ),
  "attributes.level": fc.oneof(rangeTest(fraction), listOnly(fc.constantFrom(1, 2.5, 3))),
  "attributes.score": fc.oneof(rangeTest(fraction), listOnly(fraction)),
  "attributes.weight": fc.oneof(rangeTest(fraction), listOnly(fraction)),
  "attributes.note": textTest,
  "attributes.tag": textTest,
  "attributes.beta": listOnly(fc.boolean()),
  "attributes.sure": listOnly(fc.boolean()),
};

const fieldTest: fc.Arbitrary<FieldTest> = fc.oneof(
  ...Object.entries(testsByField).map(([field, test]) =>
    test.map((each) => ({ field: field as FieldName, test: each })),
  ),
);

const plain: fc.Arbitrary<Condition> = fc
  .array(fieldTest, { maxLength: 3 })
  .map((fields) => ({ fields }));

function withAnyOf(branch: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc
    .tuple(plain, fc.array(branch, { minLength: 1, maxLength: 3 }))
    .map(([{ fields }, anyOf]) => ({ fields, anyOf }));
}

/** Conditions with every kind of test, as a Program holds them; `anyOf` may hold another. */
export const anyCondition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: plain },
  { weight: 2, arbitrary: withAnyOf(plain) },
  { weight: 1, arbitrary: withAnyOf(withAnyOf(plain)) },
);

/** Conditions that few requests meet, so that many can stand before the one that matches. */
export const narrowCondition: fc.Arbitrary<Condition> = fc
  .tuple(fc.array(fieldTest, { minLength: 2, maxLength: 4 }), anyCondition)
  .map(([fields, inner]) => ({ fields, anyOf: [inner] }));

/** Requests for the fields of {@link anyCondition}, each of them absent at times. */
export const anyMatchedRequest: fc.Arbitrary<ResolveRequest> = fc.record(
  {
    model: anyText.filter((text) => text !== ""),
    project: anyText.filter((text) => text !== ""),
    user: anyText.filter((text) => text !== ""),
    key: anyText.filter((text) => text !== ""),
    api: fc.constantFrom("chat", "messages", "embeddings"),
    stream: fc.boolean(),
    needs: fc.uniqueArray(need, { maxLength: 3 }),
    inputTokens: fc.nat(9),
    outputTokens: fc.nat(9),
    attributes: fc.record(
      {
        data: fc.constantFrom("public", "private"),
        team: fc.constantFrom("free", "paid", "trial"),
        level: fc.constantFrom(1, 2.5, 3),
        score: fraction,
        weight: fraction,
        note: anyText,
        tag: anyText,
        beta: fc.boolean(),
        sure: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

/** Minutes of the week, the edges of {@link anyCondition}'s windows among them. */
export const anyMinute = fc.oneof(fc.nat(12), fc.nat(10_079));

/** A Program whose routes have these conditions; all of them deny. Not loaded from a policy, so it is quick. */
export function programWith(conditions: readonly Condition[], timezone = "UTC"): Program {
  return {
    ...programOf(),
    timezone,
    attributes,
    keys,
    routes: conditions.map((when, index) => ({
      name: `r${index}`,
      when,
      action: { kind: "deny", reason: "no" },
    })),
  };
}
