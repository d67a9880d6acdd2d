import type { JsonObject } from "../terms/json.ts";
import type { Usage } from "../terms/usage.ts";
import type { SseEvent, StreamReader, StreamStep } from "./dialect.ts";
import { asCount, asObject, asText, parseObject } from "./json-read.ts";
import { readMessagesUsage } from "./messages-usage.ts";
import { brokenAnswer } from "./own-error.ts";

/**
 * Reads a stream of Anthropic message events; it is whole at `message_stop`.
 *
 * Usage comes in `message_start` and, cumulative, in each `message_delta`: members said later replace those said before.
 * The output that a start counts is that of its first token: without the count of a delta none is final.
 */
export function messagesStreamReader(): StreamReader {
  const meter = usageMeter();
  let finish: string | undefined;
  let started = false;
  let ended = false;
  let failed = false;

  const fail = (error: JsonObject): StreamStep => {
    failed = true;
    return { kind: "error", error };
  };

  const noted = (kind: "preamble" | "output" | "other"): StreamStep => {
    if (kind === "output") meter.output();
    return { kind };
  };

  const push = (event: SseEvent): StreamStep => {
    const said = parseObject(event.data);
    if (said === undefined) return fail(brokenAnswer("malformed_event"));
    if (event.event === "error") return fail(errorOf(said));
    switch (said.type) {
      case "error":
        return fail(errorOf(said));
      case "message_start":
        started = true;
        meter.add(asObject(asObject(said.message).usage), false);
        return { kind: "preamble" };
      case "content_block_start":
        return noted(blockStart(asObject(said.content_block)));
      case "content_block_delta":
        return noted(delta(asObject(said.delta)));
      case "message_delta":
        finish = asText(asObject(said.delta).stop_reason) ?? finish;
        meter.add(asObject(said.usage), true);
        return { kind: "preamble" };
      case "message_stop":
        ended = true;
        return started ? { kind: "terminal" } : fail(brokenAnswer("no_answer"));
      case "content_block_stop":
      case "ping":
        return { kind: "preamble" };
      default:
        return { kind: "other" };
    }
  };

  return {
    push,
    usage: meter.usage,
    finalUsage: meter.finalUsage,
    finished: () => ended && started && !failed,
    ended: () => ended,
    finish: () => finish,
  };
}

/** Gathers what a stream says of usage. */
function usageMeter() {
  let usage: JsonObject = {};
  let hadOutput = false;
  /** A `message_delta` has counted all output so far. */
  let isCounted = false;
  return {
    output: () => {
      hadOutput = true;
      isCounted = false;
    },
    add: (said: JsonObject, counts: boolean) => {
      const known = Object.entries(said).filter(([, value]) => value !== null);
      usage = { ...usage, ...Object.fromEntries(known) };
      if (counts && asCount(said.output_tokens) !== undefined) isCounted = true;
    },
    usage: () => readMessagesUsage(usage),
    finalUsage: (): Usage | undefined => {
      const read = isCounted ? readMessagesUsage(usage) : undefined;
      // Output that nobody counted is no usage.
      return hadOutput && read?.outputTokens === 0 ? undefined : read;
    },
  };
}

function errorOf(said: JsonObject): JsonObject {
  const error = said.error;
  return typeof error === "string" ? { message: error } : error ? asObject(error) : said;
}

/** Blocks that begin empty and are filled by deltas; of a tool call only id and name are known at its start. */
function blockStart(block: JsonObject): "preamble" | "output" {
  switch (block.type) {
    case "text":
      return asText(block.text) === undefined ? "preamble" : "output";
    case "thinking":
      return asText(block.thinking) === undefined ? "preamble" : "output";
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      return Object.keys(asObject(block.input)).length === 0 ? "preamble" : "output";
    default:
      // A block without deltas is whole at its start: redacted thinking, the result of a server's tool.
      return "output";
  }
}

function delta(part: JsonObject): "preamble" | "output" | "other" {
  switch (part.type) {
    case "text_delta":
      return outputIf(part.text);
    case "thinking_delta":
      return outputIf(part.thinking);
    case "input_json_delta":
      return outputIf(part.partial_json);
    case "signature_delta":
      return outputIf(part.signature);
    case "citations_delta":
    case "compaction_delta":
      return "output";
    default:
      return "other";
  }
}

function outputIf(text: unknown): "preamble" | "output" {
  return typeof text === "string" && text !== "" ? "output" : "preamble";
}
