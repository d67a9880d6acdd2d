import type { KindSpec } from "../catalog.ts";
import {
  chatAndEmbeddingsPaths,
  limitsByMaxTokens,
  refusesNothing,
  serviceTier,
} from "../chat-kind.ts";

/**
 * LM Studio's local server, through its OpenAI-compatible paths.
 *
 * Address, paths and that no key is needed: lmstudio.ai/docs/api/openai-api (read 2026-11-22).
 */
export const lmstudio: KindSpec = {
  kind: "lmstudio",
  baseUrl: "http://localhost:1234/v1",
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
  source: "lmstudio.ai/docs/api/openai-api, 2026-11-22",
};
