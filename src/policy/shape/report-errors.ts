import type { ErrorObject } from "ajv/dist/2020.js";
import { nearest } from "../../diagnostics/nearest.ts";
import { describeValue, quote, quoteChoices } from "../../diagnostics/quote.ts";
import { isJsonObject, type JsonObject } from "../../terms/json.ts";
import type { Path } from "../loaded-policy.ts";
import { childSchema, propertyNames } from "./definitions.ts";
import type { Form } from "./forms.ts";
import { propertyNotYet, valueNotYet } from "./not-yet.ts";
import type { Reporter } from "./reporter.ts";
import { expectedTypes, typesOf } from "./types.ts";

/** One definition, the value that was checked against it, and where the value stands. */
export interface Checked {
  readonly node: JsonObject;
  readonly value: unknown;
  readonly path: Path;
}

/** Turns the validator's errors about one value into findings: one for each mistake, at the key or scalar to change. */
export function reportErrors(
  checked: Checked,
  errors: readonly ErrorObject[],
  report: Reporter,
): void {
  const mistyped = new Set(
    errors.filter(({ keyword }) => keyword === "type").map((e) => e.instancePath),
  );
  for (const error of errors) {
    if (error.keyword !== "type" && mistyped.has(error.instancePath)) continue;
    reportOne({ checked: inner(checked, error), error, report });
  }
  for (const pointer of new Set(errors.map(({ instancePath }) => instancePath))) {
    reportKeys(
      checked,
      errors.filter(({ instancePath }) => instancePath === pointer),
      report,
    );
  }
}

/** The part of the value, and of the definition, that an error is about. */
function inner(checked: Checked, error: ErrorObject): Checked {
  let { node, value, path } = checked;
  for (const step of error.instancePath.split("/").slice(1)) {
    const key = Array.isArray(value)
      ? Number(step)
      : step.replaceAll("~1", "/").replaceAll("~0", "~");
    node = childSchema(node, key) ?? {};
    value = (value as Readonly<Record<string, unknown>>)[String(key)];
    path = [...path, key];
  }
  return { node, value, path };
}

interface OneError {
  readonly checked: Checked;
  readonly error: ErrorObject;
  readonly report: Reporter;
}

function reportOne(one: OneError): void {
  reporters[one.error.keyword]?.(one);
}

/** What is said for each keyword of the schema; unknown and missing properties are told by {@link reportKeys}. */
const reporters: Readonly<Record<string, (one: OneError) => void>> = {
  type: wrongType,
  enum: unknownValue,
  const: unknownValue,
  pattern: wrongForm,
  propertyNames: wrongName,
  minimum: (one) => outOfRange(one, "at least"),
  maximum: (one) => outOfRange(one, "at most"),
  exclusiveMinimum: (one) => outOfRange(one, "more than"),
  minItems: (one) => empty(one, "at least one item"),
  minProperties: (one) => empty(one, "at least one property"),
  minLength: (one) => empty(one, "some text"),
  uniqueItems: repeated,
};

function outOfRange({ checked: { value, path }, error, report }: OneError, bound: string): void {
  const message = `expected ${bound} ${error.params.limit}, found ${describeValue(value)}`;
  report.value("SB107", message, path);
}

function empty({ checked: { value, path }, report }: OneError, expected: string): void {
  report.either("SB109", `expected ${expected}, found none`, path, value);
}

function wrongType({ checked: { node, value, path }, report }: OneError): void {
  const form = report.formOf(node.pattern);
  const expected = form?.expected ?? expectedTypes([node]);
  const message = `expected ${expected}, found ${describeValue(value)}`;
  const scalar = typeof value === "number" || typeof value === "boolean";
  if (form?.withUnit && typeof value === "number") {
    const help = `quote it and name the unit, \`${form.withUnit(String(value))}\``;
    report.value(form.code, message, path, help);
    return;
  }
  const quotable = scalar && typesOf(node).includes("string");
  report.either("SB103", message, path, value, quotable ? `quote it: \`"${value}"\`` : undefined);
}

function unknownValue({ checked: { value, path }, error, report }: OneError): void {
  const { allowedValues, allowedValue } = error.params;
  const allowed: readonly unknown[] = Array.isArray(allowedValues) ? allowedValues : [allowedValue];
  const choices = allowed.map(String);
  const near = typeof value === "string" ? nearest(value, choices) : undefined;
  const help = valueNotYet(value) ?? (near && `did you mean ${quote(near)}?`);
  const message = `expected ${quoteChoices(choices)}, found ${describeValue(value)}`;
  report.value("SB104", message, path, help);
}

function wrongForm({ checked: { value, path }, error, report }: OneError): void {
  if (error.propertyName !== undefined) return;
  const form = report.formOf(error.params.pattern);
  const expected = form?.expected ?? "another form of text";
  if (form?.isSecret) {
    const help = 'write the digest of the key, never the key: `printf %s "$KEY" | sha256sum`';
    report.value(form.code, `expected ${expected}, found another text`, path, help);
    return;
  }
  const message = `expected ${expected}, found ${describeValue(value)}`;
  report.value(form?.code ?? "SB104", message, path, formHelp(form, value));
}

function formHelp(form: Form | undefined, value: unknown): string | undefined {
  if (!form || typeof value !== "string") return form?.help;
  const isBare = /^\d+(\.\d+)?$/.test(value);
  if (isBare && form.withUnit) return `name the unit, \`${form.withUnit(value)}\``;
  const near = form.near?.(value);
  return near === undefined ? form.help : `write \`${near}\``;
}

function wrongName({ checked: { node, path }, error, report }: OneError): void {
  const name = String(error.params.propertyName);
  const names = node.propertyNames;
  const form = report.formOf(isJsonObject(names) ? names.pattern : undefined);
  const message = `expected ${form?.expected ?? "another name"}, found ${describeValue(name)}`;
  report.key(form?.code ?? "SB105", message, [...path, name]);
}

function repeated({ checked: { value, path }, error, report }: OneError): void {
  const later = Math.max(Number(error.params.i), Number(error.params.j));
  const item: unknown = Array.isArray(value) ? value[later] : undefined;
  report.value("SB112", `${describeValue(item)} is listed twice`, [...path, later]);
}

/** Unknown and missing properties of one object; a misspelt one is both, and reported once. */
function reportKeys(checked: Checked, errors: readonly ErrorObject[], report: Reporter): void {
  const unknown = keysOf(errors, "additionalProperties", "additionalProperty");
  const missing = keysOf(errors, "required", "missingProperty");
  const first = errors[0];
  if (!first || unknown.length + missing.length === 0) return;
  const { node, value, path } = inner(checked, first);
  const absent = propertyNames(node).filter((name) => !Object.hasOwn(Object(value), name));
  const only = unknown.length === 1 && missing.length === 1 ? missing[0] : undefined;
  const meant = new Map(unknown.map((key) => [key, meantBy(key, absent) ?? only]));
  for (const [key, name] of meant) {
    const help = propertyNotYet(key) ?? helpWith(name, node);
    report.key("SB101", `${quote(key)} is not known here`, [...path, key], help);
  }
  const replaced = new Set(meant.values());
  for (const name of missing) {
    if (!replaced.has(name)) report.key("SB102", `${quote(name)} is missing`, path);
  }
}

function meantBy(key: string, absent: readonly string[]): string | undefined {
  return propertyNotYet(key) === undefined ? nearest(key, absent) : undefined;
}

function helpWith(meant: string | undefined, node: JsonObject): string {
  if (meant !== undefined) return `did you mean ${quote(meant)}?`;
  return `known are ${propertyNames(node).map(quote).join(", ")}`;
}

function keysOf(errors: readonly ErrorObject[], keyword: string, param: string): readonly string[] {
  return errors
    .filter((error) => error.keyword === keyword)
    .map((error) => String(error.params[param]));
}
