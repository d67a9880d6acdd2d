import type { JsonObject } from "../terms/json.ts";

/** What a provider's answer lacks or breaks, said as an error in the form providers use. */
export type BrokenAnswer = "no_answer" | "malformed_event" | "ended_in_error" | "no_stream";

const messages: Readonly<Record<BrokenAnswer, string>> = {
  no_answer: "the provider answered without an answer",
  malformed_event: "the provider sent an event that is no JSON object",
  ended_in_error: "the provider ended its answer with an error",
  no_stream: "this format has no streams",
};

/** The error that a broken answer counts as; it classifies as `server_error`. */
export function brokenAnswer(code: BrokenAnswer): JsonObject {
  return { type: "server_error", code, message: messages[code] };
}
