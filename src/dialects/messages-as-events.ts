import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import { asList, asObject, asText } from "./json-read.ts";

/** A whole message as the stream that was asked for: its start, each block in one piece, its end. */
export function messagesAsEvents(answer: JsonObject): string {
  const { content, stop_reason = null, stop_sequence = null } = answer;
  const usage = asObject(answer.usage);
  const begun = {
    ...answer,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 0 },
  };
  return [
    { type: "message_start", message: begun },
    ...asList(content).filter(isJsonObject).flatMap(blockEvents),
    { type: "message_delta", delta: { stop_reason, stop_sequence }, usage },
    { type: "message_stop" },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}

interface Event {
  readonly type: string;
  readonly [member: string]: JsonValue;
}

function blockEvents(block: JsonObject, index: number): readonly Event[] {
  const { start, deltas } = taken(block);
  return [
    { type: "content_block_start", index, content_block: start },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

interface Taken {
  /** The block as it begins. */
  readonly start: JsonObject;
  /** What fills it. */
  readonly deltas: readonly JsonObject[];
}

/** Blocks that begin empty and are filled by deltas; every other one is whole at its start. */
function taken(block: JsonObject): Taken {
  switch (block.type) {
    case "text":
      return textTaken(block);
    case "thinking":
      return thinkingTaken(block);
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use": {
      const partial_json = JSON.stringify(block.input ?? {});
      return {
        start: { ...block, input: {} },
        deltas: [{ type: "input_json_delta", partial_json }],
      };
    }
    default:
      return { start: block, deltas: [] };
  }
}

function textTaken(block: JsonObject): Taken {
  const citations = asList(block.citations).map((citation) => ({
    type: "citations_delta",
    citation,
  }));
  const start = { ...block, text: "", ...(citations.length > 0 && { citations: [] }) };
  return { start, deltas: [{ type: "text_delta", text: asText(block.text) ?? "" }, ...citations] };
}

function thinkingTaken(block: JsonObject): Taken {
  const signature = asText(block.signature);
  const thinking = { type: "thinking_delta", thinking: asText(block.thinking) ?? "" };
  const signed = signature === undefined ? [] : [{ type: "signature_delta", signature }];
  return { start: { ...block, thinking: "", signature: "" }, deltas: [thinking, ...signed] };
}
