import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/terms/json.ts";

/** Where a recorded stream can be cut: its frames, and the first one that says something of the answer. */
export interface StreamPlaces {
  /** The frames with their blank lines; joined they are the stream. */
  readonly frames: readonly string[];
  /** The index of the first frame with text, reasoning, refusal or tool arguments; -1 where there is none. */
  readonly firstOutput: number;
  /** The index of the first frame that ends an answer: a finish reason, `[DONE]`, `message_stop`. */
  readonly firstEnd: number;
}

/** Finds the places by the plain reading of the two formats' documents, apart from the product's own reader. */
export function streamPlaces(text: string): StreamPlaces {
  const frames = text.match(/[\s\S]*?(?:\r\n\r\n|\n\n)|[\s\S]+$/g) ?? [];
  return {
    frames,
    firstOutput: frames.findIndex((frame) => hasOutput(dataOf(frame))),
    firstEnd: frames.findIndex((frame) => isEnd(frame)),
  };
}

/** The data of one frame, parsed; `undefined` for comments, `[DONE]` and anything else that is no object. */
export function dataOf(frame: string): JsonObject | undefined {
  const data = /^data: ?(.*)$/m.exec(frame)?.[1];
  if (data === undefined || !data.startsWith("{")) return undefined;
  const value = JSON.parse(data) as JsonValue;
  return isJsonObject(value) ? value : undefined;
}

const spoken = new Set([
  "content",
  "refusal",
  "reasoning",
  "reasoning_content",
  "arguments",
  "text",
  "thinking",
  "partial_json",
  "signature",
  // Thinking that only its maker can read, a source that is cited, what the provider's own tool found.
  "data",
  "cited_text",
  "encrypted_content",
]);

/** Whether an event says anything: a filled text under one of the members that hold an answer's words. */
function hasOutput(data: JsonObject | undefined): boolean {
  if (data === undefined) return false;
  const deltas = choicesOf(data).map((choice) => choice.delta ?? null);
  return [data.delta, data.content_block, ...deltas].some(says);
}

function says(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.some(says);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(
    ([name, inner]) =>
      says(inner) || (spoken.has(name) && typeof inner === "string" && inner !== ""),
  );
}

function isEnd(frame: string): boolean {
  const data = dataOf(frame);
  if (data === undefined) return frame.includes("data: [DONE]");
  return (
    data.type === "message_stop" ||
    choicesOf(data).some((choice) => typeof choice.finish_reason === "string")
  );
}

function choicesOf(data: JsonObject): readonly JsonObject[] {
  const choices = data.choices;
  return Array.isArray(choices) ? choices.filter(isJsonObject) : [];
}
