import type { ModelFacts } from "../catalog.ts";
import type { ReviewedGroup } from "./reviewed-group.ts";

type Can = ModelFacts["can"];

const withPdf: Can = { files: true, audio: false };
const early: Can = { tools: true, vision: true, audio: false, reasoning: false };
const thinking: Can = { tools: true, vision: true, ...withPdf, reasoning: true };

/** Claude models from before the seeded list, and abilities that it does not tell. */
export const anthropicModels: readonly ReviewedGroup[] = [
  {
    source:
      "limits as commonly known, checked against labring/fastgpt-plugin#242 and @pydantic/genai-prices 0.1.8, 2026-11-22",
    models: {
      "claude-3-haiku": { window: 200_000, maxOutput: 4_096, can: early },
      "claude-3-sonnet": { window: 200_000, maxOutput: 4_096, can: early },
      "claude-3-opus": { window: 200_000, maxOutput: 4_096, can: early },
      "claude-3-5-haiku": { window: 200_000, maxOutput: 8_192, can: early },
      "claude-3-5-sonnet": { window: 200_000, maxOutput: 8_192, can: { ...early, ...withPdf } },
      "claude-3-7-sonnet": { window: 200_000, maxOutput: 64_000, can: thinking },
      "claude-opus-4": { window: 200_000, maxOutput: 32_000, can: thinking },
      "claude-opus-4-1": { window: 200_000, maxOutput: 32_000, can: thinking },
      "claude-sonnet-4": { window: 200_000, maxOutput: 64_000, can: thinking },
    },
  },
  {
    source: "@anthropic-ai/sdk 1.12.0, document and audio blocks of a message, 2026-11",
    models: {
      "claude-haiku-4-5": { can: withPdf },
      "claude-opus-4-5": { can: withPdf },
      "claude-opus-4-6": { can: withPdf },
      "claude-opus-4-7": { can: withPdf },
      "claude-opus-4-8": { can: withPdf },
      "claude-opus-5": { can: withPdf },
      "claude-sonnet-4-5": { can: withPdf },
      "claude-sonnet-4-6": { can: withPdf },
      "claude-sonnet-5": { can: withPdf },
    },
  },
];
