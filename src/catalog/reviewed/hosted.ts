import type { ReviewedGroup } from "./reviewed-group.ts";

const llama = { window: 131_072, can: { tools: true, vision: false } };

/** Groq's models that the seeded list lacks; windows from the price book where it has them. */
export const groqModels: readonly ReviewedGroup[] = [
  {
    source:
      "windows: @pydantic/genai-prices 0.1.8 where it has them; the rest as commonly known, not read again, 2026-11-22",
    models: {
      "deepseek-r1-distill-llama-70b": { window: 131_072, can: { vision: false, reasoning: true } },
      "gemma2-9b-it": { window: 8_192, can: { vision: false } },
      "llama-3.1-8b-instant": { can: { json: true } },
      "llama-3.3-70b-versatile": { can: { json: true } },
      "meta-llama/llama-4-maverick-17b-128e-instruct": {
        window: 131_072,
        can: { tools: true, vision: true },
      },
      "meta-llama/llama-4-scout-17b-16e-instruct": { can: { tools: true, vision: true } },
      "moonshotai/kimi-k2-instruct": { window: 131_072, can: { tools: true, vision: false } },
      "moonshotai/kimi-k2-instruct-0905": { window: 262_144, can: { tools: true, vision: false } },
      "qwen/qwen3-32b": { window: 131_072, can: { tools: true, vision: false, reasoning: true } },
    },
  },
];

/** Together's models of the years before the seeded list. */
export const togetherModels: readonly ReviewedGroup[] = [
  {
    source:
      "model tables of mastra.ai/models/providers/togetherai and @lobehub/chat 1.94.11, 2026-11-22",
    models: {
      "meta-llama/Llama-3.3-70B-Instruct-Turbo": llama,
      "meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo": llama,
      "meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo": llama,
      "mistralai/Mixtral-8x7B-Instruct-v0.1": { window: 32_768, can: { vision: false } },
    },
  },
];

/** DeepInfra serves some models with windows smaller than their makers give them, so none is claimed here. */
export const deepinfraModels: readonly ReviewedGroup[] = [
  {
    source:
      "model list of @ai-sdk/deepinfra 2.0.19; abilities as commonly known of the weights, 2026-11-22",
    models: {
      "deepseek-ai/DeepSeek-V3": { can: { vision: false } },
      "meta-llama/Llama-3.2-11B-Vision-Instruct": { can: { vision: true } },
      "meta-llama/Llama-3.2-90B-Vision-Instruct": { can: { vision: true } },
      "meta-llama/Llama-3.3-70B-Instruct": { can: { tools: true, vision: false } },
      "meta-llama/Llama-3.3-70B-Instruct-Turbo": { can: { tools: true, vision: false } },
    },
  },
];
