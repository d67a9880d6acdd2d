import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SseEvent, StreamStep } from "../../src/dialects/dialect.ts";
import { dialects } from "../../src/dialects/dialects.ts";
import { splitSse } from "../../src/dialects/sse-frames.ts";
import { classifyInBand } from "../../src/run/classify.ts";
import type { Api } from "../../src/terms/api.ts";
import type { JsonObject } from "../../src/terms/json.ts";
import { dataFolder, haveCorpora } from "../support/data.ts";

const done: SseEvent = { data: "[DONE]" };

function chunk(delta: JsonObject, finish: string | null = null, index = 0): SseEvent {
  return { data: JSON.stringify({ choices: [{ index, delta, finish_reason: finish }] }) };
}

function said(value: JsonObject, event?: string): SseEvent {
  const data = JSON.stringify(value);
  return event === undefined ? { data } : { event, data };
}

const call = (about: JsonObject) => ({ tool_calls: [{ index: 0, ...about }] });

const chatSteps: readonly (readonly [string, SseEvent, StreamStep["kind"]])[] = [
  ["a role", chunk({ role: "assistant", content: "" }), "preamble"],
  ["nothing", chunk({}), "preamble"],
  ["no choices", said({ choices: [], prompt_filter_results: [] }), "preamble"],
  ["text", chunk({ content: "a" }), "output"],
  ["a space", chunk({ content: " " }), "output"],
  ["parts", chunk({ content: [{ type: "text", text: "a" }] }), "output"],
  ["reasoning", chunk({ reasoning: "a" }), "output"],
  ["reasoning by another name", chunk({ reasoning_content: "a" }), "output"],
  ["reasoning in detail", chunk({ content: "", reasoning_details: [{ text: "a" }] }), "output"],
  ["empty reasoning", chunk({ reasoning: null, reasoning_details: [] }), "preamble"],
  ["refusal", chunk({ refusal: "no" }), "output"],
  ["audio", chunk({ audio: { id: "x", data: "AAAA" } }), "output"],
  ["audio's start", chunk({ audio: { id: "x" } }), "preamble"],
  ["a tool's name", chunk(call({ id: "c", function: { name: "f", arguments: "" } })), "preamble"],
  ["a tool's arguments", chunk(call({ function: { arguments: "{" } })), "output"],
  ["a custom tool's input", chunk(call({ custom: { input: "x" } })), "output"],
  ["a function's arguments", chunk({ function_call: { arguments: "{" } }), "output"],
  ["an end", chunk({}, "stop"), "terminal"],
  ["text and an end", chunk({ content: "a" }, "stop"), "output"],
  [
    "usage alone",
    said({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }),
    "usage",
  ],
  ["usage alone, without choices", said({ usage: { prompt_tokens: 1 } }), "usage"],
  ["Groq's usage alone", said({ choices: [], x_groq: { usage: { prompt_tokens: 1 } } }), "usage"],
  ["null usage", said({ choices: [], usage: null }), "preamble"],
  ["an error", said({ error: { message: "x" } }), "error"],
  ["an error beside no choices", said({ choices: [], error: { code: 429 } }), "error"],
  ["an error by the event's name", said({ message: "x" }, "error"), "error"],
  ["Groq's error", said({ choices: [], x_groq: { error: "over_capacity" } }), "error"],
  ["an end in error", chunk({}, "error"), "error"],
  ["no JSON", { data: "{" }, "error"],
  ["no object", { data: "[1]" }, "error"],
  ["the last word before any choice", done, "error"],
];

const block = (content: JsonObject) =>
  said({ type: "content_block_start", content_block: content });
const delta = (part: JsonObject) => said({ type: "content_block_delta", delta: part });
const start = said({
  type: "message_start",
  message: { usage: { input_tokens: 25, output_tokens: 1 } },
});
const stop = said({ type: "message_stop" });

const messageSteps: readonly (readonly [string, SseEvent, StreamStep["kind"]])[] = [
  ["the start", start, "preamble"],
  ["a ping", said({ type: "ping" }, "ping"), "preamble"],
  ["a text's start", block({ type: "text", text: "" }), "preamble"],
  ["a text that is there at its start", block({ type: "text", text: "a" }), "output"],
  ["thinking's start", block({ type: "thinking", thinking: "", signature: "" }), "preamble"],
  ["redacted thinking", block({ type: "redacted_thinking", data: "x" }), "output"],
  ["a tool's start", block({ type: "tool_use", id: "t", name: "f", input: {} }), "preamble"],
  ["a tool's whole call", block({ type: "tool_use", name: "f", input: { a: 1 } }), "output"],
  ["a server tool's result", block({ type: "web_search_tool_result", content: [] }), "output"],
  ["text", delta({ type: "text_delta", text: "a" }), "output"],
  ["empty text", delta({ type: "text_delta", text: "" }), "preamble"],
  ["thinking", delta({ type: "thinking_delta", thinking: "a" }), "output"],
  ["a signature", delta({ type: "signature_delta", signature: "a" }), "output"],
  ["arguments", delta({ type: "input_json_delta", partial_json: "{" }), "output"],
  ["empty arguments", delta({ type: "input_json_delta", partial_json: "" }), "preamble"],
  ["a citation", delta({ type: "citations_delta", citation: {} }), "output"],
  ["a delta of tomorrow", delta({ type: "future_delta" }), "other"],
  ["a block's stop", said({ type: "content_block_stop" }), "preamble"],
  ["the last usage", said({ type: "message_delta", delta: {}, usage: {} }), "preamble"],
  ["an event of tomorrow", said({ type: "future_event" }), "other"],
  ["an error", said({ type: "error", error: { type: "overloaded_error" } }, "error"), "error"],
  ["an error by its type", said({ type: "error", error: { type: "api_error" } }), "error"],
  ["no JSON", { data: "x" }, "error"],
  ["a stop without a start", stop, "error"],
];

describe("one event", () => {
  it.for(chatSteps)("of chat is told: %s", ([, event, kind]) => {
    expect(dialects.chat.streamReader().push(event).kind).toBe(kind);
  });

  it.for(messageSteps)("of messages is told: %s", ([, event, kind]) => {
    expect(dialects.messages.streamReader().push(event).kind).toBe(kind);
  });

  it("hands out the error that it holds", () => {
    const { chat, messages } = dialects;
    const error = { type: "overloaded_error", message: "Overloaded" };
    expect(chat.streamReader().push(said({ error }))).toEqual({ kind: "error", error });
    expect(messages.streamReader().push(said({ type: "error", error }))).toEqual({
      kind: "error",
      error,
    });
    expect(chat.streamReader().push(said({ message: "x" }, "error"))).toMatchObject({
      error: { message: "x" },
    });
  });
});

function finalUsage(api: Api, events: readonly SseEvent[]) {
  const reader = dialects[api].streamReader();
  for (const event of events) reader.push(event);
  return reader.finalUsage();
}

function readAll(api: Api, events: readonly SseEvent[], answers?: number) {
  const reader = dialects[api].streamReader(answers);
  const kinds = events.map((event) => reader.push(event).kind);
  const { inputTokens, outputTokens } = reader.usage() ?? {};
  return {
    kinds,
    finished: reader.finished(),
    ended: reader.ended(),
    finish: reader.finish(),
    usage: inputTokens === undefined ? undefined : [inputTokens, outputTokens],
  };
}

describe("a stream of chat", () => {
  const text = chunk({ content: "a" });

  it.for<[string, readonly SseEvent[], number | undefined, boolean, boolean]>([
    ["with both ends", [text, chunk({}, "stop"), done], 1, true, true],
    ["that never says [DONE]", [text, chunk({}, "stop")], 1, true, false],
    ["with [DONE] and no finish reason", [text, done], 1, true, true],
    ["cut after its text", [text], 1, false, false],
    ["cut after its role", [chunk({ role: "assistant" })], 1, false, false],
    ["without an event", [], 1, false, false],
    [
      "of two answers, one of them unfinished",
      [text, chunk({ content: "b" }, null, 1), chunk({}, "stop")],
      2,
      false,
      false,
    ],
    ["of two answers, one of them unseen", [text, chunk({}, "stop")], 2, false, false],
    ["of two answers, both finished", [chunk({}, "stop"), chunk({}, "stop", 1)], 2, true, false],
    ["of two answers where one was given, and [DONE]", [chunk({}, "stop"), done], 2, true, true],
    [
      "with an error after its end",
      [chunk({}, "length"), said({ error: { code: 400 } }), done],
      1,
      false,
      true,
    ],
    ["with text after its end", [chunk({}, "stop"), chunk({ content: "" })], 1, true, false],
  ])("%s", ([, events, answers, finished, ended]) => {
    expect(readAll("chat", events, answers)).toMatchObject({ finished, ended });
  });

  it("takes the last usage and never the sum", () => {
    const used = (completion_tokens: number) =>
      said({ choices: [], usage: { prompt_tokens: 10, completion_tokens } });
    expect(readAll("chat", [used(1), used(2), said({ choices: [], usage: null })]).usage).toEqual([
      10, 2,
    ]);
  });

  it("keeps the usage that comes with an error", () => {
    const event = said({ error: {}, usage: { prompt_tokens: 43, completion_tokens: 10 } });
    expect(readAll("chat", [event]).usage).toEqual([43, 10]);
  });

  const used = { prompt_tokens: 10, completion_tokens: 2 };
  const usageOnly = said({ choices: [], usage: used });
  const withUsage = (delta: JsonObject, finish: string | null, usage: JsonObject = used) =>
    said({ choices: [{ index: 0, delta, finish_reason: finish }], usage });
  const hi = chunk({ content: "hi" });

  it.for<[string, readonly SseEvent[], readonly [number, number] | undefined]>([
    ["after the end", [hi, chunk({}, "stop"), usageOnly], [10, 2]],
    ["with the end", [hi, withUsage({}, "stop")], [10, 2]],
    ["with the last output", [withUsage({ content: "hi" }, "stop")], [10, 2]],
    ["before a [DONE] that is all the end", [hi, usageOnly, done], [10, 2]],
    [
      "in the role chunk alone",
      [withUsage({ role: "assistant" }, null), hi, chunk({}, "stop")],
      undefined,
    ],
    [
      "with each output but the end",
      [withUsage({ content: "hi" }, null), chunk({}, "stop")],
      undefined,
    ],
    ["before the end, which is cut off", [hi, usageOnly], undefined],
    [
      "at the end of one of two",
      [hi, chunk({ content: "b" }, null, 1), withUsage({}, "stop")],
      undefined,
    ],
    [
      "as none of the output that was seen",
      [hi, chunk({}, "stop"), said({ choices: [], usage: { ...used, completion_tokens: 0 } })],
      undefined,
    ],
    [
      "as nothing",
      [hi, withUsage({}, "stop", { prompt_tokens: 0, completion_tokens: 0 })],
      undefined,
    ],
  ])("has a final usage where it is said %s", ([, events, expected]) => {
    const { inputTokens, outputTokens } = finalUsage("chat", events) ?? {};
    expect(expected ? [inputTokens, outputTokens] : inputTokens).toEqual(expected);
  });

  it("tells why the first answer ended", () => {
    expect(readAll("chat", [chunk({}, "length"), chunk({}, "stop", 1)]).finish).toBe("length");
  });
});

describe("a stream of messages", () => {
  const text = delta({ type: "text_delta", text: "a" });
  const last = said({
    type: "message_delta",
    delta: { stop_reason: "end_turn" },
    usage: { input_tokens: null, output_tokens: 15 },
  });

  it.for<[string, readonly SseEvent[], boolean]>([
    ["whole", [start, text, last, stop], true],
    ["without an output", [start, last, stop], true],
    ["cut before its stop", [start, text, last], false],
    ["cut after its text", [start, text], false],
    ["with an error before its stop", [start, said({ type: "error" }), stop], false],
  ])("%s", ([, events, finished]) => {
    expect(readAll("messages", events).finished).toBe(finished);
  });

  it.for<[string, readonly SseEvent[], number | undefined]>([
    ["counts at its end", [start, text, last, stop], 15],
    [
      "counts at its start alone",
      [start, text, said({ type: "message_delta", delta: {} }), stop],
      undefined,
    ],
    ["counts before more output", [start, last, text, stop], undefined],
    [
      "counts none of its output",
      [start, text, said({ type: "message_delta", usage: { output_tokens: 0 } }), stop],
      undefined,
    ],
  ])("that %s has a final usage or none", ([, events, expected]) => {
    expect(finalUsage("messages", events)?.outputTokens).toBe(expected);
  });

  it("adds what is said later to what was said before, and sums nothing", () => {
    expect(readAll("messages", [start]).usage).toEqual([25, 1]);
    expect(readAll("messages", [start, last])).toMatchObject({
      usage: [25, 15],
      finish: "end_turn",
    });
  });
});

interface Transcript {
  readonly name: string;
  readonly protocol: string;
  readonly transport_end: string;
  readonly bytes_base64: string;
  readonly expect: {
    readonly outcome: string;
    readonly error_class: string | null;
    readonly usage: readonly [number, number] | null;
  };
}

const apiOfProtocol: Readonly<Record<string, Api>> = {
  "openai-chat": "chat",
  anthropic: "messages",
};

const hasCorpora = haveCorpora();

describe.runIf(hasCorpora)("the stream transcripts", () => {
  const file = join(dataFolder, "corpora/own-llm-streams/streams.json");
  const all = (
    hasCorpora ? JSON.parse(readFileSync(file, "utf8")).streams : []
  ) as readonly Transcript[];
  const ours = all.filter(({ protocol }) => protocol in apiOfProtocol);

  it.for(ours.map((transcript) => [transcript.name, transcript] as const))(
    "%s",
    ([, transcript]) => {
      const { protocol, expect: expected, transport_end } = transcript;
      const splitter = splitSse();
      const { frames } = splitter.push(
        new Uint8Array(Buffer.from(transcript.bytes_base64, "base64")),
      );
      const reader = dialects[apiOfProtocol[protocol] ?? "chat"].streamReader();
      const steps = frames.flatMap((frame) => (frame.event ? [reader.push(frame.event)] : []));
      const failure = steps.find((step) => step.kind === "error");
      const cut = splitter.flush().unfinished !== undefined || transport_end !== "clean";
      expect(outcome(reader.finished() && !cut, failure !== undefined, steps)).toBe(
        expected.outcome.startsWith("ok") ? "ok" : expected.outcome,
      );
      const usage = reader.usage();
      expect(usage ? [usage.inputTokens, usage.outputTokens] : null).toEqual(expected.usage);
      if (failure?.kind === "error") {
        expect(classifyInBand(failure.error, 0).class).toBe(expected.error_class);
      }
    },
  );

  it("are read but for those of other formats", () => {
    console.log(
      `stream transcripts: ${ours.length} read, ${all.length - ours.length} of other formats`,
    );
    expect(ours.length).toBe(29);
  });

  function outcome(finished: boolean, failed: boolean, steps: readonly StreamStep[]): string {
    if (finished) return "ok";
    if (!steps.some((step) => step.kind === "output")) return "error";
    return failed ? "error_after_output" : "incomplete";
  }
});
