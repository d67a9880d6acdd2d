import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/nearest.ts";
import { describeValue, quote, quoteChoices } from "../../diagnostics/quote.ts";
import { globTest, isGlob } from "../../terms/glob.ts";
import { unreachable } from "../../terms/unreachable.ts";
import type { Path } from "../loaded-policy.ts";
import type { FieldTest, RangeTest, TimeTest } from "../policy.generated.ts";
import { valueNotYet } from "../shape/not-yet.ts";
import { type Scalar, type TestShape, testShape } from "../shapes.ts";
import type { FieldKind } from "./fields.ts";
import { atKey, atValue, type Subject } from "./subject.ts";

/** One field of a match block with its test. */
export interface TestedField {
  readonly subject: Subject;
  readonly field: string;
  readonly kind: FieldKind;
  readonly test: FieldTest;
  readonly path: Path;
}

/** Finds tests that the field cannot have, and values that it cannot have. */
export function* checkTest(tested: TestedField): Generator<Diagnostic> {
  const { subject, field, kind, path } = tested;
  const shape = testShape(tested.test);
  if (!allows(kind, shape.kind)) {
    yield atKey(subject, path, ["SB206", `${quote(field)} takes ${takes(kind)}`]);
    return;
  }
  if (shape.kind === "range") yield* checkBounds(tested, shape.range);
  if (shape.kind === "time") yield* checkHours(tested, shape.time);
  if (shape.kind !== "in") return;
  for (const { value, at } of valuesOf(tested)) yield* checkValue(tested, value, at);
}

/** Bounds on a number of tokens are whole; bounds on an attribute can be any number. */
function* checkBounds(tested: TestedField, range: RangeTest): Generator<Diagnostic> {
  if (tested.kind.kind !== "count") return;
  for (const [name, bound] of Object.entries(range)) {
    if (typeof bound === "number") yield* checkValue(tested, bound, [...tested.path, name]);
  }
}

/** Hours that end where they begin could mean none or all of them. */
function* checkHours({ subject, path }: TestedField, { hours }: TimeTest): Generator<Diagnostic> {
  for (const [index, text] of (hours ?? []).entries()) {
    const [from, to] = text.split("-");
    if (from !== to) continue;
    const message = `expected hours that end after they begin, found ${quote(text)}`;
    const help = "the whole day is `00:00-24:00`; or leave `hours` out";
    yield atValue(subject, [...path, "hours", index], ["SB107", message], { help });
  }
}

function allows(kind: FieldKind, shape: TestShape["kind"]): boolean {
  const ownShape = kind.kind === "needs" || kind.kind === "time";
  if (ownShape || shape === "needs" || shape === "time") return kind.kind === shape;
  return shape === "in" || isNumeric(kind);
}

function isNumeric(kind: FieldKind): boolean {
  if (kind.kind === "listed") return kind.values.every((value) => typeof value === "number");
  return kind.kind === "number" || kind.kind === "count";
}

function takes(kind: FieldKind): string {
  if (kind.kind === "needs") return "a block with `all`, `any` or `none`, and nothing else";
  if (kind.kind === "time") return "a block with `days`, `hours` or both, and nothing else";
  const range = isNumeric(kind) ? ", or a range such as `{ gte: 10 }`" : "";
  return `a value, a list of values or \`{ not: … }\`${range}`;
}

interface PlacedValue {
  readonly value: Scalar;
  readonly at: Path;
}

/** The values of a test, each with its place. */
function* valuesOf({ test, path }: TestedField): Generator<PlacedValue> {
  const negated = typeof test === "object" && "not" in test;
  const value: unknown = negated ? test.not : test;
  const at = negated ? [...path, "not"] : path;
  if (!Array.isArray(value)) yield { value: value as Scalar, at };
  else for (const [index, item] of value.entries()) yield { value: item, at: [...at, index] };
}

function* checkValue(tested: TestedField, value: Scalar, at: Path): Generator<Diagnostic> {
  if (value === "present" || value === "absent") return;
  if (typeof value === "string" && value.split("*").length > 2) {
    const message = `expected at most one \`*\`, found ${describeValue(value)}`;
    yield atValue(tested.subject, at, ["SB110", message]);
    return;
  }
  const { kind } = tested;
  switch (kind.kind) {
    case "listed":
      return yield* checkListed(tested, kind.values, value, at);
    case "text":
      return yield* checkType(tested, typeof value === "string", value, at);
    case "boolean":
      return yield* checkType(tested, typeof value === "boolean", value, at);
    case "number":
      return yield* checkType(tested, typeof value === "number", value, at);
    case "count":
      return yield* checkType(tested, Number.isInteger(value) && Number(value) >= 0, value, at);
    case "needs":
    case "time":
      return;
    default:
      unreachable(kind);
  }
}

const typeWords = {
  text: "a text",
  boolean: "`true` or `false`",
  number: "a number",
  count: "a whole number of tokens",
  listed: "a listed value",
  needs: "a block",
  time: "a block",
} as const;

function* checkType(
  tested: TestedField,
  right: boolean,
  value: Scalar,
  at: Path,
): Generator<Diagnostic> {
  if (right) return;
  const { subject, kind } = tested;
  const help = kind.kind === "text" ? `quote it: \`"${value}"\`` : undefined;
  const message = `expected ${typeWords[kind.kind]}, found ${describeValue(value)}`;
  yield atValue(subject, at, ["SB206", message], { help });
}

function* checkListed(
  { subject, field }: TestedField,
  values: readonly Scalar[],
  value: Scalar,
  at: Path,
): Generator<Diagnostic> {
  if (admits(values, value)) return;
  const help =
    (field === "api" ? valueNotYet(value) : undefined) ??
    didYouMean(String(value), values.map(String));
  const message = `${quote(field)} is ${quoteChoices(values.map(String))}, never ${describeValue(value)}`;
  yield atValue(subject, at, ["SB205", message], { help });
}

function admits(values: readonly Scalar[], value: Scalar): boolean {
  if (typeof value !== "string" || !isGlob(value)) return values.includes(value);
  const test = globTest(value);
  return values.some((each) => typeof each === "string" && test(each));
}
