import { isJsonObject, type JsonObject } from "../terms/json.ts";
import { asList, asObject } from "./json-read.ts";

/**
 * A whole chat answer as the stream that was asked for: one chunk with all of it, then the end.
 *
 * @param withUsage whether the caller is to get the usage, in a chunk of its own
 */
export function chatAsEvents(answer: JsonObject, withUsage: boolean): string {
  const { usage, choices, ...rest } = answer;
  const about = { ...rest, object: "chat.completion.chunk" };
  const chunk = { ...about, choices: asList(choices).filter(isJsonObject).map(asDelta) };
  const counted = withUsage && isJsonObject(usage) ? [{ ...about, choices: [], usage }] : [];
  const events = [chunk, ...counted].map((event) => JSON.stringify(event));
  return [...events, "[DONE]"].map((data) => `data: ${data}\n\n`).join("");
}

function asDelta({ message, ...choice }: JsonObject, at: number): JsonObject {
  const { tool_calls: calls, ...said } = asObject(message);
  const numbered = asList(calls).map((call, index) => ({ index, ...asObject(call) }));
  const delta = numbered.length > 0 ? { ...said, tool_calls: numbered } : said;
  return { index: at, ...choice, delta };
}
