import type { JsonObject, JsonValue } from "../terms/json.ts";
import type { AnswerRead, Dialect } from "./dialect.ts";
import { asObject, asText, errorMember } from "./json-read.ts";
import { messagesAsEvents } from "./messages-as-events.ts";
import { readMessagesRequest } from "./messages-request.ts";
import { messagesStreamReader } from "./messages-stream.ts";
import { readMessagesUsage } from "./messages-usage.ts";
import { brokenAnswer } from "./own-error.ts";
import { renderAnthropicError, renderAnthropicStreamError } from "./render-error.ts";

/** Anthropic's messages format. */
export const messages: Dialect = {
  api: "messages",
  readRequest: readMessagesRequest,
  readAnswer,
  streamReader: messagesStreamReader,
  asEvents: messagesAsEvents,
  renderError: renderAnthropicError,
  renderStreamError: renderAnthropicStreamError,
};

/** Blocks other than a text without any. */
function hasOutput(content: readonly JsonValue[]): boolean {
  return content
    .map(asObject)
    .some(({ type, text }) => type !== "text" || asText(text) !== undefined);
}

function readAnswer(status: number, body: JsonObject): AnswerRead {
  const error = errorMember(body);
  if (error !== undefined) return { kind: "error", error };
  if (status >= 400 || body.type === "error") return { kind: "error", error: body };
  if (!Array.isArray(body.content)) return { kind: "error", error: brokenAnswer("no_answer") };
  const content = body.content as readonly JsonValue[];
  const usage = readMessagesUsage(body.usage);
  const finish = asText(body.stop_reason);
  // Output that nobody counted is no usage.
  const isCounted = usage && (usage.outputTokens > 0 || !hasOutput(content));
  return { kind: "answer", ...(isCounted && { usage }), ...(finish !== undefined && { finish }) };
}
