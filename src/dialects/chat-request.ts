import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import { addChatPart, addPicture } from "./chat-parts.ts";
import type { RequestProblem, RequestRead } from "./dialect.ts";
import { asList, asObject, asText } from "./json-read.ts";
import { overheads } from "./media-table.ts";
import { readCommon, readLimit, wrong } from "./request-members.ts";
import { addKept, addText, addTexts, newTally, type Tally, tallied } from "./tally.ts";

/** Reads a request in OpenAI's chat completions format. */
export function readChatRequest(body: JsonObject, bytes: number): RequestRead {
  const common = readCommon(body);
  if (common.kind === "problem") return common;
  const limit = chatLimit(body);
  if (typeof limit === "object") return limit;
  const answers = body.n ?? 1;
  if (typeof answers !== "number" || !Number.isSafeInteger(answers) || answers < 1) {
    return wrong("n", "a whole number from 1 on", answers);
  }
  const tally = newTally();
  const problem = addMessages(tally, body.messages) ?? addTools(tally, body);
  if (problem) return problem;
  addWishes(tally, body);
  const user = asText(body.user);
  return {
    ...common,
    kind: "request",
    ...tallied(tally, bytes),
    ...(limit !== undefined && { outputTokens: limit }),
    answers,
    ...(user !== undefined && { user }),
  };
}

/** The lower of the two members that limit the output; `prepareBody` sends that one. */
function chatLimit(body: JsonObject): number | undefined | RequestProblem {
  const current = readLimit(body, "max_completion_tokens");
  const older = readLimit(body, "max_tokens");
  if (typeof current === "object") return current;
  if (typeof older === "object") return older;
  if (current === undefined || older === undefined) return current ?? older;
  return Math.min(current, older);
}

function addMessages(tally: Tally, messages: JsonValue | undefined): RequestProblem | undefined {
  if (!Array.isArray(messages)) return wrong("messages", "a list", messages);
  for (const [at, message] of (messages as readonly JsonValue[]).entries()) {
    const member = `messages[${at}]`;
    if (!isJsonObject(message)) return wrong(member, "an object", message);
    const problem = addMessage(tally, message, member);
    if (problem) return problem;
  }
  return undefined;
}

function addMessage(tally: Tally, message: JsonObject, member: string): RequestProblem | undefined {
  tally.overhead += overheads.message;
  const calls = asList(message.tool_calls);
  if (message.role === "tool" || message.role === "function") tally.needs.add("tools");
  if (calls.length > 0 || isJsonObject(message.function_call)) tally.needs.add("tools");
  for (const call of calls.map(asObject)) {
    tally.overhead += overheads.tool;
    addTexts(tally, call.function ?? call.custom);
  }
  addTexts(tally, message.function_call);
  addText(tally, message.name);
  addText(tally, message.reasoning);
  addText(tally, message.reasoning_content);
  for (const image of asList(message.images)) addMessageImage(tally, image);
  // An earlier answer in audio, kept by the provider under this id.
  if (asText(asObject(message.audio).id)) addKept(tally);
  if (asList(message.reasoning_details).some((one) => isSigned(asObject(one)))) {
    tally.needs.add("state");
  }
  return addContent(tally, message.content ?? null, `${member}.content`);
}

/** Ollama's list of data, or the images that OpenRouter answers with. */
function addMessageImage(tally: Tally, image: JsonValue): void {
  if (isJsonObject(image)) addChatPart(tally, { type: "image_url", ...image });
  else addPicture(tally, image);
}

/** Reasoning that only the provider that wrote it can read back. */
function isSigned(detail: JsonObject): boolean {
  return asText(detail.signature) !== undefined || asText(detail.data) !== undefined;
}

function addContent(tally: Tally, content: JsonValue, member: string): RequestProblem | undefined {
  if (content === null) return undefined;
  if (typeof content === "string") {
    addText(tally, content);
    return undefined;
  }
  if (!Array.isArray(content)) return wrong(member, "a text or a list of parts", content);
  for (const [at, part] of (content as readonly JsonValue[]).entries()) {
    if (typeof part === "string") addText(tally, part);
    else if (isJsonObject(part)) addChatPart(tally, part);
    else return wrong(`${member}[${at}]`, "a part", part);
  }
  return undefined;
}

function addTools(tally: Tally, body: JsonObject): RequestProblem | undefined {
  const given = [];
  for (const member of ["tools", "functions"] as const) {
    const tools = body[member] ?? null;
    if (tools === null) continue;
    if (!Array.isArray(tools)) return wrong(member, "a list", tools);
    given.push(...(tools as readonly JsonValue[]).map(asObject));
  }
  for (const tool of given) {
    tally.overhead += overheads.tool;
    addTexts(tally, tool);
    const type = asText(tool.type) ?? "function";
    if (type !== "function" && type !== "custom") tally.serverTools.push(type);
  }
  if (given.length > 0) tally.needs.add("tools");
  if (tally.needs.has("tools")) tally.overhead += overheads.tools;
  return undefined;
}

/** What the other members ask of the model. */
function addWishes(tally: Tally, body: JsonObject): void {
  const format = asObject(body.response_format);
  if (format.type === "json_object" || format.type === "json_schema") {
    tally.needs.add("json");
    tally.overhead += overheads.json;
    addTexts(tally, format.json_schema);
  }
  if (asksForReasoning(body)) tally.needs.add("reasoning");
  if (isJsonObject(body.audio) || asList(body.modalities).includes("audio")) {
    tally.needs.add("audio");
  }
  if (isJsonObject(body.web_search_options)) tally.serverTools.push("web_search_options");
  if (body.enable_search === true) tally.serverTools.push("enable_search");
  for (const member of ["previous_response_id", "conversation", "container"] as const) {
    if ((body[member] ?? null) !== null) addKept(tally);
  }
}

/** Members of OpenAI, OpenRouter, Anthropic's likeness and Qwen, in this order. */
function asksForReasoning(body: JsonObject): boolean {
  const effort = asText(body.reasoning_effort);
  if (effort !== undefined && effort !== "none") return true;
  const reasoning = asObject(body.reasoning);
  const off = reasoning.enabled === false || reasoning.effort === "none";
  if (Object.keys(reasoning).length > 0 && !off) return true;
  const thinking = asText(asObject(body.thinking).type);
  if (thinking !== undefined && thinking !== "disabled") return true;
  return body.enable_thinking === true;
}
