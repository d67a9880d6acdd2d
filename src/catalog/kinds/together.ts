import type { KindSpec } from "../catalog.ts";
import {
  chatAndEmbeddingsPaths,
  limitsByMaxTokens,
  refusesNothing,
  serviceTier,
} from "../chat-kind.ts";

/**
 * Together AI.
 *
 * - Address, key name, embeddings: docs.together.ai/docs/inference/openai-compatibility (read 2026-11-22), recorded
 *   exchanges of 2026; the older host `api.together.xyz` is still in recordings of 2025 and can be named as `baseUrl`.
 * - `max_tokens`: `maxTokensField` in pi-ai 1.5.2 (2026-11-10), and a recorded exchange.
 */
export const together: KindSpec = {
  kind: "together",
  baseUrl: "https://api.together.ai/v1",
  keyEnv: "TOGETHER_API_KEY",
  needsKey: true,
  auth: "bearer",
  paths: chatAndEmbeddingsPaths,
  takesAnyModel: false,
  free: false,
  forwards: false,
  steering: [serviceTier],
  steeringSuffixes: [],
  chatOutputLimit: limitsByMaxTokens,
  refuses: refusesNothing,
  usageOnRequest: true,
  source: "docs.together.ai/docs/inference/openai-compatibility, 2026-11-22",
};
