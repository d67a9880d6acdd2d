import type { JsonObject, JsonValue } from "../terms/json.ts";
import { isJsonObject } from "../terms/json.ts";
import { asObject, asText } from "./json-read.ts";
import { audioTokens, chatImage, documentTokens } from "./media-table.ts";
import { addMedia, addText, addTexts, type Tally } from "./tally.ts";

/** Counts one part of a chat message's content; a part of a kind unknown here counts as text. */
export function addChatPart(tally: Tally, part: JsonObject): void {
  switch (part.type) {
    case "text":
    case "input_text":
    case "output_text":
    case "refusal":
      addText(tally, part.text ?? part.refusal);
      return;
    case "image_url":
    case "input_image":
    case "image":
      addImage(tally, part);
      return;
    case "input_audio":
    case "audio_url":
      addAudio(tally, addressOrData(part.input_audio ?? part.audio_url));
      return;
    case "video_url":
    case "input_video": {
      const written = addressOrData(part.video_url ?? part.input_video);
      addMedia(tally, "vision", documentTokens(0), written);
      return;
    }
    case "file":
    case "input_file":
    case "file_url":
    case "document_url":
    case "document":
      addFile(tally, part);
      return;
    default:
      addTexts(tally, part);
  }
}

/** Media are given as `{ url }`, `{ data }` or the text itself. */
function addressOrData(value: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(value) ? (value.url ?? value.data) : value;
}

function addImage(tally: Tally, part: JsonObject): void {
  if (asText(part.file_id)) tally.needs.add("state");
  addPicture(tally, part.image_url ?? part.image);
}

/** Counts an image by its address or data; what says itself that it is none is a document in disguise. */
export function addPicture(tally: Tally, image: JsonValue | undefined): void {
  const written = addressOrData(image);
  if (typeof written === "string" && /^\s*data:(?!image\/)/i.test(written)) {
    addMedia(tally, "files", documentTokens(written.length), written);
  } else addMedia(tally, "vision", chatImage, written);
}

function addAudio(tally: Tally, written: JsonValue | undefined): void {
  const isAddress = typeof written === "string" && /^https?:/i.test(written);
  const tokens = isAddress ? documentTokens(0) : audioTokens(asText(written)?.length ?? 0);
  addMedia(tally, "audio", tokens, written);
}

function addFile(tally: Tally, part: JsonObject): void {
  const file = { ...part, ...asObject(part.file) };
  if (asText(file.file_id)) tally.needs.add("state");
  const written = file.file_data ?? addressOrData(file.file_url ?? file.document_url);
  addText(tally, file.filename);
  addMedia(tally, "files", documentTokens(asText(written)?.length ?? 0), written);
}
