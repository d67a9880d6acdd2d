import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { Usage } from "../terms/usage.ts";
import { asCount, asList, asObject } from "./json-read.ts";

/**
 * Reads `usage` of Anthropic's messages format; its `input_tokens` leave the cached ones out.
 *
 * Where `iterations` say that the provider ran several times (compaction, an adviser, a fallback), all of them are
 * billed, while the totals may hold the last alone: the larger sum counts.
 *
 * @returns `undefined` where a total is missing, negative or no whole number, or where no input was counted
 * @see https://platform.claude.com/docs/en/build-with-claude/compaction (2026-11-22)
 */
export function readMessagesUsage(usage: JsonValue | undefined): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const last = sums(usage);
  if (last === undefined) return undefined;
  const all = asList(usage.iterations).map((one) => sums(asObject(one)));
  const total = all.some((one) => one === undefined)
    ? last
    : added(all.flatMap((one) => one ?? []));
  const used = total.input + total.output > last.input + last.output ? total : last;
  if (used.input === 0 || !Number.isSafeInteger(used.input + used.output)) return undefined;
  const reasoning = asCount(asObject(usage.output_tokens_details).thinking_tokens);
  return {
    inputTokens: used.input,
    outputTokens: used.output,
    ...(used.cacheRead !== undefined && { cacheReadTokens: used.cacheRead }),
    ...(used.cacheWrite !== undefined && { cacheWriteTokens: used.cacheWrite }),
    ...(used.cacheWrite1h !== undefined && { cacheWrite1hTokens: used.cacheWrite1h }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
    raw: usage,
  };
}

interface Sums {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly cacheWrite1h: number | undefined;
}

function sums(usage: JsonObject): Sums | undefined {
  const fresh = asCount(usage.input_tokens);
  const output = asCount(usage.output_tokens);
  if (fresh === undefined || output === undefined) return undefined;
  const cacheRead = asCount(usage.cache_read_input_tokens);
  const cacheWrite = asCount(usage.cache_creation_input_tokens);
  const cacheWrite1h = asCount(asObject(usage.cache_creation).ephemeral_1h_input_tokens);
  const input = fresh + (cacheRead ?? 0) + (cacheWrite ?? 0);
  return { input, output, cacheRead, cacheWrite, cacheWrite1h };
}

/** A part is known where every one of them says it. */
function added(all: readonly Sums[]): Sums {
  const sum = (pick: (one: Sums) => number | undefined) => {
    const counts = all.map(pick);
    const known = counts.filter((count) => count !== undefined);
    return known.length === counts.length ? known.reduce((a, b) => a + b, 0) : undefined;
  };
  return {
    input: sum((one) => one.input) ?? 0,
    output: sum((one) => one.output) ?? 0,
    cacheRead: sum((one) => one.cacheRead),
    cacheWrite: sum((one) => one.cacheWrite),
    cacheWrite1h: sum((one) => one.cacheWrite1h),
  };
}
