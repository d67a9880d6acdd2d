import { valueTest } from "../resolve/condition.ts";
import type { AttributeSpec, Condition, FieldTest, Program, Test } from "../terms/program.ts";
import { listed, unlisted } from "./able.ts";

/** How one policy of two reads the attributes that callers say. */
export interface AttributeReading {
  /** A condition of the policy as one on what the caller says, defaults worked in. */
  readonly translate: (condition: Condition) => Condition;
  /** The requests that the policy refuses because it does not declare what they say; missing where there are none. */
  readonly refuses: Condition | undefined;
}

/** The attributes of two policies, so that conditions of both can be told apart in one space. */
export interface JointAttributes {
  readonly attributes: Program["attributes"];
  readonly left: AttributeReading;
  readonly right: AttributeReading;
}

/**
 * Brings the attributes of two policies together. What both declare alike stays as it is. Of any other the value is what
 * the caller says, or nothing; the defaults of each policy then go into its conditions, and what only one of them
 * accepts is refused by the other. An attribute whose type has changed is taken not to be said at all.
 */
export function jointAttributes(left: Program, right: Program): JointAttributes {
  const names = new Set([...Object.keys(left.attributes), ...Object.keys(right.attributes)]);
  const attributes: Record<string, AttributeSpec> = {};
  const differing = new Set<string>();
  const silent = new Set<string>();
  for (const name of names) {
    const mine = own(left.attributes, name);
    const theirs = own(right.attributes, name);
    if (mine && theirs && isAlike(mine, theirs)) {
      attributes[name] = mine;
    } else if (mine && theirs && mine.type !== theirs.type) {
      silent.add(name);
    } else {
      differing.add(name);
      attributes[name] = merged(mine, theirs);
    }
  }
  const reading = (program: Program): AttributeReading => ({
    translate: (condition) => translated(program, condition, { differing, silent }),
    refuses: refusals(program, attributes, differing),
  });
  return { attributes, left: reading(left), right: reading(right) };
}

function own<V>(record: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isAlike(one: AttributeSpec, other: AttributeSpec): boolean {
  const inWords = ({ type, values, default: fallback }: AttributeSpec) =>
    JSON.stringify([type, values && [...values].sort(), fallback]);
  return inWords(one) === inWords(other);
}

function merged(one: AttributeSpec | undefined, other: AttributeSpec | undefined): AttributeSpec {
  const specs = [one, other].filter((spec) => spec !== undefined);
  const type = specs[0]?.type ?? "string";
  const isOpen = specs.some(({ values }) => values === undefined);
  if (isOpen) return { type };
  return { type, values: [...new Set(specs.flatMap(({ values = [] }) => values))] };
}

function refusals(
  program: Program,
  joint: Program["attributes"],
  differing: ReadonlySet<string>,
): Condition | undefined {
  const branches = [...differing].flatMap((name): readonly Condition[] => {
    const spec = own(program.attributes, name);
    if (!spec) return [{ fields: [presence(name, true)] }];
    if (!spec.values || joint[name]?.values?.length === spec.values.length) return [];
    const strange = { ...unlisted(`attributes.${name}`, []), test: notAmong(spec.values) };
    return [{ fields: [strange] }];
  });
  return branches.length > 0 ? { fields: [], anyOf: branches } : undefined;
}

/** Said, and none of the values. */
function notAmong(values: NonNullable<AttributeSpec["values"]>): Test {
  return { kind: "in", values, globs: [], present: false, absent: true, not: true };
}

function presence(name: string, present: boolean): FieldTest {
  const test: Test = { kind: "in", values: [], globs: [], present, absent: !present, not: false };
  return { field: `attributes.${name}`, test };
}

/** A test that nothing meets. */
const never: FieldTest = listed("api", []);

function translated(program: Program, condition: Condition, odd: OddAttributes): Condition {
  const tests: FieldTest[] = [];
  let inner = condition.anyOf?.map((branch) => translated(program, branch, odd));
  for (const field of condition.fields) {
    const found = translatedTest(program, field, odd);
    if (found.or) inner = [withInner([field], inner), withInner([found.or], inner)];
    else tests.push(...found.and);
  }
  return withInner(tests, inner);
}

/** Attributes that two policies do not declare alike. */
interface OddAttributes {
  readonly differing: ReadonlySet<string>;
  /** Taken not to be said. */
  readonly silent: ReadonlySet<string>;
}

/** A test with the default of its attribute worked in: other tests in its place, or one that may hold instead. */
function translatedTest(
  { attributes }: Program,
  field: FieldTest,
  { differing, silent }: OddAttributes,
): { readonly and: readonly FieldTest[]; readonly or?: FieldTest } {
  const name = field.field.startsWith(prefix) ? field.field.slice(prefix.length) : "";
  if (!differing.has(name) && !silent.has(name)) return { and: [field] };
  const holdsUnsaid = valueTest(field.test)(own(attributes, name)?.default);
  if (silent.has(name)) return { and: holdsUnsaid ? [] : [never] };
  if (field.test.kind === "in") {
    return { and: [{ ...field, test: { ...field.test, absent: holdsUnsaid !== field.test.not } }] };
  }
  return holdsUnsaid ? { and: [], or: presence(name, false) } : { and: [field] };
}

const prefix = "attributes.";

function withInner(
  fields: readonly FieldTest[],
  anyOf: readonly Condition[] | undefined,
): Condition {
  return anyOf ? { fields, anyOf } : { fields };
}
