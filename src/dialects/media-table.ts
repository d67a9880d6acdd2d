/** What one piece of media counts as, in tokens: a fair guess, and the most that any provider of the format counts. */
export interface MediaTokens {
  readonly tokens: number;
  readonly atMost: number;
}

/**
 * An image in a chat request. The most is gpt-4o-mini's: 2,833 and 5,667 for each of at most 8 tiles of 512 pixels, as
 * images are shrunk to 2048 by 768. Other models count less: 85 + 8 × 170 (gpt-4o), 1,536 patches × 2.46 (gpt-4.1-nano),
 * 10,000 patches (`detail: original`), 16,384 (Qwen-VL).
 *
 * @see https://platform.openai.com/docs/guides/images-vision#calculating-costs (from memory, 2026-11-22; the recorded
 *   14,166 = 2,833 + 2 × 5,667 of gpt-4o-mini agrees)
 */
export const chatImage: MediaTokens = { tokens: 1_000, atMost: 48_169 };

/**
 * An image in a messages request: width × height / 750, at most 1,568 pixels a side, or 2,576 on the newest models.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/vision (from memory, 2026-11-22)
 */
export const messagesImage: MediaTokens = { tokens: 1_600, atMost: 4_784 };

/**
 * A document or video, by its base64 letters where it is inlined. Neither pages nor seconds can be told from bytes or from
 * an address, and every page counts its text and its picture: nothing but the model's window bounds it, and the most is
 * larger than any window.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/pdf-support (from memory, 2026-11-22: 1,500 to 3,000 tokens
 *   a page, and the page as an image)
 */
export function documentTokens(letters: number): MediaTokens {
  return { tokens: Math.max(2_000, Math.ceil(letters / 50)), atMost: 4_000_000 };
}

/**
 * Audio by its base64 letters. OpenAI counts 10 tokens a second, Mistral 12.5, Gemini 32; speech at 64 kbit/s is about
 * 10,000 letters a second, and no codec in use goes below 4 kbit/s, 667 letters. Mistral pads to 30 seconds, 375 tokens.
 *
 * @see https://ai.google.dev/gemini-api/docs/audio (from memory, 2026-11-22); the 375 from a recorded answer
 */
export function audioTokens(letters: number): MediaTokens {
  return { tokens: Math.ceil(letters / 1_000), atMost: 1_000 + Math.ceil(letters / 16) };
}

/**
 * Tokens that a provider adds to the text: role markers, the preamble of a chat template, a system prompt of its own, the
 * description of tools. Every recorded exchange stays below them; text itself never has more tokens than bytes.
 */
export const overheads = {
  /** Grok 4 adds 680 tokens of its own to every request (recorded), a chat template up to 100. */
  request: 1_000,
  message: 16,
  /**
   * Once, where there is any tool.
   *
   * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing (from memory, 2026-11-22: 313 to
   *   530 tokens)
   */
  tools: 1_024,
  tool: 64,
  /** A tool that Anthropic describes itself (`bash_…`, `computer_…`, `memory_…`) and the caller runs. */
  describedTool: 4_000,
  /** Once, where an answer in JSON is asked for. */
  json: 512,
  /** A document to be cited: 600 tokens of instructions (recorded). */
  citations: 1_024,
} as const;
