/** The API formats a request can be written in: OpenAI chat completions, Anthropic messages, OpenAI embeddings. */
export const apis = ["chat", "messages", "embeddings"] as const;

export type Api = (typeof apis)[number];

/** What a model may be unable to do; `can` of a model lists them. */
export const abilities = ["tools", "vision", "audio", "files", "json", "reasoning"] as const;

export type Ability = (typeof abilities)[number];

/** What a request needs of its target: an ability, or `state` kept at the provider (a file id, a previous answer). */
export const needs = [...abilities, "state"] as const;

export type Need = (typeof needs)[number];
