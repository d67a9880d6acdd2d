import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";

/** Reads a response header by its lower-case name. */
export type HeaderOf = (name: string) => string | undefined;

/** No provider asks for more; a longer wait is a mistake, or a clock that is wrong. 31 days in milliseconds. */
const longestMs = 31 * 24 * 60 * 60 * 1000;

/**
 * How long a provider asks us to wait, in milliseconds, by the first of these that says something usable:
 *
 * 1. `retry-after-ms`;
 * 2. `retry-after`, in seconds, decimals allowed, or as an HTTP date;
 * 3. the body: Google's `RetryInfo`, a reset that OpenRouter quotes, or "try again in 20s" in its message;
 * 4. `anthropic-ratelimit-*-reset`, RFC 3339, of limits of which nothing remains: the latest;
 * 5. `x-ratelimit-reset-*` and `x-ratelimit-reset`, as a duration (`7.66s`, `6m0s`) or an epoch time, of limits of which
 *    nothing remains, or that do not say what remains: the latest.
 *
 * A zero counts only where nothing later says more. Nonsense, negative and past times and waits of more than 31 days say
 * nothing. How much of it is honoured is not decided here.
 *
 * @param body the parsed body of the answer, where it is JSON
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 * @see https://platform.claude.com/docs/en/api/rate-limits#response-headers (2026-11-22)
 */
export function retryAfterMs(
  headers: HeaderOf,
  body: JsonObject | undefined,
  nowMs: number,
): number | undefined {
  let asked: number | undefined;
  for (const source of sources) {
    const ms = source(headers, body, nowMs);
    if (ms === undefined || !(ms >= 0 && ms <= longestMs)) continue;
    if (ms > 0) return Math.ceil(ms);
    asked = 0;
  }
  return asked;
}

type Source = (
  headers: HeaderOf,
  body: JsonObject | undefined,
  nowMs: number,
) => number | undefined;

const sources: readonly Source[] = [
  (headers) => decimal(headers("retry-after-ms")),
  (headers, _body, nowMs) => secondsOrDate(headers("retry-after"), nowMs),
  (_headers, body, nowMs) => (body === undefined ? undefined : fromBody(body, nowMs)),
  (headers, _body, nowMs) =>
    latest(anthropicLimits, (limit) => anthropicReset(headers, limit, nowMs)),
  (headers, _body, nowMs) => latest(openAiLimits, (limit) => openAiReset(headers, limit, nowMs)),
];

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}(?:\.\d{1,9})?\s*$/.test(text)
    ? Number(text)
    : undefined;
}

function secondsOrDate(text: string | undefined, nowMs: number): number | undefined {
  const seconds = decimal(text);
  if (seconds !== undefined) return seconds * 1000;
  // The weekday keeps `Date.parse` from reading `-5` as a month.
  return text !== undefined && /^\s*[A-Za-z]{3,9},/.test(text) ? until(text, nowMs) : undefined;
}

/** Milliseconds to a date; `undefined` where it is none or past. */
function until(date: string, nowMs: number): number | undefined {
  const atMs = Date.parse(date);
  return atMs > nowMs ? atMs - nowMs : undefined;
}

function fromBody(body: JsonObject, nowMs: number): number | undefined {
  const error = isJsonObject(body.error) ? body.error : body;
  return retryInfo(error.details) ?? quotedReset(error.metadata, nowMs) ?? fromMessage(body, error);
}

/** @see https://cloud.google.com/apis/design/errors#error_details (2026-11-22) */
function retryInfo(details: JsonValue | undefined): number | undefined {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details as readonly JsonValue[]) {
    if (!isJsonObject(detail) || typeof detail.retryDelay !== "string") continue;
    const ms = duration(detail.retryDelay);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** OpenRouter hands on the limits of the provider behind it in `metadata.headers`. */
function quotedReset(metadata: JsonValue | undefined, nowMs: number): number | undefined {
  const headers = isJsonObject(metadata) ? metadata.headers : undefined;
  if (!isJsonObject(headers)) return undefined;
  const reset = Object.entries(headers).find(
    ([name]) => name.toLowerCase() === "x-ratelimit-reset",
  );
  return reset === undefined ? undefined : durationOrEpoch(String(reset[1]), nowMs);
}

const inMessage =
  /(?:try again|retry) (?:in|after) (\d{1,9}(?:\.\d{1,9})?) ?(milliseconds?|ms|seconds?|secs?|minutes?|mins?)\b/i;
const durationInMessage = /(?:try again|retry) (?:in|after) ([\dhms.]{2,32})/i;

/** Only the beginning of a message is read: what asks to wait stands there. */
const messageLength = 2_000;

function fromMessage(body: JsonObject, error: JsonObject): number | undefined {
  const said = [error.message, body.error, body.message, body.detail].find(
    (text) => typeof text === "string",
  );
  if (typeof said !== "string") return undefined;
  const message = said.slice(0, messageLength);
  const worded = inMessage.exec(message);
  if (worded) return Number(worded[1]) * unitMs(worded[2] ?? "s");
  return duration((durationInMessage.exec(message)?.[1] ?? "").replace(/\.$/, ""));
}

function unitMs(unit: string): number {
  const name = unit.toLowerCase();
  if (name === "ms" || name.startsWith("milli")) return 1;
  return name.startsWith("m") ? 60_000 : 1000;
}

const durationForm =
  /^(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9}(?:\.\d{1,9})?)s)?(?:(\d{1,9}(?:\.\d{1,9})?)ms)?$/;

/** Go's way to write a duration: `6m0s`, `7.66s`, `17ms`. */
function duration(text: string): number | undefined {
  const match = text === "" ? null : durationForm.exec(text);
  if (!match) return undefined;
  const [, hours = 0, minutes = 0, seconds = 0, ms = 0] = match;
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(ms);
}

/** A bare number is seconds, or the seconds or milliseconds of an epoch time, by its size. */
function durationOrEpoch(text: string, nowMs: number): number | undefined {
  const number = decimal(text);
  if (number === undefined) return duration(text.trim());
  if (number < 1e9) return number * 1000;
  const atMs = number < 1e11 ? number * 1000 : number;
  return atMs > nowMs ? atMs - nowMs : undefined;
}

const anthropicLimits = ["requests", "tokens", "input-tokens", "output-tokens"] as const;
const openAiLimits = ["-requests", "-tokens", "-input-images", ""] as const;

function latest<T>(
  limits: readonly T[],
  resetOf: (limit: T) => number | undefined,
): number | undefined {
  const resets = limits.map(resetOf).filter((ms) => ms !== undefined);
  return resets.length === 0 ? undefined : Math.max(...resets);
}

function anthropicReset(headers: HeaderOf, limit: string, nowMs: number): number | undefined {
  const prefix = `anthropic-ratelimit-${limit}`;
  const reset = headers(`${prefix}-reset`);
  if (reset === undefined || decimal(headers(`${prefix}-remaining`)) !== 0) return undefined;
  return until(reset, nowMs);
}

function openAiReset(headers: HeaderOf, limit: string, nowMs: number): number | undefined {
  const reset = headers(`x-ratelimit-reset${limit}`);
  const remaining = headers(`x-ratelimit-remaining${limit}`);
  if (reset === undefined || (remaining !== undefined && decimal(remaining) !== 0))
    return undefined;
  return durationOrEpoch(reset, nowMs);
}
