import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { Usage } from "../terms/usage.ts";
import { hasOutput } from "./chat-output.ts";
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
 *
 * Usage is final where it is the last word: said with or after the end of every choice, or before a `[DONE]` that is all
 * the end there is. What was said on the way holds too little, or nothing but the input.
 */
export function chatStreamReader(answers = 1): StreamReader {
  const unfinished = new Set<JsonValue>();
  const done = new Set<JsonValue>();
  const meter = usageMeter();
  let finish: string | undefined;
  let ended = false;
  let failed = false;

  const fail = (error: JsonValue): StreamStep => {
    failed = true;
    return { kind: "error", error };
  };

  const sawChoice = () => done.size + unfinished.size > 0;

  /** Every choice that began has ended. */
  const isOver = () => ended || (finish !== undefined && unfinished.size === 0);

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
    const isRead = meter.add(said);
    if (error !== undefined) return fail(error);
    const choices = asList(chunk.choices).filter(isJsonObject);
    const ends = choices.map(note).includes(true);
    const hasMore = choices.some(hasOutput);
    meter.more({ ends, hasMore, isRead });
    if (hasMore) return { kind: "output" };
    if (ends) return { kind: "terminal" };
    return { kind: choices.length === 0 && said !== undefined ? "usage" : "preamble" };
  };

  return {
    push,
    usage: meter.usage,
    finalUsage: () => (isOver() ? meter.lastWord() : undefined),
    finished: () =>
      !failed && sawChoice() && (ended || (unfinished.size === 0 && done.size >= answers)),
    ended: () => ended,
    finish: () => finish,
  };
}

/** Keeps what a stream says of usage. */
function usageMeter() {
  let usage: Usage | undefined;
  /** Nothing of the answer came after it. */
  let isLast = false;
  let hadOutput = false;
  return {
    /** Tells whether it could be read. */
    add: (said: JsonObject | undefined): boolean => {
      const read = readChatUsage(said);
      if (!read) return false;
      usage = read;
      isLast = true;
      return true;
    },
    /** Notes what a chunk brought of the answer, with its usage or without. */
    more: (chunk: {
      readonly ends: boolean;
      readonly hasMore: boolean;
      readonly isRead: boolean;
    }) => {
      hadOutput ||= chunk.hasMore;
      if (chunk.ends || chunk.hasMore) isLast = chunk.isRead;
    },
    usage: () => usage,
    // Output that nobody counted is no usage.
    lastWord: () => (isLast && !(hadOutput && usage?.outputTokens === 0) ? usage : undefined),
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
