import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import { chatAsEvents } from "./chat-as-events.ts";
import { hasOutput } from "./chat-output.ts";
import { readChatRequest } from "./chat-request.ts";
import { chatStreamReader } from "./chat-stream.ts";
import { readChatUsage } from "./chat-usage.ts";
import type { AnswerRead, Dialect } from "./dialect.ts";
import { asList, asText, errorMember } from "./json-read.ts";
import { brokenAnswer } from "./own-error.ts";
import { renderOpenAiError, renderOpenAiStreamError } from "./render-error.ts";

/** OpenAI's chat completions format, and that of the many who speak it. */
export const chat: Dialect = {
  api: "chat",
  readRequest: readChatRequest,
  readAnswer,
  streamReader: chatStreamReader,
  asEvents: chatAsEvents,
  renderError: renderOpenAiError,
  renderStreamError: renderOpenAiStreamError,
};

function readAnswer(status: number, body: JsonObject): AnswerRead {
  const usage = readChatUsage(body.usage);
  const failed = (error: JsonValue): AnswerRead => ({
    kind: "error",
    error,
    ...(usage && { usage }),
  });
  const error = errorMember(body);
  if (error !== undefined) return failed(error);
  if (status >= 400 || body.object === "error") return failed(body);
  const choices = asList(body.choices).filter(isJsonObject);
  const [first] = choices;
  if (first === undefined) return failed(brokenAnswer("no_answer"));
  for (const choice of choices) {
    const inside = errorMember(choice);
    if (inside !== undefined) return failed(inside);
    if (choice.finish_reason === "error") return failed(brokenAnswer("ended_in_error"));
  }
  const finish = asText(first.finish_reason);
  // Output that nobody counted is no usage.
  const isCounted = usage && (usage.outputTokens > 0 || !choices.some(hasOutput));
  return { kind: "answer", ...(isCounted && { usage }), ...(finish !== undefined && { finish }) };
}
