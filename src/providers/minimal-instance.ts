import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";

/** Deeper than this a schema that refers to itself ends in `null`. */
const mostDepth = 16;
/** Lengths that a schema asks for are met up to here. */
const mostLength = 1000;

/**
 * Builds a small value that a JSON Schema admits, the same one each time: constants and first choices as they are
 * written, required members only, the shortest texts and lists, the lowest numbers.
 *
 * Meets what schemas of tools and answers are made of: `const`, `enum`, `type`, `properties`, `required`, `items`,
 * `prefixItems`, `$ref` within the schema, `anyOf`, `oneOf`, `allOf`, bounds and common formats; not `pattern`, `not`
 * and conditions.
 */
export function minimalInstance(schema: JsonValue | undefined): JsonValue {
  return instance(schema, schema, 0);
}

function instance(
  schema: JsonValue | undefined,
  root: JsonValue | undefined,
  depth: number,
): JsonValue {
  if (!isJsonObject(schema) || depth > mostDepth) return null;
  const inner = (part: JsonValue | undefined) => instance(part, root, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  if (typeof schema.$ref === "string") return inner(referred(root, schema.$ref));
  for (const choice of [schema.anyOf, schema.oneOf]) {
    if (Array.isArray(choice) && choice.length > 0) return inner(merged(schema, choice[0]));
  }
  if (Array.isArray(schema.allOf))
    return inner(schema.allOf.reduce(merged, without(schema, "allOf")));
  return ofType(typeOf(schema), schema, inner);
}

function ofType(
  type: string,
  schema: JsonObject,
  inner: (part: JsonValue | undefined) => JsonValue,
): JsonValue {
  switch (type) {
    case "object":
      return ofObject(schema, inner);
    case "array":
      return ofArray(schema, inner);
    case "string":
      return ofString(schema);
    case "number":
    case "integer":
      return ofNumber(schema, type === "integer");
    case "boolean":
      return false;
    default:
      return null;
  }
}

function typeOf(schema: JsonObject): string {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type) && typeof type[0] === "string") return type[0];
  if (schema.properties !== undefined || schema.required !== undefined) return "object";
  return schema.items === undefined ? "object" : "array";
}

function ofObject(
  schema: JsonObject,
  inner: (part: JsonValue | undefined) => JsonValue,
): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const names = required.filter((name) => typeof name === "string");
  return Object.fromEntries(
    names.map((name) => [
      name,
      inner(Object.hasOwn(properties, name) ? properties[name] : undefined),
    ]),
  );
}

function ofArray(
  schema: JsonObject,
  inner: (part: JsonValue | undefined) => JsonValue,
): JsonValue[] {
  const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const length = Math.max(first.length, bound(schema.minItems));
  return Array.from({ length }, (_, index) => inner(first[index] ?? schema.items));
}

const formats: Readonly<Record<string, string>> = {
  date: "2026-01-01",
  "date-time": "2026-01-01T00:00:00Z",
  time: "00:00:00Z",
  email: "someone@example.com",
  uri: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

function ofString(schema: JsonObject): string {
  const { format } = schema;
  const text =
    typeof format === "string" && Object.hasOwn(formats, format) ? (formats[format] ?? "") : "";
  return text.padEnd(bound(schema.minLength), "x");
}

function ofNumber(schema: JsonObject, whole: boolean): number {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = schema;
  let least = Number.NEGATIVE_INFINITY;
  if (typeof minimum === "number") least = minimum;
  if (typeof exclusiveMinimum === "number")
    least = Math.max(least, exclusiveMinimum + (whole ? 1 : 0.5));
  let most = Number.POSITIVE_INFINITY;
  if (typeof maximum === "number") most = maximum;
  if (typeof exclusiveMaximum === "number")
    most = Math.min(most, exclusiveMaximum - (whole ? 1 : 0.5));
  const step = typeof multipleOf === "number" && multipleOf > 0 ? multipleOf : whole ? 1 : 0;
  const near = Math.min(Math.max(0, least), most);
  if (step === 0) return near;
  return (near >= 0 && near !== most ? Math.ceil(near / step) : Math.floor(near / step)) * step;
}

/** A length that a schema asks for, as far as it is met. */
function bound(value: JsonValue | undefined): number {
  return typeof value === "number" && value > 0 ? Math.min(Math.ceil(value), mostLength) : 0;
}

/** Follows `#/$defs/name` and its like. */
function referred(root: JsonValue | undefined, ref: string): JsonValue | undefined {
  if (!ref.startsWith("#")) return undefined;
  const steps = ref.slice(1).split("/").slice(1);
  return steps.reduce<JsonValue | undefined>((at, step) => {
    const name = decodeURIComponentSafely(step).replaceAll("~1", "/").replaceAll("~0", "~");
    return isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }, root);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** One schema with the demands of both; of two different values the second stands. */
function merged(first: JsonValue, second: JsonValue | undefined): JsonObject {
  const base = isJsonObject(first) ? without(without(first, "anyOf"), "oneOf") : {};
  if (!isJsonObject(second)) return base;
  const both = { ...base, ...second };
  const names = [base.required, second.required].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  const properties = { ...objectOf(base.properties), ...objectOf(second.properties) };
  return {
    ...both,
    ...(names.length > 0 && { required: [...new Set(names)] }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function without(schema: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== member));
}
