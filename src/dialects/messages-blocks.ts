import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import { asList, asObject, asText } from "./json-read.ts";
import { documentTokens, messagesImage, overheads } from "./media-table.ts";
import { maxBodyDepth } from "./members.ts";
import { addMedia, addText, addTexts, type Tally } from "./tally.ts";

/** Counts one block of a message, of the system prompt or of a tool's result; a block unknown here counts as text. */
export function addBlock(tally: Tally, block: JsonObject, depth = 0): void {
  if (depth > maxBodyDepth) return;
  switch (block.type) {
    case "text":
      addText(tally, block.text);
      return;
    case "image":
      addImage(tally, asObject(block.source));
      return;
    case "document":
      addDocument(tally, block, depth);
      return;
    case "container_upload":
      tally.needs.add("state");
      addMedia(tally, "files", documentTokens(0), undefined);
      return;
    case "thinking":
      addText(tally, block.thinking);
      if (asText(block.signature)) tally.needs.add("state");
      return;
    case "redacted_thinking":
      tally.needs.add("state");
      return;
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      tally.needs.add("tools");
      addText(tally, block.name);
      addTexts(tally, block.input);
      return;
    case "tool_result":
      tally.needs.add("tools");
      addNested(tally, block.content, depth);
      return;
    default:
      addTexts(tally, block);
  }
}

function addNested(tally: Tally, content: JsonValue | undefined, depth: number): void {
  addText(tally, content);
  for (const inner of asList(content)) {
    if (isJsonObject(inner)) addBlock(tally, inner, depth + 1);
    else addTexts(tally, inner);
  }
}

function addImage(tally: Tally, source: JsonObject): void {
  if (asText(source.file_id)) tally.needs.add("state");
  const written = source.data ?? source.url;
  const type = asText(source.media_type) ?? /^\s*data:([^;,]*)/i.exec(asText(written) ?? "")?.[1];
  // What says itself that it is no image is a document in disguise.
  if (type === undefined || /^image\//i.test(type))
    addMedia(tally, "vision", messagesImage, written);
  else addMedia(tally, "files", documentTokens(asText(written)?.length ?? 0), written);
}

function addDocument(tally: Tally, block: JsonObject, depth: number): void {
  const source = asObject(block.source);
  tally.needs.add("files");
  if (isJsonObject(block.citations)) tally.overhead += overheads.citations;
  addText(tally, block.title);
  addText(tally, block.context);
  switch (source.type) {
    case "text":
      addText(tally, source.data);
      return;
    case "content":
      addNested(tally, source.content, depth);
      return;
    default: {
      if (asText(source.file_id)) tally.needs.add("state");
      const written = source.data ?? source.url;
      addMedia(tally, "files", documentTokens(asText(source.data)?.length ?? 0), written);
    }
  }
}
