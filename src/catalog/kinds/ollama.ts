import type { KindSpec } from "../catalog.ts";
import {
  chatAndEmbeddingsPaths,
  limitsByMaxTokens,
  refusesNothing,
  serviceTier,
} from "../chat-kind.ts";

/**
 * Ollama on the user's own machine, through its OpenAI-compatible paths.
 *
 * - Fields, paths and `stream_options.include_usage`: docs.ollama.com/api/openai-compatibility (read 2026-11-22);
 *   members it does not know it ignores, in 149 recorded exchanges of 2025 on the default address.
 * - It ignores keys. Ollama's cloud needs one and costs money: say so with `apiKey` and `models:`.
 */
export const ollama: KindSpec = {
  kind: "ollama",
  baseUrl: "http://localhost:11434/v1",
  needsKey: false,
  auth: "bearer",
  paths: chatAndEmbeddingsPaths,
  takesAnyModel: true,
  free: true,
  forwards: false,
  steering: [serviceTier],
  steeringSuffixes: [],
  chatOutputLimit: limitsByMaxTokens,
  refuses: refusesNothing,
  usageOnRequest: true,
  source: "docs.ollama.com/api/openai-compatibility, 2026-11-22; recorded exchanges, 2025",
};
