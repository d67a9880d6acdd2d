import type { AttributeValue, Facts } from "../terms/facts.ts";
import { globTest } from "../terms/glob.ts";
import type { Condition, FieldName, FieldTest, Test } from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";

/**
 * Tells whether a condition holds for a request at a moment.
 *
 * @param minute of the week in the policy's time zone, from Monday 00:00
 */
export type Matcher = (facts: Facts, minute: number) => boolean;

type Reader = (facts: Facts) => AttributeValue | undefined;

/** Compiles a condition to closures; what no field mentions costs nothing. Pure and total. */
export function matcherOf(condition: Condition): Matcher {
  const parts = condition.fields.map(fieldMatcher);
  if (condition.anyOf) {
    const branches = condition.anyOf.map(matcherOf);
    parts.push((facts, minute) => branches.some((branch) => branch(facts, minute)));
  }
  const [first, second] = parts;
  if (!first) return () => true;
  if (!second) return first;
  if (parts.length === 2) return (facts, minute) => first(facts, minute) && second(facts, minute);
  return (facts, minute) => parts.every((part) => part(facts, minute));
}

/** Compiles the test of one field. */
function fieldMatcher({ field, test }: FieldTest): Matcher {
  const read = readerOf(field);
  switch (test.kind) {
    case "in": {
      const holds = inTest(test);
      return (facts) => holds(read(facts));
    }
    case "range": {
      const holds = rangeTest(test);
      return (facts) => holds(read(facts));
    }
    case "time":
      return (_, minute) => test.windows.some(({ from, to }) => from <= minute && minute < to);
    case "needs":
      return (facts) =>
        test.all.every((need) => facts.needs.includes(need)) &&
        (test.any.length === 0 || test.any.some((need) => facts.needs.includes(need))) &&
        !test.none.some((need) => facts.needs.includes(need));
    default:
      return unreachable(test);
  }
}

/** Compiles a test of one value; `needs` and `time` look at no value, and such a test holds for none. */
export function valueTest(test: Test): (value: AttributeValue | undefined) => boolean {
  switch (test.kind) {
    case "in":
      return inTest(test);
    case "range":
      return rangeTest(test);
    case "time":
    case "needs":
      return () => false;
    default:
      return unreachable(test);
  }
}

function inTest(
  test: Extract<Test, { kind: "in" }>,
): (value: AttributeValue | undefined) => boolean {
  const { values, not, present, absent } = test;
  const globs = test.globs.map(globTest);
  const [only] = values;
  if (values.length === 1 && globs.length === 0 && !present && !absent && !not) {
    return (value) => value === only;
  }
  const lists = listing(values);
  return (value) => {
    if (value === undefined) return absent !== not;
    return (present || lists(value) || admits(globs, value)) !== not;
  };
}

/** Up to so many values it is quicker to compare with each than to look the value up. */
const fewValues = 8;

function listing(values: readonly AttributeValue[]): (value: AttributeValue) => boolean {
  if (values.length > fewValues) {
    const set = new Set(values);
    return (value) => set.has(value);
  }
  return (value) => {
    for (const listed of values) if (listed === value) return true;
    return false;
  };
}

function admits(globs: readonly ((text: string) => boolean)[], value: AttributeValue): boolean {
  if (typeof value !== "string") return false;
  for (const glob of globs) if (glob(value)) return true;
  return false;
}

function rangeTest(
  test: Extract<Test, { kind: "range" }>,
): (value: AttributeValue | undefined) => boolean {
  const { gte = -Infinity, gt = -Infinity, lte = Infinity, lt = Infinity } = test;
  return (value) =>
    typeof value === "number" &&
    value >= gte &&
    (value > gt || gt === -Infinity) &&
    value <= lte &&
    (value < lt || lt === Infinity);
}

/** How a field of a request is read; `needs` and `time` have no single value and read as `undefined`. */
export function readerOf(field: FieldName): Reader {
  switch (field) {
    case "model":
      return (facts) => facts.model;
    case "api":
      return (facts) => facts.api;
    case "stream":
      return (facts) => facts.stream;
    case "inputTokens":
      return (facts) => facts.inputTokens;
    case "outputTokens":
      return (facts) => facts.outputTokens;
    case "project":
      return (facts) => facts.project;
    case "user":
      return (facts) => facts.user;
    case "key":
      return (facts) => facts.key;
    case "needs":
    case "time":
      return () => undefined;
    default: {
      const name = field.slice("attributes.".length);
      return (facts) => facts.attributes[name];
    }
  }
}
