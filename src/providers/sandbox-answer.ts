import type { ProviderCall } from "../run/ports.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import { minimalInstance } from "./minimal-instance.ts";

/** What a sandbox says, before it is written in an API format. */
export interface SandboxAnswer {
  readonly content:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "tool"; readonly name: string; readonly input: JsonValue };
  /** The output limit of the request ended it. */
  readonly cut: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A word of English is about this many tokens. */
const tokensPerWord = 1.3;
const echoedWords = 8;

/**
 * Works out the answer to a chat or messages request, from nothing but the request: a call of the first (or named) tool
 * with a minimal input where a call is demanded, a minimal instance where a JSON form is, and else one sentence that
 * names provider and model and repeats the first words of the last user message.
 *
 * Tokens are what the policy says, else 1.3 a word, rounded up, and never more than the request's output limit.
 */
export function sandboxAnswer(call: ProviderCall, body: JsonObject): SandboxAnswer {
  const limit = outputLimit(body);
  const content = toolCall(body) ?? limited(jsonText(body) ?? sentence(call, body), limit);
  const said = content.kind === "tool" ? JSON.stringify(content.input) : content.text;
  const usage = call.provider.sandbox?.usage;
  const counted = Math.min(countTokens([said]), limit ?? Number.POSITIVE_INFINITY);
  return {
    content,
    cut: content.kind === "text" && content.cut,
    inputTokens: usage?.inputTokens ?? countTokens(textsOf(body.messages, body.system)),
    outputTokens: usage?.outputTokens ?? counted,
  };
}

/** 1.3 tokens for each run of characters without white space, rounded up. */
export function countTokens(texts: readonly string[]): number {
  const words = texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
  return Math.ceil(words * tokensPerWord);
}

/** Every text in the given parts of a request, however deep, but for the words of the format itself. */
export function textsOf(...parts: readonly (JsonValue | undefined)[]): string[] {
  const texts: string[] = [];
  const open: (JsonValue | undefined)[] = [...parts];
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part === "string") texts.push(part);
    if (typeof part !== "object" || part === null) continue;
    for (const [name, inner] of Object.entries(part)) {
      if (name !== "role" && name !== "type") open.push(inner);
    }
  }
  return texts;
}

function outputLimit(body: JsonObject): number | undefined {
  const limit = body.max_completion_tokens ?? body.max_tokens;
  return typeof limit === "number" && limit >= 1 ? limit : undefined;
}

function limited(text: string, limit: number | undefined) {
  const words = text.split(" ");
  const most = limit === undefined ? words.length : Math.max(1, Math.floor(limit / tokensPerWord));
  const cut = words.length > most;
  return { kind: "text", text: cut ? words.slice(0, most).join(" ") : text, cut } as const;
}

function sentence(call: ProviderCall, body: JsonObject): string {
  const words = lastUserText(body).split(/\s+/).filter(Boolean);
  const hello = `Signals are green: this is ${call.target.model} at ${call.provider.name}.`;
  if (words.length === 0) return hello;
  const echo = words.slice(0, echoedWords).join(" ");
  return `${hello} You wrote: “${echo}${words.length > echoedWords ? " …" : ""}”`;
}

function lastUserText(body: JsonObject): string {
  const messages = listOf(body.messages).filter(isJsonObject);
  const content = messages.findLast(({ role }) => role === "user")?.content;
  if (typeof content === "string") return content;
  const texts = listOf(content).map((part) => (isJsonObject(part) ? part.text : undefined));
  return texts.filter((text) => typeof text === "string").join(" ");
}

/** The JSON text that the request demands: of a schema, or any object. */
function jsonText(body: JsonObject): string | undefined {
  const wanted = [body.response_format, body.output_format, memberOf(body.output_config, "format")];
  const format = wanted.find(isJsonObject);
  if (format?.type === "json_object") return JSON.stringify({ answer: "Signals are green." });
  if (format?.type !== "json_schema") return undefined;
  const schema = memberOf(format.json_schema, "schema") ?? format.schema;
  return JSON.stringify(minimalInstance(schema));
}

/** The tool call that the request demands, in either format. */
function toolCall(body: JsonObject) {
  const choice = body.tool_choice;
  const tools = listOf(body.tools)
    .filter(isJsonObject)
    .map(toolOf)
    .filter((tool) => tool !== undefined);
  const type = memberOf(choice, "type");
  const named = memberOf(memberOf(choice, "function"), "name") ?? memberOf(choice, "name");
  const demanded =
    choice === "required" || type === "any" || type === "tool" || type === "function";
  const tool = demanded ? (tools.find(({ name }) => name === named) ?? tools[0]) : undefined;
  return tool && ({ kind: "tool", name: tool.name, input: minimalInstance(tool.schema) } as const);
}

function toolOf(tool: JsonObject) {
  const { name } = isJsonObject(tool.function) ? tool.function : tool;
  const schema = memberOf(tool.function, "parameters") ?? tool.input_schema;
  return typeof name === "string" ? { name, schema } : undefined;
}

function memberOf(value: JsonValue | undefined, member: string): JsonValue | undefined {
  return isJsonObject(value) ? value[member] : undefined;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
