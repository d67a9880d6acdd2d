import type { KindSpec } from "../catalog.ts";
import {
  chatAndEmbeddingsPaths,
  limitsByMaxTokens,
  refusesNothing,
  serviceTier,
} from "../chat-kind.ts";

/**
 * DeepInfra. The price book has no prices of it: under a hard ceiling its models need a `price` under `models:`.
 *
 * - Address, `max_tokens`, embeddings: deepinfra.com/docs/openai_api (read 2026-11-22).
 * - Key name: what its clients read (`DEEPINFRA_API_KEY`; its own pages write `DEEPINFRA_TOKEN`), 2026.
 */
export const deepinfra: KindSpec = {
  kind: "deepinfra",
  baseUrl: "https://api.deepinfra.com/v1/openai",
  keyEnv: "DEEPINFRA_API_KEY",
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
  source: "deepinfra.com/docs/openai_api, 2026-11-22",
};
