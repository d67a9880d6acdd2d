import type { Api } from "../../terms/api.ts";
import type { KindSpec, RefusedMember } from "../catalog.ts";
import { chatAndEmbeddingsPaths, refusesNothing, serviceTier } from "../chat-kind.ts";

/**
 * OpenAI's own API.
 *
 * - Addresses and limit names: recorded exchanges of 2024–2026; `gpt-3.5` to `gpt-4.5` answer 200 to either limit name.
 * - `max_tokens` is "not compatible with o-series models", `stop` is "not supported with o3 and o4-mini", and
 *   `web_search_options` runs a search that is billed for each call: OpenAI's OpenAPI description of 2026-08-21.
 * - Reasoning models of the o-series and gpt-5 take sampling settings at their defaults only: the provider's own error
 *   text in QwenLM/qwen-code#921 (2025-10-29) and diffbot/code-gpt-docs#445 (2025-08-11). From gpt-5.1 on it depends on
 *   the reasoning effort (vercel/ai#10932), and `gpt-5-chat` is no reasoning model (BerriAI/litellm#13781), so nothing
 *   is claimed of those.
 */
export const openai: KindSpec = {
  kind: "openai",
  baseUrl: "https://api.openai.com/v1",
  keyEnv: "OPENAI_API_KEY",
  needsKey: true,
  auth: "bearer",
  paths: chatAndEmbeddingsPaths,
  takesAnyModel: false,
  free: false,
  forwards: false,
  steering: [serviceTier, { member: "web_search_options" }],
  steeringSuffixes: [],
  chatOutputLimit: (model) => (takesMaxTokens.test(model) ? "max_tokens" : "max_completion_tokens"),
  refuses: (api, model) =>
    refusesSampling(api, model) ? refusedByReasoning(model) : refusesNothing(),
  usageOnRequest: true,
  source: "github.com/openai/openai-openapi, 2026-08-21; recorded exchanges, 2024 to 2026",
};

/** Everything from before the reasoning models, fine-tunes included; whatever comes next takes the newer name. */
const takesMaxTokens = /^(?:ft:)?(?:gpt-3\.5|gpt-4|chatgpt-4o)/;

const reasoningOnly =
  /^(?:o[134](?:-mini|-pro|-preview)?|gpt-5(?:-mini|-nano|-pro)?)(?:-\d{4}-\d{2}-\d{2})?$/;

/** Dated names included, and not `o3-mini`: a recorded answer of 2025-06 ends where its `stop` asked for it. */
const noStop = /^o(?:1-mini|3|4-mini)(?:-\d|$)/;

function refusesSampling(api: Api, model: string): boolean {
  return api === "chat" && reasoningOnly.test(model);
}

function refusedByReasoning(model: string): readonly RefusedMember[] {
  return noStop.test(model)
    ? [...sampling, { member: "stop", takes: [null], meaning: true }]
    : sampling;
}

/** Sampling settings shape how an answer is drawn, not what is answered; scores and biases are what was asked for. */
const sampling: readonly RefusedMember[] = [
  { member: "temperature", takes: [1, null], meaning: false },
  { member: "top_p", takes: [1, null], meaning: false },
  { member: "presence_penalty", takes: [0, null], meaning: false },
  { member: "frequency_penalty", takes: [0, null], meaning: false },
  { member: "logprobs", takes: [false, null], meaning: true },
  { member: "top_logprobs", takes: [null], meaning: true },
  { member: "logit_bias", takes: [null], meaning: true },
];
