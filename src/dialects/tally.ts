import { type Need, needs } from "../terms/api.ts";
import type { JsonObject, JsonValue } from "../terms/json.ts";
import { documentTokens, type MediaTokens, overheads } from "./media-table.ts";
import { maxBodyDepth } from "./members.ts";
import { utf8Length } from "./utf8-length.ts";

/** What was found in a request so far. Made by {@link newTally}, filled by the readers of one request, then dropped. */
export interface Tally {
  textBytes: number;
  /** Bytes of the body that are media, and count by the table instead. */
  mediaBytes: number;
  mediaTokens: number;
  mediaTokensAtMost: number;
  /** Input that is counted in tokens already (embeddings of token lists). */
  tokens: number;
  overhead: number;
  readonly needs: Set<Need>;
  readonly serverTools: string[];
}

export function newTally(): Tally {
  return {
    textBytes: 0,
    mediaBytes: 0,
    mediaTokens: 0,
    mediaTokensAtMost: 0,
    tokens: 0,
    overhead: overheads.request,
    needs: new Set(),
    serverTools: [],
  };
}

/** Counts a piece of media; `written` is its text in the body (base64 or an address), which is no text to the model. */
export function addMedia(
  tally: Tally,
  need: Need,
  media: MediaTokens,
  written: JsonValue | undefined,
): void {
  tally.needs.add(need);
  tally.mediaTokens += media.tokens;
  tally.mediaTokensAtMost += media.atMost;
  if (typeof written === "string") tally.mediaBytes += utf8Length(written);
}

/** Notes input that the provider keeps under an id: nothing but the model's window bounds it. */
export function addKept(tally: Tally): void {
  tally.needs.add("state");
  tally.mediaTokensAtMost += documentTokens(0).atMost;
}

/** Counts a text for the estimate. */
export function addText(tally: Tally, text: JsonValue | undefined): void {
  if (typeof text === "string") tally.textBytes += utf8Length(text);
}

/** Counts all texts, names and numbers in a value, as a model reads a schema or the arguments of a tool. */
export function addTexts(tally: Tally, value: JsonValue | undefined, depth = 0): void {
  if (typeof value === "string") tally.textBytes += utf8Length(value);
  else if (typeof value === "number") tally.textBytes += 2;
  if (typeof value !== "object" || value === null || depth > maxBodyDepth) return;
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) addTexts(tally, item, depth + 1);
    return;
  }
  for (const [key, item] of Object.entries(value as JsonObject)) {
    tally.textBytes += utf8Length(key);
    addTexts(tally, item, depth + 1);
  }
}

/** The numbers and needs of a request from what was found in it. */
export function tallied(tally: Tally, bytes: number) {
  const textAtMost = Math.max(0, bytes - tally.mediaBytes);
  return {
    needs: needs.filter((need) => tally.needs.has(need)),
    inputTokens: Math.ceil(tally.textBytes / 4) + tally.tokens + tally.mediaTokens,
    inputTokensAtMost: textAtMost + tally.overhead + tally.mediaTokensAtMost,
    serverTools: tally.serverTools,
    stateful: tally.needs.has("state"),
  };
}
