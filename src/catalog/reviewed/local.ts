import type { ModelFacts } from "../catalog.ts";
import type { ReviewedGroup } from "./reviewed-group.ts";

type Can = ModelFacts["can"];

/** Ollama shapes answers by a schema for any model; what is in the weights differs by family. */
const json: Can = { json: true };
const text: Can = { ...json, tools: true, vision: false };
const thinking: Can = { ...text, reasoning: true };
const image: Can = { ...json, vision: true };

/**
 * Families of local models, named as before the tag: `llama3.1` stands for `llama3.1:8b`. Windows are left out on
 * purpose: they are what the server was started with, and Ollama cuts a longer prompt without a word, so only the
 * policy can say (`models:`).
 */
export const ollamaModels: readonly ReviewedGroup[] = [
  {
    source:
      "ability tags of ollama.com/library as commonly known, not read again; JSON: docs.ollama.com/api/openai-compatibility, 2026-11-22",
    models: {
      "command-r": { can: text },
      "deepseek-r1": { can: { ...json, vision: false, reasoning: true } },
      gemma3: { can: json },
      "gpt-oss": { can: thinking },
      "llama3.1": { can: text },
      "llama3.2": { can: text },
      "llama3.2-vision": { can: image },
      "llama3.3": { can: text },
      llava: { can: image },
      mistral: { can: text },
      "mistral-nemo": { can: text },
      "mistral-small": { can: { ...json, tools: true } },
      "nomic-embed-text": {},
      "qwen2.5": { can: text },
      "qwen2.5-coder": { can: text },
      "qwen2.5vl": { can: image },
      qwen3: { can: thinking },
      qwq: { can: thinking },
    },
  },
];

/** LM Studio names models as their makers do, without a tag. */
export const lmstudioModels: readonly ReviewedGroup[] = [
  {
    source: "lmstudio.ai/docs/developer, 2026-11-22",
    models: {
      "openai/gpt-oss-20b": { can: { tools: true, vision: false, reasoning: true } },
      "openai/gpt-oss-120b": { can: { tools: true, vision: false, reasoning: true } },
    },
  },
];
