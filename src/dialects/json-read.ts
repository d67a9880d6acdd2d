import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";

const nothing: JsonObject = {};

/** The value as an object; an empty one where it is something else. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : nothing;
}

/** The value as a list; an empty one where it is something else. */
export function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** The value where it is a text that is not empty. */
export function asText(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value where it is a whole number from 0 on that is held exactly. */
export function asCount(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Parses an object; `undefined` for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What an answer says went wrong; `undefined` where its `error` is missing, null, false or empty. */
export function errorMember(body: JsonObject): JsonValue | undefined {
  const error = body.error;
  if (error === undefined || error === null || error === false || error === "") return undefined;
  return error;
}
