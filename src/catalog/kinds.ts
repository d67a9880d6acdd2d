import type { KindSpec } from "./catalog.ts";
import { anthropic } from "./kinds/anthropic.ts";
import { deepinfra } from "./kinds/deepinfra.ts";
import { groq } from "./kinds/groq.ts";
import { litellm } from "./kinds/litellm.ts";
import { lmstudio } from "./kinds/lmstudio.ts";
import { ollama } from "./kinds/ollama.ts";
import { openai } from "./kinds/openai.ts";
import { openaiCompatible } from "./kinds/openai-compatible.ts";
import { openrouter } from "./kinds/openrouter.ts";
import { sandbox } from "./kinds/sandbox.ts";
import { together } from "./kinds/together.ts";

/** Every kind of provider that a policy can name, by its name; one row and one file each. */
export const kinds = {
  openai,
  anthropic,
  groq,
  together,
  openrouter,
  litellm,
  ollama,
  lmstudio,
  deepinfra,
  "openai-compatible": openaiCompatible,
  sandbox,
} as const satisfies Readonly<Record<string, KindSpec>>;
