import { drawOf, type Given } from "../../resolve/fixed-view.ts";
import { requestFields, unknownFields } from "../../resolve/request-fields.ts";
import type { ResolveRequest } from "../../terms/facts.ts";
import { isJsonObject } from "../../terms/json.ts";
import { parseUsd } from "../../terms/money.ts";
import { UsageError } from "./usage-error.ts";

/** The options of `explain`, as commander hands them over. */
export interface RequestOptions {
  readonly request?: string;
  readonly model?: string;
  readonly api?: string;
  readonly set?: readonly string[];
  readonly breaker?: readonly string[];
  readonly hold?: readonly string[];
  readonly spend?: readonly string[];
  readonly firstOutput?: readonly string[];
  readonly withoutKey?: readonly string[];
  readonly at?: string;
  readonly seed?: string;
}

/**
 * Reads the request from `--request JSON`, or from `--model`, `--api` and `--set name=value`; the latter win.
 *
 * @throws UsageError where the JSON is not an object or a field is not one that a request has
 */
export function requestFrom(options: RequestOptions): ResolveRequest {
  const request: Record<string, unknown> = {
    ...(options.request ? parsedRequest(options.request) : {}),
  };
  if (options.model !== undefined) request.model = options.model;
  if (options.api !== undefined) request.api = options.api;
  for (const [name, value] of pairs("--set", options.set)) setField(request, name, value);
  return request as ResolveRequest;
}

function parsedRequest(text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--request is not JSON: ${(error as SyntaxError).message}`);
  }
  if (!isJsonObject(parsed)) throw new UsageError("--request is a JSON object");
  const [unknown] = unknownFields(parsed);
  if (unknown !== undefined) {
    throw new UsageError(`--request: ${unknown}`, `it has ${requestFields.join(", ")}`);
  }
  return parsed;
}

/** A built-in field by its name, anything else as an attribute; `true`, `false` and numbers are read as such. */
function setField(request: Record<string, unknown>, name: string, text: string): void {
  const textual = ["model", "api", "project", "user", "key"];
  if (textual.includes(name)) request[name] = text;
  else if (name === "needs") request[name] = text.split(",").map((need) => need.trim());
  else if (requestFields.some((field) => field === name && field !== "attributes"))
    request[name] = scalar(text);
  else
    request.attributes = {
      ...(request.attributes as object | undefined),
      [name]: scalar(text),
    };
}

function scalar(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/**
 * Reads the state of the world to explain against; what is not given is healthy and unspent.
 *
 * @param nowMs the moment that holds where `--at` is not given
 * @throws UsageError where a value has not its form
 */
export function givenFrom(options: RequestOptions, nowMs: number): Given {
  const seed = options.seed === undefined ? 0 : wholeNumber("--seed", options.seed);
  return {
    nowMs: options.at === undefined ? nowMs : moment(options.at),
    draw: drawOf(seed),
    breakers: Object.fromEntries(pairs("--breaker", options.breaker).map(breakerState)),
    holds: Object.fromEntries(pairs("--hold", options.hold)),
    spend: Object.fromEntries(pairs("--spend", options.spend).map(amount)),
    firstOutputMs: Object.fromEntries(
      pairs("--first-output", options.firstOutput).map(milliseconds),
    ),
    withoutCredential: options.withoutKey ?? [],
  };
}

/** Splits `name=value` at the last `=`, since bucket names hold some themselves. */
function pairs(
  option: string,
  written: readonly string[] = [],
): readonly (readonly [string, string])[] {
  return written.map((text) => {
    const equals = option === "--set" ? text.indexOf("=") : text.lastIndexOf("=");
    if (equals < 1) throw new UsageError(`${option} is written name=value, not \`${text}\``);
    return [text.slice(0, equals), text.slice(equals + 1)] as const;
  });
}

function breakerState([target, state]: readonly [string, string]): [
  string,
  "open" | "half-open" | "closed",
] {
  if (state === "open" || state === "half-open" || state === "closed") return [target, state];
  throw new UsageError(`--breaker ${target} is open, half-open or closed, not \`${state}\``);
}

function amount([bucket, text]: readonly [string, string]): [string, number] {
  const nano = parseUsd(text);
  if (nano !== undefined) return [bucket, nano];
  throw new UsageError(`--spend ${bucket} is dollars such as 4.99, not \`${text}\``);
}

function milliseconds([target, text]: readonly [string, string]): [string, number] {
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return [target, Number(text)];
  throw new UsageError(`--first-output ${target} is milliseconds such as 250, not \`${text}\``);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`${option} is a whole number, not \`${text}\``);
}

function moment(text: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw new UsageError(`--at is a moment such as 2026-11-22T09:00:00Z, not \`${text}\``);
}
