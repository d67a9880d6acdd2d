import type { JsonObject } from "../terms/json.ts";

/** An answer of a sandbox in both deliveries. */
export interface SandboxOutput {
  /** The whole answer, for a call without `stream`. */
  readonly body: JsonObject;
  /** The same as text of SSE events, each with its blank line. */
  readonly events: readonly string[];
  /** Index of the event that carries the first output; a cut stream ends after it. */
  readonly firstOutput: number;
}

/** Writes one SSE event. */
export function sseEvent(data: JsonObject | string, event?: string): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`;
}

/** Splits a text into the pieces that a stream delivers: words with the space before them; one piece at least. */
export function pieces(text: string): readonly string[] {
  return text.match(/\s*\S+\s*$|\s*\S+/g) ?? [text];
}
