import type { JsonObject } from "./json.ts";
import type { NanoUsd } from "./money.ts";

/** Tokens that a provider says one attempt used. What it did not say is `undefined`, never 0. */
export interface Usage {
  /** All input tokens, cached and cache-writing ones included. */
  readonly inputTokens: number;
  /** All output tokens, reasoning included. */
  readonly outputTokens: number;
  /** The part of `inputTokens` that was read from the provider's prompt cache. */
  readonly cacheReadTokens?: number;
  /** The part of `inputTokens` that was written to the provider's prompt cache. */
  readonly cacheWriteTokens?: number;
  /** The part of `cacheWriteTokens` that is kept for an hour; all of it may be where a provider does not say. */
  readonly cacheWrite1hTokens?: number;
  /** The part of `outputTokens` that was reasoning. */
  readonly reasoningTokens?: number;
  /** The part of `inputTokens` that was audio. */
  readonly inputAudioTokens?: number;
  /** The part of `outputTokens` that was audio. */
  readonly outputAudioTokens?: number;
  /** The cost that the provider itself reports, before any fee of ours. */
  readonly reportedCost?: NanoUsd;
  /** The provider's own usage member, untouched. */
  readonly raw: JsonObject;
}
