import type { RefusedMember, SteeringMember } from "./catalog.ts";

/** Paths of the OpenAI formats, below a base URL that ends in `/v1` or its like. */
export const chatPaths = { chat: "/chat/completions" } as const;

/** {@link chatPaths} with embeddings. */
export const chatAndEmbeddingsPaths = { ...chatPaths, embeddings: "/embeddings" } as const;

/**
 * `service_tier` in the OpenAI formats. `auto` is what leaving it out means, and `default` is the standard tier by its
 * definition: neither can cost more than the list price that was bound. Every other tier has a price of its own.
 *
 * @see OpenAI's OpenAPI description, schema `ServiceTier`, 2026-08-21
 */
export const serviceTier: SteeringMember = {
  member: "service_tier",
  harmless: ["auto", "default"],
};

/** For the servers that take `max_tokens`, whatever the model. */
export function limitsByMaxTokens(): "max_tokens" {
  return "max_tokens";
}

/**
 * For the servers that forward to OpenAI among others: its reasoning models refuse `max_tokens`, and everybody else's
 * know that name best. Goes by the model's name, with or without the author before the slash.
 */
export function limitsByModelName(model: string): "max_tokens" | "max_completion_tokens" {
  return openaiReasoning.test(model) ? "max_completion_tokens" : "max_tokens";
}

const openaiReasoning = /(?:^|\/)(?:o[1-9](?:-|$)|gpt-(?:[5-9]|\d\d)(?:[.:-]|$)|codex-)/;

/** For the kinds of which no member is known, on good authority, to be answered with a 400. */
export function refusesNothing(): readonly RefusedMember[] {
  return [];
}
