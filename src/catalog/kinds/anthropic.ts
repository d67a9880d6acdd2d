import type { KindSpec, RefusedMember } from "../catalog.ts";
import { limitsByMaxTokens, refusesNothing } from "../chat-kind.ts";

/**
 * Anthropic's own API, messages format.
 *
 * - Address, path and `x-api-key`: recorded exchanges of 2024–2026. Version `2023-06-01` is the one whose requests are
 *   the widest accepted; `2026-10-21` refuses sampling settings on every model, so it is only sent where a caller does.
 * - Steering members: types of `@anthropic-ai/sdk` 1.12.0 (2026-11). `service_tier: standard_only` is the list price by
 *   its name, `auto` is what leaving it out means; `speed: fast` and a pinned `inference_geo` cost a multiple;
 *   `fallbacks` lets other models answer; `billing_policy` and `fallback_credit_token` change the bill; `mcp_servers`
 *   and `container` reach other servers and billed machines.
 * - Models that refuse sampling settings: the provider's text "`temperature` is deprecated for this model" in
 *   Comfy-Org/ComfyUI#13923 and sipeed/picoclaw#2939 (2026-05), `supportsTemperature` in pi-ai 1.5.2 (2026-11-10).
 */
export const anthropic: KindSpec = {
  kind: "anthropic",
  baseUrl: "https://api.anthropic.com/v1",
  keyEnv: "ANTHROPIC_API_KEY",
  needsKey: true,
  auth: "x-api-key",
  headers: { "anthropic-version": "2023-06-01" },
  paths: { messages: "/messages" },
  takesAnyModel: false,
  free: false,
  forwards: false,
  steering: [
    { member: "service_tier", harmless: ["auto", "standard_only"] },
    { member: "speed", harmless: ["standard"] },
    { member: "inference_geo", harmless: ["global"] },
    { member: "fallbacks" },
    { member: "fallback_credit_token" },
    { member: "billing_policy" },
    { member: "mcp_servers" },
    { member: "container" },
  ],
  steeringSuffixes: [],
  chatOutputLimit: limitsByMaxTokens,
  refuses: (api, model) =>
    api === "messages" && withoutSampling.test(model) ? sampling : refusesNothing(),
  // platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing (from memory, 2026-11-22).
  cacheWriteFactors: { short: 1.25, hour: 2 },
  usageOnRequest: false,
  source: "@anthropic-ai/sdk 1.12.0, 2026-11; recorded exchanges, 2024 to 2026",
};

const withoutSampling =
  /^claude-(?:opus-4-[78]|opus-5|opus-5-5|sonnet-5|sonnet-5-5|haiku-5-5)(?:-\d{8})?$/;

const sampling: readonly RefusedMember[] = [
  { member: "temperature", meaning: false },
  { member: "top_p", meaning: false },
  { member: "top_k", meaning: false },
];
