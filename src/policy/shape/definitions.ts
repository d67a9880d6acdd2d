import schema from "../../../schema/policy.schema.json" with { type: "json" };
import { isJsonObject, type JsonObject, type JsonValue } from "../../terms/json.ts";

/** The policy language's JSON Schema. */
export const policySchema: JsonObject = schema as unknown as JsonObject;

const prefix = "#/$defs/";

/** Where the references of schemas other than the policy's lead. */
const elsewhere = new WeakMap<JsonObject, JsonObject>();

/** Makes the references of another schema lead to its own `$defs`. Once for each schema, before it is used. */
export function withOwnDefinitions(schema: JsonObject): JsonObject {
  const visit = (value: JsonValue | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isJsonObject(value)) return;
    if (typeof value.$ref === "string") elsewhere.set(value, schema);
    Object.values(value).forEach(visit);
  };
  visit(schema);
  return schema;
}

/** Follows a `$ref` to the definition that it names in its own schema; any other schema is itself. */
export function definitionOf(node: JsonObject): JsonObject {
  const ref = node.$ref;
  if (typeof ref !== "string") return node;
  const definitions = member(elsewhere.get(node) ?? policySchema, "$defs");
  const found = definitions && member(definitions, ref.slice(prefix.length));
  if (!found) throw new TypeError(`the schema has no ${ref}`);
  return found;
}

/** A member of a schema node that is itself an object; own members only. */
export function member(node: JsonObject, name: string): JsonObject | undefined {
  const value = Object.hasOwn(node, name) ? node[name] : undefined;
  return isJsonObject(value) ? value : undefined;
}

/** The branches of a union, followed to their definitions; `undefined` for any other schema. */
export function branchesOf(node: JsonObject): readonly JsonObject[] | undefined {
  const branches = node.oneOf;
  return Array.isArray(branches) ? branches.filter(isJsonObject).map(definitionOf) : undefined;
}

/** The texts in a list of a schema node, such as `required` or `enum`. */
export function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** The schema of one property, of the others, or of a list's items. */
export function childSchema(node: JsonObject, key: string | number): JsonObject | undefined {
  if (typeof key === "number") return member(node, "items");
  const properties = member(node, "properties");
  return (properties && member(properties, key)) ?? member(node, "additionalProperties");
}

/** Names of the properties that a schema node lists. */
export function propertyNames(node: JsonObject): readonly string[] {
  return Object.keys(member(node, "properties") ?? {});
}
