import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { Usage } from "../terms/usage.ts";
import { readChatUsage } from "./chat-usage.ts";
import type { SseEvent, StreamReader, StreamStep } from "./dialect.ts";
import { asList, asObject, asText, errorMember, parseObject } from "./json-read.ts";
import { brokenAnswer } from "./own-error.ts";

/**
 * Reads a stream of chat completion chunks.
 *
 * The start of a tool call (its id and name) is a preamble: nothing can be done with it before its arguments, and a call
 * without arguments is whole at its finish reason.
 *
 * Whole is a stream in which every choice has its finish reason, whatever follows, because some providers never send
 * `[DONE]`; and one that said `[DONE]` after at least one choice, because some send that without a finish reason.
 */
export function chatStreamReader(answers = 1): StreamReader {
  const unfinished = new Set<JsonValue>();
  const done = new Set<JsonValue>();
  let usage: Usage | undefined;
  let finish: string | undefined;
  let ended = false;
  let failed = false;

  const fail = (error: JsonValue): StreamStep => {
    failed = true;
    return { kind: "error", error };
  };

  const sawChoice = () => done.size + unfinished.size > 0;

  const close = (): StreamStep => {
    ended = true;
    if (failed || sawChoice()) return { kind: "terminal" };
    return fail(brokenAnswer("no_answer"));
  };

  /** Notes where the choice stands; tells whether it ends here. */
  const note = (choice: JsonObject): boolean => {
    const index = choice.index ?? 0;
    const reason = asText(choice.finish_reason);
    if (reason === undefined) {
      if (!done.has(index)) unfinished.add(index);
      return false;
    }
    finish ??= reason;
    unfinished.delete(index);
    done.add(index);
    return true;
  };

  const push = (event: SseEvent): StreamStep => {
    if (event.data.trim() === "[DONE]") return close();
    const chunk = parseObject(event.data);
    if (chunk === undefined) return fail(brokenAnswer("malformed_event"));
    const error = chunkError(event, chunk);
    const said = chunkUsage(chunk);
    usage = readChatUsage(said) ?? usage;
    if (error !== undefined) return fail(error);
    const choices = asList(chunk.choices).filter(isJsonObject);
    const ends = choices.map(note).includes(true);
    if (choices.some(hasOutput)) return { kind: "output" };
    if (ends) return { kind: "terminal" };
    return { kind: choices.length === 0 && said !== undefined ? "usage" : "preamble" };
  };

  return {
    push,
    usage: () => usage,
    finished: () =>
      !failed && sawChoice() && (ended || (unfinished.size === 0 && done.size >= answers)),
    ended: () => ended,
    finish: () => finish,
  };
}

function chunkUsage(chunk: JsonObject): JsonObject | undefined {
  const usage = chunk.usage ?? asObject(chunk.x_groq).usage;
  return isJsonObject(usage) ? usage : undefined;
}

/** The error that a chunk holds: named by the event, at its top, in Groq's extension, or as a choice's end. */
function chunkError(event: SseEvent, chunk: JsonObject): JsonValue | undefined {
  const error = errorMember(chunk) ?? errorMember(asObject(chunk.x_groq));
  if (error !== undefined) return error;
  if (event.event === "error" || chunk.object === "error") return chunk;
  for (const choice of asList(chunk.choices).map(asObject)) {
    const inside = errorMember(choice);
    if (inside !== undefined) return inside;
    if (choice.finish_reason === "error") return brokenAnswer("ended_in_error");
  }
  return undefined;
}

/** Text, reasoning, refusal, tool arguments, audio or images; a role, a name and an id are none. */
function hasOutput(choice: JsonObject): boolean {
  const delta = choice.delta ?? choice.message;
  if (!isJsonObject(delta)) return filled(choice.text);
  return (
    outputMembers.some((member) => filled(delta[member])) ||
    asList(delta.tool_calls).some((call) => hasArguments(asObject(call))) ||
    filled(asObject(delta.function_call).arguments) ||
    asList(delta.reasoning_details).some((detail) => hasReasoning(asObject(detail))) ||
    hasAudio(asObject(delta.audio))
  );
}

const outputMembers = [
  "content",
  "reasoning",
  "reasoning_content",
  "refusal",
  "images",
  "executed_tools",
] as const;

function hasArguments(call: JsonObject): boolean {
  return filled(asObject(call.function).arguments) || filled(asObject(call.custom).input);
}

function hasReasoning(detail: JsonObject): boolean {
  return filled(detail.text) || filled(detail.summary) || filled(detail.data);
}

function hasAudio(audio: JsonObject): boolean {
  return filled(audio.data) || filled(audio.transcript);
}

/** A text, a list or an object with something in it. */
function filled(value: JsonValue | undefined): boolean {
  if (typeof value === "string") return value !== "";
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
