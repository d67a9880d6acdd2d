import { describe, expect, it } from "vitest";
import { dialects } from "../../src/dialects/dialects.ts";
import type { Api } from "../../src/terms/api.ts";
import type { JsonObject, JsonValue } from "../../src/terms/json.ts";

const choice = { index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" };

describe("an answer", () => {
  it.for<[string, Api, JsonObject, string | undefined]>([
    ["chat", "chat", { choices: [choice] }, "stop"],
    [
      "chat without a finish reason",
      "chat",
      { choices: [{ ...choice, finish_reason: null }] },
      undefined,
    ],
    ["chat with a null error", "chat", { choices: [choice], error: null }, "stop"],
    ["chat with an error that is false", "chat", { choices: [choice], error: false }, "stop"],
    ["chat with an empty error", "chat", { choices: [choice], error: "" }, "stop"],
    ["messages", "messages", { content: [], stop_reason: "end_turn" }, "end_turn"],
    ["embeddings", "embeddings", { data: [] }, undefined],
  ])("is read: %s", ([, api, body, finish]) => {
    expect(dialects[api].readAnswer(200, body)).toEqual({
      kind: "answer",
      ...(finish !== undefined && { finish }),
    });
  });

  it.for<[string, Api, number, JsonObject, JsonValue]>([
    ["a status", "chat", 429, { error: { code: "x" } }, { code: "x" }],
    ["a status with a flat body", "chat", 422, { message: "no" }, { message: "no" }],
    ["an error in a 200", "chat", 200, { error: { code: 502 } }, { code: 502 }],
    ["an error beside choices", "chat", 200, { choices: [choice], error: "boom" }, "boom"],
    [
      "an error in a choice",
      "chat",
      200,
      { choices: [{ ...choice, error: { code: 1 } }] },
      { code: 1 },
    ],
    [
      "Mistral's error object",
      "chat",
      200,
      { object: "error", message: "no" },
      { object: "error", message: "no" },
    ],
    [
      "Anthropic's error in a 200",
      "messages",
      200,
      { type: "error", error: { type: "overloaded_error" } },
      { type: "overloaded_error" },
    ],
    ["an embedding's error", "embeddings", 200, { error: { code: "x" } }, { code: "x" }],
  ])("is an error: %s", ([, api, status, body, error]) => {
    expect(dialects[api].readAnswer(status, body)).toEqual({ kind: "error", error });
  });
});

describe("what is no answer", () => {
  it.for<[string, Api, JsonObject, string]>([
    ["chat without choices", "chat", {}, "no_answer"],
    ["chat with no choice", "chat", { choices: [] }, "no_answer"],
    [
      "chat that ended in an error",
      "chat",
      { choices: [{ finish_reason: "error" }] },
      "ended_in_error",
    ],
    ["messages without content", "messages", {}, "no_answer"],
    ["embeddings without data", "embeddings", {}, "no_answer"],
  ])("is missing: %s", ([, api, body, code]) => {
    expect(dialects[api].readAnswer(200, body)).toMatchObject({ kind: "error", error: { code } });
  });

  it("tells what a failure has used", () => {
    const body = { error: { code: 502 }, usage: { prompt_tokens: 5, completion_tokens: 1 } };
    expect(dialects.chat.readAnswer(200, body)).toMatchObject({ usage: { inputTokens: 5 } });
  });
});

type Numbers = Readonly<Record<string, number>>;

const chatUsage: readonly (readonly [string, JsonObject, Numbers])[] = [
  ["plain", { prompt_tokens: 10, completion_tokens: 2 }, { inputTokens: 10, outputTokens: 2 }],
  [
    "cached and reasoning",
    {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 1, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 3, audio_tokens: 0 },
    },
    {
      inputTokens: 10,
      outputTokens: 5,
      cacheReadTokens: 8,
      cacheWriteTokens: 1,
      reasoningTokens: 3,
      inputAudioTokens: 0,
      outputAudioTokens: 0,
    },
  ],
  [
    "DeepSeek's cache",
    { prompt_tokens: 10, completion_tokens: 1, prompt_cache_hit_tokens: 4 },
    { inputTokens: 10, outputTokens: 1, cacheReadTokens: 4 },
  ],
  [
    "xAI's reasoning, which only the total has",
    {
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: 241,
      completion_tokens_details: { reasoning_tokens: 228 },
    },
    { inputTokens: 12, outputTokens: 229, reasoningTokens: 228 },
  ],
  [
    "Vercel's reasoning, which not even the total has",
    {
      prompt_tokens: 61,
      completion_tokens: 10,
      total_tokens: 71,
      completion_tokens_details: { reasoning_tokens: 96 },
    },
    { inputTokens: 61, outputTokens: 106, reasoningTokens: 96 },
  ],
  [
    "Gemini's thinking, which nobody itemises",
    { prompt_tokens: 35, completion_tokens: 12, total_tokens: 109 },
    { inputTokens: 35, outputTokens: 74 },
  ],
  [
    "Mistral's audio, which the prompt leaves out",
    {
      prompt_tokens: 9,
      completion_tokens: 248,
      total_tokens: 632,
      prompt_tokens_details: { audio_tokens: 375 },
    },
    { inputTokens: 384, outputTokens: 248, inputAudioTokens: 375 },
  ],
  [
    "Azure's Grok, whose prompt leaves the cached out",
    {
      prompt_tokens: 10,
      completion_tokens: 213,
      total_tokens: 223,
      prompt_tokens_details: { cached_tokens: 161 },
    },
    { inputTokens: 171, outputTokens: 213, cacheReadTokens: 161 },
  ],
  [
    "OpenRouter's cost",
    { prompt_tokens: 57, completion_tokens: 17, cost: 0.00007159, is_byok: false },
    { inputTokens: 57, outputTokens: 17, reportedCost: 71_590 },
  ],
  [
    "a cost that a float cannot write",
    { prompt_tokens: 1, completion_tokens: 1, cost: 0.000123 },
    { inputTokens: 1, outputTokens: 1, reportedCost: 123_000 },
  ],
  [
    "a cost of zero",
    { prompt_tokens: 1, completion_tokens: 1, cost: 0 },
    { inputTokens: 1, outputTokens: 1, reportedCost: 0 },
  ],
  [
    "a cost below a nano-dollar, rounded up",
    { prompt_tokens: 1, completion_tokens: 1, cost: 1e-11 },
    { inputTokens: 1, outputTokens: 1, reportedCost: 1 },
  ],
  [
    "a key of one's own, with what the provider behind bills",
    {
      prompt_tokens: 1,
      completion_tokens: 1,
      cost: 0.001,
      is_byok: true,
      cost_details: { upstream_inference_cost: 0.02 },
    },
    { inputTokens: 1, outputTokens: 1, reportedCost: 21_000_000 },
  ],
  [
    "a key of one's own, with nothing said",
    { prompt_tokens: 1, completion_tokens: 1, cost: 0.001, is_byok: true },
    { inputTokens: 1, outputTokens: 1 },
  ],
  [
    "a negative cost",
    { prompt_tokens: 1, completion_tokens: 1, cost: -1 },
    { inputTokens: 1, outputTokens: 1 },
  ],
  [
    "a cost as an object",
    { prompt_tokens: 1, completion_tokens: 1, cost: { total_cost: 1 } },
    { inputTokens: 1, outputTokens: 1 },
  ],
  [
    "a part that is no count",
    { prompt_tokens: 1, completion_tokens: 1, prompt_tokens_details: { cached_tokens: -1 } },
    { inputTokens: 1, outputTokens: 1 },
  ],
];

describe("usage that cannot be", () => {
  const words = { message: { content: "hi" }, finish_reason: "stop" };
  const call = { message: { tool_calls: [{ function: { name: "f", arguments: "{}" } }] } };

  it.for<[string, JsonObject]>([
    ["nothing at all", { prompt_tokens: 0, completion_tokens: 0 }],
    ["no input", { prompt_tokens: 0, completion_tokens: 5, total_tokens: 5 }],
    ["no output for a text", { prompt_tokens: 9, completion_tokens: 0 }],
  ])("is unknown: %s", ([, usage]) => {
    for (const choice of [words, call]) {
      expect(dialects.chat.readAnswer(200, { choices: [choice], usage }).usage).toBeUndefined();
    }
  });

  it("is known without output where there is none, and without input where a cost is said", () => {
    const silent = { message: { content: "" }, finish_reason: "stop" };
    const usage = { prompt_tokens: 9, completion_tokens: 0 };
    expect(dialects.chat.readAnswer(200, { choices: [silent], usage }).usage).toBeDefined();
    const billed = { prompt_tokens: 0, completion_tokens: 5, cost: 0.5 };
    expect(dialects.chat.readAnswer(200, { choices: [words], usage: billed }).usage).toBeDefined();
  });

  it("of messages is unknown without output for a text, or without input", () => {
    const content = [{ type: "text", text: "hi" }];
    for (const usage of [
      { input_tokens: 9, output_tokens: 0 },
      { input_tokens: 0, output_tokens: 9 },
    ]) {
      expect(dialects.messages.readAnswer(200, { content, usage }).usage).toBeUndefined();
    }
  });

  it("of embeddings is unknown without input", () => {
    const usage = { prompt_tokens: 0, total_tokens: 0 };
    expect(dialects.embeddings.readAnswer(200, { data: [], usage }).usage).toBeUndefined();
  });
});

describe("usage", () => {
  it.for(chatUsage)("of chat: %s", ([, usage, expected]) => {
    const read = dialects.chat.readAnswer(200, { choices: [choice], usage });
    expect(read.usage).toEqual({ ...expected, raw: usage });
  });

  it.for<JsonValue>([
    null,
    7,
    [],
    {},
    { prompt_tokens: 1 },
    { prompt_tokens: null, completion_tokens: 1 },
    { prompt_tokens: -1, completion_tokens: 1 },
    { prompt_tokens: 1.5, completion_tokens: 1 },
    { prompt_tokens: "1", completion_tokens: 1 },
    { prompt_tokens: 1e300, completion_tokens: 1 },
    { prompt_tokens: Number.MAX_SAFE_INTEGER, completion_tokens: Number.MAX_SAFE_INTEGER },
  ])("that is none is unknown: %j", (usage) => {
    expect(dialects.chat.readAnswer(200, { choices: [choice], usage }).usage).toBeUndefined();
    expect(dialects.messages.readAnswer(200, { content: [], usage }).usage).toBeUndefined();
  });
});

describe("usage of messages and embeddings", () => {
  const run = (input_tokens: number, output_tokens: number) => ({ input_tokens, output_tokens });

  it.for<[string, JsonObject, Numbers]>([
    ["plain", run(25, 15), { inputTokens: 25, outputTokens: 15 }],
    [
      "cached, which the input leaves out",
      {
        ...run(21, 561),
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 1_733,
        cache_creation: { ephemeral_5m_input_tokens: 1_000, ephemeral_1h_input_tokens: 733 },
        output_tokens_details: { thinking_tokens: 60 },
      },
      {
        inputTokens: 1_854,
        outputTokens: 561,
        cacheReadTokens: 100,
        cacheWriteTokens: 1_733,
        cacheWrite1hTokens: 733,
        reasoningTokens: 60,
      },
    ],
    [
      "a compaction, which the totals leave out",
      { ...run(162, 11), iterations: [run(99_195, 81), run(162, 11)] },
      { inputTokens: 99_357, outputTokens: 92 },
    ],
    [
      "one iteration, which the totals have",
      { ...run(136, 16), iterations: [run(136, 16)] },
      { inputTokens: 136, outputTokens: 16 },
    ],
    [
      "iterations that are none",
      { ...run(136, 16), iterations: [{}] },
      { inputTokens: 136, outputTokens: 16 },
    ],
  ])("of messages: %s", ([, usage, expected]) => {
    const read = dialects.messages.readAnswer(200, { content: [], usage });
    expect(read.usage).toEqual({ ...expected, raw: usage });
  });

  it.for<[string, JsonObject, Numbers | undefined]>([
    ["plain", { prompt_tokens: 8, total_tokens: 8 }, { inputTokens: 8, outputTokens: 0 }],
    ["the total alone", { total_tokens: 8 }, { inputTokens: 8, outputTokens: 0 }],
    [
      "a cost",
      { prompt_tokens: 8, cost: 2e-9 },
      { inputTokens: 8, outputTokens: 0, reportedCost: 2 },
    ],
    [
      "a total that is more",
      { prompt_tokens: 8, total_tokens: 9 },
      { inputTokens: 9, outputTokens: 0 },
    ],
    ["nonsense", { prompt_tokens: "8" }, undefined],
  ])("of embeddings: %s", ([, usage, expected]) => {
    const read = dialects.embeddings.readAnswer(200, { data: [], usage });
    expect(read.usage).toEqual(expected && { ...expected, raw: usage });
  });
});
