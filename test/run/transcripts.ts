import type { IncomingCall } from "../../src/run/call.types.ts";
import type { JsonObject } from "../../src/terms/json.ts";
import { chatCall, messagesCall } from "./call-bench.ts";

/** A stream as a provider sends it, event by event. */
export interface Transcript {
  readonly name: string;
  readonly call: IncomingCall;
  /** Each with its blank line. */
  readonly frames: readonly string[];
  /** Index of the first frame with output. */
  readonly firstOutput: number;
  /** Index of the frame with which the answer is whole. */
  readonly whole: number;
  readonly usage: readonly [input: number, output: number];
  /** From this frame on, usage is the last word even of an answer that breaks off. */
  readonly usageFrom: number;
  /** An error of the provider, as an event. */
  readonly error: string;
}

function chunk(delta: JsonObject, more: JsonObject = {}): string {
  const choices = [{ index: 0, delta, finish_reason: null, ...more }];
  return `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", choices })}\n\n`;
}

function event(type: string, more: JsonObject = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
}

const chatUsage = { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 };

export const transcripts: readonly Transcript[] = [
  {
    name: "chat",
    call: chatCall({ stream: true, stream_options: { include_usage: true } }),
    frames: [
      ": PROCESSING\n\n",
      chunk({ role: "assistant", content: "" }),
      chunk({ content: "Hel" }),
      chunk({ content: "lo, 北京" }),
      chunk({}, { finish_reason: "stop" }),
      `data: ${JSON.stringify({ id: "c1", choices: [], usage: chatUsage })}\n\n`,
      "data: [DONE]\n\n",
    ],
    firstOutput: 2,
    whole: 4,
    usage: [10, 4],
    usageFrom: 5,
    error: `data: ${JSON.stringify({ error: { type: "server_error", message: "boom" } })}\n\n`,
  },
  {
    name: "chat with a tool call",
    call: chatCall({ stream: true, stream_options: { include_usage: true } }),
    frames: [
      chunk({
        role: "assistant",
        tool_calls: [{ index: 0, id: "t1", function: { name: "look", arguments: "" } }],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"q":' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: "1}" } }] }),
      chunk({}, { finish_reason: "tool_calls" }),
      `data: ${JSON.stringify({ id: "c1", choices: [], usage: chatUsage })}\n\n`,
      "data: [DONE]\n\n",
    ],
    firstOutput: 1,
    whole: 3,
    usage: [10, 4],
    usageFrom: 4,
    error: `data: ${JSON.stringify({ error: { code: 502, message: "Provider returned error" } })}\n\n`,
  },
  {
    name: "messages",
    call: messagesCall({ stream: true }),
    frames: [
      event("message_start", {
        message: {
          id: "m1",
          role: "assistant",
          content: [],
          usage: { input_tokens: 25, output_tokens: 1 },
        },
      }),
      event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      event("ping"),
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hel" } }),
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "lo" } }),
      event("content_block_stop", { index: 0 }),
      event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 15 } }),
      event("message_stop"),
    ],
    firstOutput: 3,
    whole: 7,
    usage: [25, 15],
    usageFrom: 6,
    error: event("error", { error: { type: "api_error", message: "boom" } }),
  },
];
