import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import { isKnownCode } from "./known-codes.ts";
import { withoutQuotes } from "./quoted-text.ts";
import type { HeaderOf } from "./retry-after.ts";

/** What an error says of itself, in whatever envelope it came. */
export interface ErrorSignals {
  /** Types and codes, lower-case, the most telling first. */
  readonly codes: readonly string[];
  /** Lower-case, cut to a length that is cheap to search; may repeat what the caller wrote. */
  readonly message: string;
  /** The message without what it quotes. */
  readonly ownWords: string;
  /** It holds what was made of the answer (Groq's `failed_generation`). */
  readonly hasOutput: boolean;
  /** It points at something in the request: a parameter other than the model, which is ours to name, or by a code. */
  readonly isAboutRequest: boolean;
  /** The member of the body that it points at: `messages` where it says `messages[0].role`. */
  readonly member?: string;
  /** A status that is written inside the error (OpenRouter, Azure, Groq). */
  readonly status?: number;
  /** The provider's own code as it is written, where it is one that we know: an unknown one may be anything, a key too. */
  readonly code?: string;
}

const messageLength = 4_000;

/**
 * Gathers the signals of an error: OpenAI's and Anthropic's `error` object, Google's `status` and `details`, AWS's `__type`,
 * Mistral's flat body, Ollama's and xAI's `error` text, FastAPI's `detail`, or plain text.
 *
 * @param error a parsed body, the `error` of one, or text
 */
export function errorSignals(error: JsonValue | undefined, headers?: HeaderOf): ErrorSignals {
  const outer = objectIn(error);
  const inner = isJsonObject(outer.error) ? outer.error : outer;
  const written = [inner.code, inner.type, inner.status, outer.code, outer.__type];
  const codes = [...deepCodes(inner), headers?.("x-amzn-errortype"), ...written].flatMap(plainCode);
  const status = statusIn([inner.status_code, inner.code, inner.status, outer.code]);
  const code = written.flatMap((one) => (typeof one === "string" ? one : [])).find(isKnownCode);
  const message = messageIn(error, outer, inner).slice(0, messageLength).toLowerCase();
  return {
    codes: [...new Set(codes)],
    message,
    ownWords: withoutQuotes(message),
    hasOutput: (inner.failed_generation ?? null) !== null,
    isAboutRequest: isNamed(inner.code) || (isNamed(inner.param) && inner.param !== "model"),
    ...memberIn(inner.param),
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
  };
}

function memberIn(param: JsonValue | undefined): Pick<ErrorSignals, "member"> {
  const member = isNamed(param) ? /^[A-Za-z_]\w{0,63}/.exec(String(param))?.[0] : undefined;
  return member === undefined ? {} : { member };
}

/** Gemini wraps a stream's error in a list. */
function objectIn(value: JsonValue | undefined): JsonObject {
  const one = Array.isArray(value) ? (value as readonly JsonValue[])[0] : value;
  return isJsonObject(one) ? one : {};
}

/** `None` is Python's word for nothing, and a number is a status. */
function isNamed(value: JsonValue | undefined): boolean {
  return typeof value === "string" && !/^(?:|none|null|\d+)$/i.test(value);
}

/** `AccessDeniedException:http://internal.amazon.com/` is `accessdeniedexception`. */
function plainCode(value: JsonValue | undefined): readonly string[] {
  if (typeof value !== "string" || value === "" || value.length > 200) return [];
  const code = value.toLowerCase();
  return [code.includes("exception:") ? code.slice(0, code.indexOf(":")) : code];
}

/** Codes further down that say more than those at the top. */
function deepCodes(error: JsonObject): readonly (JsonValue | undefined)[] {
  const details = objectIn(error.details);
  const metadata = objectIn(error.metadata);
  return [
    details.error_code,
    metadata.limit_source,
    metadata.error_type,
    Array.isArray(metadata.reasons) ? "moderation_reasons" : undefined,
    objectIn(error.innererror).code,
    isDayQuota(error.details) ? "quota_per_day" : undefined,
  ];
}

/** Google names the exhausted quota in a violation. */
function isDayQuota(details: JsonValue | undefined): boolean {
  if (!Array.isArray(details)) return false;
  const violations = (details as readonly JsonValue[])
    .slice(0, 16)
    .flatMap((detail) => (isJsonObject(detail) ? (detail.violations ?? []) : []));
  return violations.some((violation) => {
    const id = isJsonObject(violation) ? violation.quotaId : undefined;
    return typeof id === "string" && id.includes("PerDay");
  });
}

function statusIn(values: readonly (JsonValue | undefined)[]): number | undefined {
  for (const value of values) {
    const number = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= 400 && number < 600) {
      return number;
    }
  }
  return undefined;
}

/** The first text among the places where providers put one; a message that is an object is no text. */
function messageIn(error: JsonValue | undefined, outer: JsonObject, inner: JsonObject): string {
  const places = [error, inner.message, outer.error, outer.message, outer.detail];
  const text = places.find((place) => typeof place === "string");
  return typeof text === "string" ? text : "";
}
