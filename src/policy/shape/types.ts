import type { JsonObject } from "../../terms/json.ts";
import { texts } from "./definitions.ts";

/** The JSON Schema types that a schema node takes. */
export function typesOf(node: JsonObject): readonly string[] {
  const { type } = node;
  return typeof type === "string" ? [type] : texts(type);
}

/** Tells whether a value is of a type that the schema node takes; nothing else about it. */
export function fits(value: unknown, node: JsonObject): boolean {
  return typesOf(node).some((type) => isOf(value, type));
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const words: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a block",
};

/** The types that any of the schema nodes takes, for "expected …": a text, a list or a block. */
export function expectedTypes(nodes: readonly JsonObject[]): string {
  const names = [...new Set(nodes.flatMap(typesOf))].map((type) => words[type] ?? type);
  const last = names.pop() ?? "something else";
  return names.length === 0 ? last : `${names.join(", ")} or ${last}`;
}
