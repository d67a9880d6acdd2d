import type { ModelFacts } from "../catalog.ts";
import type { ReviewedGroup } from "./reviewed-group.ts";

type Can = ModelFacts["can"];

/** Text and images in, no audio: the audio models are others. */
const withJson: Can = { json: true, audio: false };
const textOnly: Can = { tools: true, vision: false, audio: false, files: false, reasoning: false };
const withAudio: Can = { tools: true, vision: false, audio: true, reasoning: false };
const audioFacts = { window: 128_000, maxOutput: 16_384, can: withAudio };

/** OpenAI's models that the seeded list lacks, and abilities that it does not tell. */
export const openaiModels: readonly ReviewedGroup[] = [
  {
    source:
      "windows: @pydantic/genai-prices 0.1.8; maximum outputs and abilities as commonly known, not read again, 2026-11-22",
    models: {
      "chatgpt-4o-latest": { window: 128_000, maxOutput: 16_384, can: { vision: true } },
      "gpt-3.5-turbo": { window: 16_385, maxOutput: 4_096, can: { ...textOnly, json: true } },
      "gpt-3.5-turbo-0125": { window: 16_385, maxOutput: 4_096, can: { ...textOnly, json: true } },
      "gpt-3.5-turbo-1106": { window: 16_385, maxOutput: 4_096, can: { ...textOnly, json: true } },
      "gpt-3.5-turbo-16k": { window: 16_385, maxOutput: 4_096, can: textOnly },
      "gpt-4": { can: textOnly },
      "gpt-4-0613": { window: 8_192, maxOutput: 8_192, can: textOnly },
      "gpt-4-turbo": { can: withJson },
      "gpt-4.1": { can: withJson },
      "gpt-4.1-mini": { can: withJson },
      "gpt-4.1-nano": { can: withJson },
      "gpt-4.5-preview": { window: 128_000, maxOutput: 16_384, can: { ...withJson, vision: true } },
      "gpt-4o": { can: withJson },
      "gpt-4o-2024-05-13": { can: withJson },
      "gpt-4o-2024-08-06": { can: withJson },
      "gpt-4o-2024-11-20": { can: withJson },
      "gpt-4o-mini": { can: withJson },
      "gpt-4o-search-preview": { window: 128_000, maxOutput: 16_384, can: { audio: false } },
      "gpt-4o-mini-search-preview": { window: 128_000, maxOutput: 16_384, can: { audio: false } },
      "gpt-5": { can: withJson },
      "gpt-5-mini": { can: withJson },
      "gpt-5-nano": { can: withJson },
      "gpt-5.1": { can: withJson },
      "gpt-5.2": { can: withJson },
      o1: { can: withJson },
      "o1-mini": { window: 128_000, maxOutput: 65_536, can: { vision: false, audio: false } },
      "o1-preview": { window: 128_000, maxOutput: 32_768, can: { vision: false, audio: false } },
      o3: { can: withJson },
      "o3-mini": { can: withJson },
      "o4-mini": { can: withJson },
    },
  },
  {
    source: "developers.openai.com/api/docs/models/gpt-4o-audio-preview, 2026-11-22",
    models: {
      "gpt-4o-audio-preview": audioFacts,
      "gpt-4o-mini-audio-preview": audioFacts,
      "gpt-audio": audioFacts,
      "gpt-audio-mini": audioFacts,
    },
  },
  {
    source: "@pydantic/genai-prices 0.1.8, 2026-09-23",
    models: {
      "text-embedding-3-large": { window: 8_192 },
      "text-embedding-3-small": { window: 8_192 },
      "text-embedding-ada-002": { window: 8_192 },
    },
  },
];
