import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../../terms/json.ts";

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
  allErrors: true,
  // The schema is validated by a test; doing it here doubles the time of the first load.
  validateSchema: false,
  ownProperties: true,
});

const validators = new WeakMap<JsonObject, ValidateFunction>();

/**
 * Checks a value against one definition of the schema alone: whatever the definition only refers to passes, as it is
 * checked on its own. So one mistake is reported by the one definition that it breaks.
 */
export function shallowErrors(node: JsonObject, value: unknown): readonly ErrorObject[] {
  let validate = validators.get(node);
  if (!validate) {
    validate = ajv.compile(withoutReferences(node));
    validators.set(node, validate);
  }
  validate(value);
  return validate.errors ?? [];
}

/** The schema node with every `$ref` in it replaced by one that takes anything. */
function withoutReferences(node: JsonObject): JsonObject {
  if ("$ref" in node) return {};
  const own = Object.entries(node).filter(([name]) => !leftOut.has(name));
  return Object.fromEntries(own.map(([name, value]) => [name, opened(value)]));
}

/** `examples` and `default` are data, and the root's `$defs` and `$id` are of no use to one definition. */
const leftOut = new Set(["$defs", "$id", "$schema", "examples", "default", "description", "title"]);

function opened(value: JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) return value.map(opened);
  return isJsonObject(value) ? openedMembers(value) : (value ?? null);
}

function openedMembers(value: JsonObject): JsonObject {
  if ("$ref" in value) return {};
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, opened(each)]));
}
