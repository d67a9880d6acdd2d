/** Any value that JSON can write; objects and arrays are read-only. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; a missing member reads as `undefined`. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** Tells whether a value is a JSON object: neither null, nor a list, nor a scalar. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
