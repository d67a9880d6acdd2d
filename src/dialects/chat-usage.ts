import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { Usage } from "../terms/usage.ts";
import { asCount, asObject } from "./json-read.ts";
import { reportedCost } from "./usage-cost.ts";

/**
 * Reads `usage` of OpenAI's chat format and of those who speak it.
 *
 * They differ on what the totals hold. Where the numbers show that a part was left out, it is added, so that nothing is
 * settled below what was billed: xAI, Gemini and Vercel's gateway leave reasoning out of `completion_tokens`, Mistral
 * audio and Azure's Grok cached tokens out of `prompt_tokens`.
 *
 * @returns `undefined` where a total is missing, negative or no whole number, or where no input was counted and no cost said:
 * there is no request without any
 */
export function readChatUsage(usage: JsonValue | undefined): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const prompt = asCount(usage.prompt_tokens);
  const completion = asCount(usage.completion_tokens);
  if (prompt === undefined || completion === undefined) return undefined;
  const parts = usageParts(usage);
  const total = asCount(usage.total_tokens) ?? 0;
  const { inputTokens, outputTokens } = wholes({ prompt, completion, total }, parts);
  const cost = reportedCost(usage);
  if (inputTokens === 0 && !cost) return undefined;
  if (!Number.isSafeInteger(inputTokens + outputTokens)) return undefined;
  return {
    inputTokens,
    outputTokens,
    ...parts,
    ...(cost !== undefined && { reportedCost: cost }),
    raw: usage,
  };
}

type UsageParts = Pick<
  Usage,
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "reasoningTokens"
  | "inputAudioTokens"
  | "outputAudioTokens"
>;

/** The parts that are said; each provider has its own name for the cached ones. */
export function usageParts(usage: JsonObject): UsageParts {
  const input = asObject(usage.prompt_tokens_details);
  const output = asObject(usage.completion_tokens_details);
  const cacheRead = firstCount(
    input.cached_tokens,
    usage.cached_tokens,
    usage.num_cached_tokens,
    usage.prompt_cache_hit_tokens,
    usage.cache_read_input_tokens,
  );
  const cacheWrite = firstCount(
    input.cache_write_tokens,
    input.cache_creation_tokens,
    usage.cache_creation_input_tokens,
  );
  const reasoning = asCount(output.reasoning_tokens);
  const inputAudio = asCount(input.audio_tokens);
  const outputAudio = asCount(output.audio_tokens);
  return {
    ...(cacheRead !== undefined && { cacheReadTokens: cacheRead }),
    ...(cacheWrite !== undefined && { cacheWriteTokens: cacheWrite }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
    ...(inputAudio !== undefined && { inputAudioTokens: inputAudio }),
    ...(outputAudio !== undefined && { outputAudioTokens: outputAudio }),
  };
}

function firstCount(...values: readonly (JsonValue | undefined)[]): number | undefined {
  for (const value of values) {
    const count = asCount(value);
    if (count !== undefined) return count;
  }
  return undefined;
}

interface Totals {
  readonly prompt: number;
  readonly completion: number;
  /** 0 where it is not said. */
  readonly total: number;
}

function wholes({ prompt, completion, total }: Totals, parts: UsageParts) {
  const cached = (parts.cacheReadTokens ?? 0) + (parts.cacheWriteTokens ?? 0);
  const audio = parts.inputAudioTokens ?? 0;
  const reasoning = parts.reasoningTokens ?? 0;
  let inputTokens = prompt;
  if (audio > prompt) inputTokens += audio;
  if (cached > prompt) inputTokens += cached;
  const outputTokens = reasoning > completion ? completion + reasoning : completion;
  // Tokens that only the total knows are output: reasoning that is not itemised, and the dearer guess.
  return { inputTokens, outputTokens: Math.max(outputTokens, total - inputTokens) };
}
