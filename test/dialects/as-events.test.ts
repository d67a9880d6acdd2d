import { describe, expect, it } from "vitest";
import { dialects } from "../../src/dialects/dialects.ts";
import { splitSse } from "../../src/dialects/sse-frames.ts";
import type { JsonObject } from "../../src/terms/json.ts";

const chatAnswer: JsonObject = {
  id: "c1",
  object: "chat.completion",
  model: "m",
  choices: [
    { index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" },
    {
      index: 1,
      message: {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "t1", type: "function", function: { name: "f", arguments: "{}" } }],
      },
      finish_reason: "tool_calls",
    },
  ],
  usage: { prompt_tokens: 10, completion_tokens: 2 },
};

const message: JsonObject = {
  id: "m1",
  type: "message",
  role: "assistant",
  content: [
    { type: "thinking", thinking: "Hm", signature: "s" },
    { type: "text", text: "Hi", citations: [{ type: "char_location" }] },
    { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
    { type: "redacted_thinking", data: "x" },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 2 },
};

function eventsOf(api: "chat" | "messages", answer: JsonObject, withUsage: boolean) {
  const text = dialects[api].asEvents?.(answer, withUsage) ?? "";
  return splitSse()
    .push(new TextEncoder().encode(text))
    .frames.flatMap(({ event }) => event ?? []);
}

describe("a whole answer written as events", () => {
  it.for([
    ["chat", chatAnswer, 2, "stop"],
    ["messages", message, 1, "tool_use"],
  ] as const)("of %s is read as the whole stream of it", ([api, answer, answers, finish]) => {
    const reader = dialects[api].streamReader(answers);
    const kinds = eventsOf(api, answer, true).map((event) => reader.push(event).kind);
    expect(kinds).toContain("output");
    expect(kinds).not.toContain("error");
    expect([reader.finished(), reader.ended(), reader.finish()]).toEqual([true, true, finish]);
    expect(reader.finalUsage()).toMatchObject({ inputTokens: 10, outputTokens: 2 });
  });

  it("of chat keeps its usage from who did not ask for it", () => {
    const said = eventsOf("chat", chatAnswer, false).map(({ data }) => data);
    expect(said.join()).not.toContain("usage");
    expect(said.at(-1)).toBe("[DONE]");
  });

  it("of chat numbers the calls of tools", () => {
    const [chunk] = eventsOf("chat", chatAnswer, false);
    expect(JSON.parse(chunk?.data ?? "")).toMatchObject({
      id: "c1",
      object: "chat.completion.chunk",
      choices: [
        { index: 0, delta: { content: "Hi" }, finish_reason: "stop" },
        { index: 1, delta: { tool_calls: [{ index: 0, id: "t1" }] }, finish_reason: "tool_calls" },
      ],
    });
  });

  it("of messages holds every block, in its order", () => {
    const said = eventsOf("messages", message, true);
    expect(said.map(({ event }) => event)).toEqual(said.map(({ data }) => JSON.parse(data).type));
    const deltas = said.map(({ data }) => JSON.parse(data)).flatMap(({ delta }) => delta ?? []);
    expect(deltas).toEqual([
      { type: "thinking_delta", thinking: "Hm" },
      { type: "signature_delta", signature: "s" },
      { type: "text_delta", text: "Hi" },
      { type: "citations_delta", citation: { type: "char_location" } },
      { type: "input_json_delta", partial_json: '{"a":1}' },
      { stop_reason: "tool_use", stop_sequence: null },
    ]);
  });

  it("of embeddings is none", () => {
    expect(dialects.embeddings.asEvents).toBeUndefined();
  });
});
