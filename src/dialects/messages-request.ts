import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { RequestProblem, RequestRead } from "./dialect.ts";
import { asList, asObject, asText } from "./json-read.ts";
import { overheads } from "./media-table.ts";
import { addBlock } from "./messages-blocks.ts";
import { readCommon, readLimit, wrong } from "./request-members.ts";
import { addKept, addText, addTexts, newTally, type Tally, tallied } from "./tally.ts";

/** Reads a request in Anthropic's messages format. */
export function readMessagesRequest(body: JsonObject, bytes: number): RequestRead {
  const common = readCommon(body);
  if (common.kind === "problem") return common;
  const limit = readLimit(body, "max_tokens");
  if (typeof limit === "object") return limit;
  const tally = newTally();
  const problem =
    addContent(tally, body.system ?? null, "system") ??
    addMessages(tally, body.messages) ??
    addTools(tally, body.tools ?? null);
  if (problem) return problem;
  addWishes(tally, body);
  const user = common.metadata.user_id;
  return {
    ...common,
    kind: "request",
    ...tallied(tally, bytes),
    ...(limit !== undefined && { outputTokens: limit }),
    answers: 1,
    ...(user !== undefined && user !== "" && { user }),
  };
}

function addMessages(tally: Tally, messages: JsonValue | undefined): RequestProblem | undefined {
  if (!Array.isArray(messages)) return wrong("messages", "a list", messages);
  for (const [at, message] of (messages as readonly JsonValue[]).entries()) {
    const member = `messages[${at}]`;
    if (!isJsonObject(message)) return wrong(member, "an object", message);
    tally.overhead += overheads.message;
    const problem = addContent(tally, message.content ?? null, `${member}.content`);
    if (problem) return problem;
  }
  return undefined;
}

function addContent(tally: Tally, content: JsonValue, member: string): RequestProblem | undefined {
  if (content === null) return undefined;
  if (typeof content === "string") {
    addText(tally, content);
    return undefined;
  }
  if (!Array.isArray(content)) return wrong(member, "a text or a list of blocks", content);
  for (const [at, block] of (content as readonly JsonValue[]).entries()) {
    if (!isJsonObject(block)) return wrong(`${member}[${at}]`, "a block", block);
    addBlock(tally, block);
  }
  return undefined;
}

function addTools(tally: Tally, tools: JsonValue): RequestProblem | undefined {
  if (tools !== null && !Array.isArray(tools)) return wrong("tools", "a list", tools);
  for (const tool of asList(tools).map(asObject)) {
    tally.needs.add("tools");
    tally.overhead += overheads.tool;
    addTexts(tally, tool);
    const type = asText(tool.type) ?? "custom";
    if (type === "custom") continue;
    if (runByCaller.test(type)) tally.overhead += overheads.describedTool;
    else tally.serverTools.push(type);
  }
  if (tally.needs.has("tools")) tally.overhead += overheads.tools;
  return undefined;
}

/**
 * Tools that Anthropic describes and the caller runs; every other typed tool runs at the provider.
 *
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview (from memory, 2026-11-22)
 */
const runByCaller = /^(?:bash|computer|text_editor|memory|tool_search_tool(?:_\w+)?)_\d{8}$/;

function addWishes(tally: Tally, body: JsonObject): void {
  const format = body.output_format ?? asObject(body.output_config).format;
  if (isJsonObject(format)) {
    tally.needs.add("json");
    tally.overhead += overheads.json;
    addTexts(tally, format);
  }
  const thinking = asText(asObject(body.thinking).type);
  if (thinking !== undefined && thinking !== "disabled") tally.needs.add("reasoning");
  if ((body.container ?? null) !== null) addKept(tally);
  if (asList(body.mcp_servers).length > 0) tally.serverTools.push("mcp_servers");
  // Compaction runs the model once more over the whole input.
  if (isJsonObject(body.context_management)) tally.serverTools.push("context_management");
}
