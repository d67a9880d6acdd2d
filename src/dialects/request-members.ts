import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { RequestProblem } from "./dialect.ts";

/** Members that every format has, read; or the first of them that is malformed. Null is as good as missing. */
export interface CommonMembers {
  readonly kind: "members";
  readonly model?: string;
  readonly stream: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

export function readCommon(body: JsonObject): CommonMembers | RequestProblem {
  const { model = null, stream = null, metadata = null } = body;
  if (model !== null && typeof model !== "string") return wrong("model", "a text", model);
  if (stream !== null && typeof stream !== "boolean") {
    return wrong("stream", "true or false", stream);
  }
  if (metadata !== null && !isJsonObject(metadata)) return wrong("metadata", "an object", metadata);
  return {
    kind: "members",
    ...(model !== null && { model }),
    stream: stream ?? false,
    metadata: texts(metadata ?? {}),
  };
}

function texts(metadata: JsonObject): Readonly<Record<string, string>> {
  const found = Object.entries(metadata).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(found as [string, string][]);
}

/**
 * An output limit as the caller wrote it. Missing, null and negative ones (LM Studio's `-1`, "no limit") are no limit, and
 * neither is 0: servers that do not refuse it take it for one.
 */
export function readLimit(body: JsonObject, member: string): number | undefined | RequestProblem {
  const value = body[member] ?? null;
  if (value === null) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    return wrong(member, "a whole number of tokens", value);
  }
  return value <= 0 ? undefined : value;
}

/** A malformed member, said in one line. */
export function wrong(
  member: string,
  expected: string,
  found: JsonValue | undefined,
): RequestProblem {
  const problem = `expected ${expected}, found ${describe(found)}`;
  return { kind: "problem", problem, member };
}

/** What a value is, without its content: prompts do not belong in messages. */
function describe(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "number" || typeof value === "boolean") return `\`${value}\``;
  if (typeof value === "string") return "a text";
  return Array.isArray(value) ? "a list" : "an object";
}
