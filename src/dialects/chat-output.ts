import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import { asList, asObject } from "./json-read.ts";

/** Whether a choice of a chunk or of an answer holds any output: text, reasoning, refusal, tool arguments, audio or images; a role, a name and an id are none. */
export function hasOutput(choice: JsonObject): boolean {
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
