import type { JsonObject } from "../terms/json.ts";
import type { AnswerRead, Dialect } from "./dialect.ts";
import { asText, errorMember } from "./json-read.ts";
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
  renderError: renderAnthropicError,
  renderStreamError: renderAnthropicStreamError,
};

function readAnswer(status: number, body: JsonObject): AnswerRead {
  const error = errorMember(body);
  if (error !== undefined) return { kind: "error", error };
  if (status >= 400 || body.type === "error") return { kind: "error", error: body };
  if (!Array.isArray(body.content)) return { kind: "error", error: brokenAnswer("no_answer") };
  const usage = readMessagesUsage(body.usage);
  const finish = asText(body.stop_reason);
  return { kind: "answer", ...(usage && { usage }), ...(finish !== undefined && { finish }) };
}
