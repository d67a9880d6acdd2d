import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { Usage } from "../terms/usage.ts";
import { addChatPart } from "./chat-parts.ts";
import { usageParts } from "./chat-usage.ts";
import type { AnswerRead, Dialect, RequestProblem, RequestRead, StreamReader } from "./dialect.ts";
import { asCount, asList, asText, errorMember } from "./json-read.ts";
import { overheads } from "./media-table.ts";
import { brokenAnswer } from "./own-error.ts";
import { renderOpenAiError, renderOpenAiStreamError } from "./render-error.ts";
import { readCommon, wrong } from "./request-members.ts";
import { addText, newTally, type Tally, tallied } from "./tally.ts";
import { reportedCost } from "./usage-cost.ts";

/** OpenAI's embeddings format: no streams, no output tokens. */
export const embeddings: Dialect = {
  api: "embeddings",
  readRequest,
  readAnswer,
  streamReader,
  renderError: renderOpenAiError,
  renderStreamError: renderOpenAiStreamError,
};

function readRequest(body: JsonObject, bytes: number): RequestRead {
  const common = readCommon(body);
  if (common.kind === "problem") return common;
  const tally = newTally();
  const problem = addInput(tally, body.input);
  if (problem) return problem;
  const user = asText(body.user);
  return {
    ...common,
    kind: "request",
    ...tallied(tally, bytes),
    answers: 1,
    ...(user !== undefined && { user }),
  };
}

/** A text, a list of tokens, or a list of texts, of token lists or of `{ content }` parts. */
function addInput(tally: Tally, input: JsonValue | undefined): RequestProblem | undefined {
  if (typeof input === "string") {
    addText(tally, input);
    return undefined;
  }
  if (!Array.isArray(input)) return wrong("input", "a text or a list", input);
  for (const [at, item] of (input as readonly JsonValue[]).entries()) {
    if (typeof item === "number") {
      tally.tokens++;
      continue;
    }
    tally.overhead += overheads.message;
    if (typeof item === "string") addText(tally, item);
    else if (Array.isArray(item)) tally.tokens += item.length;
    else if (isJsonObject(item)) addParts(tally, item);
    else return wrong(`input[${at}]`, "a text or a list of tokens", item);
  }
  return undefined;
}

function addParts(tally: Tally, item: JsonObject): void {
  const parts = asList(item.content).filter(isJsonObject);
  for (const part of parts.length > 0 ? parts : [item]) addChatPart(tally, part);
}

function readAnswer(status: number, body: JsonObject): AnswerRead {
  const error = errorMember(body);
  if (status >= 400 || error !== undefined) return { kind: "error", error: error ?? body };
  const usage = readUsage(body.usage);
  if (Array.isArray(body.data)) return { kind: "answer", ...(usage && { usage }) };
  return { kind: "error", error: brokenAnswer("no_answer") };
}

/** Where there is no `prompt_tokens`, as at Voyage, the total is the input; no input at all was not counted. */
function readUsage(usage: JsonValue | undefined): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const total = asCount(usage.total_tokens);
  const prompt = usage.prompt_tokens === undefined ? total : asCount(usage.prompt_tokens);
  if (prompt === undefined || Math.max(prompt, total ?? 0) === 0) return undefined;
  const cost = reportedCost(usage);
  return {
    inputTokens: Math.max(prompt, total ?? 0),
    outputTokens: 0,
    ...usageParts(usage),
    ...(cost !== undefined && { reportedCost: cost }),
    raw: usage,
  };
}

function streamReader(): StreamReader {
  return {
    push: () => ({ kind: "error", error: brokenAnswer("no_stream") }),
    usage: () => undefined,
    finalUsage: () => undefined,
    finished: () => false,
    ended: () => false,
    finish: () => undefined,
  };
}
