import { apis } from "../../terms/api.ts";
import { builtInFields } from "../../terms/condition.ts";
import type { Facts } from "../../terms/facts.ts";
import type { Condition, FieldName, FieldTest, Program, Test } from "../../terms/program.ts";
import { unreachable } from "../../terms/unreachable.ts";
import { bothClasses, type ClassSet, isNoClass } from "./class-set.ts";
import { closedClasses } from "./closed-classes.ts";
import type { Box, FieldClasses } from "./field-classes.ts";
import { impossibleBoxes } from "./impossible-boxes.ts";
import { needsClasses } from "./needs-classes.ts";
import { numberClasses } from "./number-classes.ts";
import { fractions, wholeNumbers } from "./number-line.ts";
import { type Sample, sampleRequest } from "./sample.ts";
import { textClasses } from "./text-classes.ts";
import { timeClasses } from "./time-classes.ts";

export type { Box } from "./field-classes.ts";

/**
 * Requests as far as some conditions can tell them apart: a class for each field that the conditions mention. Every
 * tuple of classes has a request, those of {@link ClassSpace.impossible} left out, and all requests of a tuple meet the
 * same conditions.
 */
export interface ClassSpace {
  /** The fields mentioned, in one order for boxes and tuples: built-in ones first, then attributes as declared. */
  readonly fields: readonly FieldClasses[];
  /**
   * The requests that a condition holds for, as a union of boxes that may overlap; none for a condition that nothing
   * meets. As many boxes at most as the condition has match blocks without an `anyOf` of their own: a block holds one
   * `anyOf`, so that nothing multiplies.
   *
   * @param condition one of those that were encoded
   * @returns `undefined` where a field has too many combinations of globs to tell apart (see {@link globClasses}):
   * nothing is known of when the condition holds, and whoever asks must say so
   */
  readonly boxesOf: (condition: Condition) => readonly Box[] | undefined;
  /**
   * Tuples that no request has: a declared key fills in its project and the attributes that it sets, so that these are
   * not missing beside it.
   */
  readonly impossible: readonly Box[];
  /** The tuple of classes that a request lies in at a minute of the week, by {@link ClassSpace.fields}. */
  readonly classify: (facts: Facts, minute: number) => readonly number[];
  /** A request that lies in exactly these classes, unless they are impossible. */
  readonly sample: (classes: readonly number[]) => Sample;
}

/** Splits each field into the classes that the conditions tell apart. Pure; every condition of interest at once. */
export function encode(program: Program, conditions: readonly Condition[]): ClassSpace {
  const tests = new Map<FieldName, Test[]>();
  for (const condition of conditions) collectTests(condition, tests);
  const order = [...builtInFields, ...Object.keys(program.attributes).map(attributeField)];
  const fields = order.flatMap((field) => {
    const mentioned = tests.get(field);
    return mentioned ? [fieldClasses(program, field, mentioned)] : [];
  });
  const admitted = sharedSets(fields);
  const everything: Box = fields.map(() => undefined);
  return {
    fields,
    boxesOf: (condition) => boxesWithin(everything, condition, admitted),
    impossible: impossibleBoxes(program, fields),
    classify: (facts, minute) => fields.map(({ classOf }) => classOf(facts, minute)),
    sample: (classes) => sampleRequest(program.timezone, fields, classes),
  };
}

function attributeField(name: string): FieldName {
  return `attributes.${name}`;
}

function collectTests({ fields, anyOf }: Condition, tests: Map<FieldName, Test[]>): void {
  for (const { field, test } of fields) {
    const known = tests.get(field);
    if (known) known.push(test);
    else tests.set(field, [test]);
  }
  for (const branch of anyOf ?? []) collectTests(branch, tests);
}

/** Facts hold token counts as safe integers. */
const tokenCounts = wholeNumbers(Number.MAX_SAFE_INTEGER);

function fieldClasses(program: Program, field: FieldName, tests: readonly Test[]): FieldClasses {
  switch (field) {
    case "model":
    case "project":
    case "user":
      return textClasses({ field, mayBeAbsent: true, mayBeEmpty: false }, tests);
    case "key": {
      const known = Object.keys(program.keys);
      return textClasses({ field, mayBeAbsent: true, mayBeEmpty: false, known }, tests);
    }
    case "api":
      return closedClasses(field, apis, false);
    case "stream":
      return closedClasses(field, [false, true], false);
    case "needs":
      return needsClasses(tests);
    case "inputTokens":
    case "outputTokens":
      return numberClasses(field, tokenCounts, field === "outputTokens", tests);
    case "time":
      return timeClasses(tests);
    default:
      return attributeClasses(program, field, tests);
  }
}

function attributeClasses(
  program: Program,
  field: Extract<FieldName, `attributes.${string}`>,
  tests: readonly Test[],
): FieldClasses {
  const spec = program.attributes[field.slice("attributes.".length)];
  if (!spec) throw new TypeError(`a condition on ${field}, which the program does not declare`);
  const mayBeAbsent = spec.default === undefined;
  if (spec.values) return closedClasses(field, spec.values, mayBeAbsent);
  switch (spec.type) {
    case "boolean":
      return closedClasses(field, [false, true], mayBeAbsent);
    case "number":
      return numberClasses(field, fractions, mayBeAbsent, tests);
    case "string":
      return textClasses({ field, mayBeAbsent, mayBeEmpty: true }, tests);
    default:
      return unreachable(spec.type);
  }
}

interface AdmittedSet {
  /** The field's place in boxes. */
  readonly at: number;
  readonly set: ClassSet | undefined;
}

type Admitted = (test: FieldTest) => AdmittedSet;

/** The set of each test once: routes repeat the same tests, and their boxes can share them. */
function sharedSets(fields: readonly FieldClasses[]): Admitted {
  const places = new Map(
    fields.map((field, at) => [field.field, { at, field, sets: new Map<string, AdmittedSet>() }]),
  );
  return ({ field, test }) => {
    const place = places.get(field);
    if (!place) throw new TypeError(`a condition on ${field} that was not encoded`);
    const key = JSON.stringify(test);
    const known = place.sets.get(key);
    if (known) return known;
    const fresh = { at: place.at, set: place.field.admitted(test) };
    place.sets.set(key, fresh);
    return fresh;
  };
}

function boxesWithin(
  outer: Box,
  condition: Condition,
  admitted: Admitted,
): readonly Box[] | undefined {
  const box = narrowed(outer, condition.fields, admitted);
  if (box === "unknown") return undefined;
  if (box === "empty") return [];
  if (!condition.anyOf) return [box];
  const boxes: Box[] = [];
  for (const branch of condition.anyOf) {
    const inner = boxesWithin(box, branch, admitted);
    if (!inner) return undefined;
    boxes.push(...inner);
  }
  return boxes;
}

function narrowed(
  outer: Box,
  tests: readonly FieldTest[],
  admitted: Admitted,
): Box | "empty" | "unknown" {
  const box = [...outer];
  for (const test of tests) {
    const { at, set } = admitted(test);
    if (!set) return "unknown";
    const known = box[at];
    const both = known ? bothClasses(known, set) : set;
    if (isNoClass(both)) return "empty";
    box[at] = both;
  }
  return box;
}
