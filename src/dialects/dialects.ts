import type { Api } from "../terms/api.ts";
import { chat } from "./chat.ts";
import type { Dialect } from "./dialect.ts";
import { embeddings } from "./embeddings.ts";
import { messages } from "./messages.ts";

/** Every API format, by its name. */
export const dialects: Readonly<Record<Api, Dialect>> = { chat, messages, embeddings };

const endings: readonly (readonly [string, Api])[] = [
  ["/chat/completions", "chat"],
  ["/messages", "messages"],
  ["/embeddings", "embeddings"],
];

/**
 * Tells the format from a URL's path by its ending, whatever prefix a base URL has.
 *
 * @returns `undefined` for any other path, such as `/messages/batches` or `/chat/completions/`
 */
export function apiOfPath(pathname: string): Api | undefined {
  return endings.find(([ending]) => pathname.endsWith(ending))?.[1];
}
