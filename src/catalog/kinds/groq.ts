import type { KindSpec, RefusedMember } from "../catalog.ts";
import { chatPaths, limitsByMaxTokens, refusesNothing } from "../chat-kind.ts";

/**
 * Groq.
 *
 * - Address: recorded exchanges of 2025–2026. No embeddings there.
 * - Refused members: console.groq.com/docs/openai (read 2026-11-22): `logprobs`, `logit_bias` and `top_logprobs` "will
 *   result in a 400 error", and `n` must be 1; `n: 1` answers 200 in 54 recorded exchanges.
 * - Service tiers: console.groq.com/docs/service-tiers (2026-11-22); `on_demand` is the default and the list price.
 * - `search_settings` and `compound_custom` run searches and code that are billed for each use: pages of the compound
 *   systems, as the `req_llm` guide lists them (2026).
 * - Usage comes unasked in `x_groq` of the last chunk, and in `usage` as soon as `include_usage` is set (recorded).
 */
export const groq: KindSpec = {
  kind: "groq",
  baseUrl: "https://api.groq.com/openai/v1",
  keyEnv: "GROQ_API_KEY",
  needsKey: true,
  auth: "bearer",
  paths: chatPaths,
  takesAnyModel: false,
  free: false,
  forwards: false,
  steering: [
    { member: "service_tier", harmless: ["auto", "on_demand"] },
    { member: "search_settings" },
    { member: "compound_custom" },
  ],
  steeringSuffixes: [],
  chatOutputLimit: limitsByMaxTokens,
  refuses: (api) => (api === "chat" ? refused : refusesNothing()),
  usageOnRequest: true,
  source: "console.groq.com/docs/openai, 2026-11-22; recorded exchanges, 2025 to 2026",
};

const refused: readonly RefusedMember[] = [
  { member: "logprobs", takes: [false, null], meaning: true },
  { member: "top_logprobs", takes: [null], meaning: true },
  { member: "logit_bias", takes: [null], meaning: true },
  { member: "n", takes: [1, null], meaning: true },
];
