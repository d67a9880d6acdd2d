import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { Usage } from "../terms/usage.ts";
import { asCount, asList, asObject } from "./json-read.ts";

/**
 * Reads `usage` of Anthropic's messages format; its `input_tokens` leave the cached ones out.
 *
 * Where `iterations` say that the provider ran several times (compaction, an adviser, a fallback), all of them are
 * billed, while the totals may hold the last alone: the larger sum counts.
 *
 * @returns `undefined` where a total is missing, negative or no whole number
 * @see https://platform.claude.com/docs/en/build-with-claude/compaction (2026-11-22)
 */
export function readMessagesUsage(usage: JsonValue | undefined): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const last = sums(usage);
  if (last === undefined) return undefined;
  const all = asList(usage["iterations"]).map((one) => sums(asObject(one)));
  const total = all.some((one) => one === undefined)
    ? last
    : added(all.flatMap((one) => one ?? []));
  const used = total.input + total.output > last.input + last.output ? total : last;
  if (!Number.isSafeInteger(used.input + used.output)) return undefined;
  const reasoning = asCount(asObject(usage["output_tokens_details"])["thinking_tokens"]);
  return {
    inputTokens: used.input,
    outputTokens: used.output,
    ...(used.cacheRead !== undefined && { cacheReadTokens: used.cacheRead }),
    ...(used.cacheWrite !== undefined && { cacheWriteTokens: used.cacheWrite }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
    raw: usage,
  };
}

interface Sums {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
}

function sums(usage: JsonObject): Sums | undefined {
  const fresh = asCount(usage["input_tokens"]);
  const output = asCount(usage["output_tokens"]);
  if (fresh === undefined || output === undefined) return undefined;
  const cacheRead = asCount(usage["cache_read_input_tokens"]);
  const cacheWrite = asCount(usage["cache_creation_input_tokens"]);
  return { input: fresh + (cacheRead ?? 0) + (cacheWrite ?? 0), output, cacheRead, cacheWrite };
}

function added(all: readonly Sums[]): Sums {
  const sum = (pick: (one: Sums) => number | undefined) =>
    all.reduce((total, one) => total + (pick(one) ?? 0), 0);
  return {
    input: sum((one) => one.input),
    output: sum((one) => one.output),
    cacheRead: sum((one) => one.cacheRead),
    cacheWrite: sum((one) => one.cacheWrite),
  };
}
