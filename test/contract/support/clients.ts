import Anthropic, { APIError as AnthropicError } from "@anthropic-ai/sdk";
import type { BetaMessageStreamParams } from "@anthropic-ai/sdk/resources/beta/messages";
import type { MessageCreateParams } from "@anthropic-ai/sdk/resources/messages";
import OpenAI, { APIError as OpenAIError } from "openai";
import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import type { EmbeddingCreateParams } from "openai/resources/embeddings";
import type { Api } from "../../../src/terms/api.ts";
import { unreachable } from "../../../src/terms/unreachable.ts";
import { answerHeaders, type Exchange } from "./recordings.ts";

export type Fetch = typeof globalThis.fetch;

/** What a program that uses an official client is told. */
export type Told =
  /** A whole answer, or the list of a stream's events. */
  | { readonly kind: "answered"; readonly data: unknown }
  | {
      readonly kind: "failed";
      /** A stream's events before it failed. */
      readonly before: readonly unknown[];
      readonly error: ToldError;
    };

export interface ToldError {
  /** The class of the client's error, `RateLimitError`. */
  readonly name: string;
  readonly status: number | undefined;
  readonly code: unknown;
  readonly message: string;
  readonly headers: Headers | undefined;
}

/** The keys that the program gave its client: none of them may reach an upstream. */
export const callerKeys = { openai: "sk-caller-openai", anthropic: "sk-caller-anthropic" } as const;

/** Long enough that the client takes any `max_tokens` without a stream. */
const clientTimeoutMs = 600_000;

/** Makes a recorded call with the official client of its format, over the given fetch, with the client's own retries on. */
export async function callWith(fetch: Fetch, api: Api, exchange: Exchange): Promise<Told> {
  const before: unknown[] = [];
  try {
    const answer: unknown = await request(fetch, api, exchange);
    if (!isStream(answer)) return { kind: "answered", data: answer };
    for await (const event of answer) before.push(event);
    return { kind: "answered", data: before };
  } catch (thrown) {
    return { kind: "failed", before, error: toldError(thrown) };
  }
}

function request(fetch: Fetch, api: Api, exchange: Exchange): Promise<unknown> {
  switch (api) {
    case "chat":
      return openai(fetch).chat.completions.create(
        exchange.body as unknown as ChatCompletionCreateParams,
        { headers: ownHeaders(exchange) },
      );
    case "embeddings":
      return openai(fetch).embeddings.create(exchange.body as unknown as EmbeddingCreateParams);
    case "messages":
      return message(fetch, exchange);
    default:
      return unreachable(api);
  }
}

/** A call to `?beta=true` goes through the client's beta resource, which since 1.0 leaves the query to its user. */
function message(fetch: Fetch, exchange: Exchange): Promise<unknown> {
  const client = new Anthropic({
    apiKey: callerKeys.anthropic,
    baseURL: "https://api.anthropic.com",
    fetch,
    logLevel: "off",
  });
  const options = { timeout: clientTimeoutMs, headers: ownHeaders(exchange) };
  const body = exchange.body as unknown;
  return exchange.query === "?beta=true"
    ? client.beta.messages.create(body as BetaMessageStreamParams, {
        ...options,
        query: { beta: "true" },
      })
    : client.messages.create(body as MessageCreateParams, options);
}

/** Headers that the program itself adds to a call, not its client. */
function ownHeaders({ requestHeaders }: Exchange): Readonly<Record<string, string>> {
  const own = Object.entries(requestHeaders).filter(
    ([name]) => name === "anthropic-beta" || name.startsWith("x-signalbox-"),
  );
  return Object.fromEntries(own);
}

function openai(fetch: Fetch): OpenAI {
  return new OpenAI({
    apiKey: callerKeys.openai,
    baseURL: "https://api.openai.com/v1",
    organization: "org-caller",
    project: "proj-caller",
    fetch,
    logLevel: "off",
  });
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

function toldError(thrown: unknown): ToldError {
  if (!(thrown instanceof OpenAIError || thrown instanceof AnthropicError)) throw thrown;
  return {
    name: thrown.constructor.name,
    status: thrown.status,
    code: "code" in thrown ? thrown.code : undefined,
    message: thrown.message,
    headers: thrown.headers,
  };
}

/** What the same client tells its program where the recorded upstream answers it directly: the measure of a drop-in. */
export function callDirectly(api: Api, exchange: Exchange): Promise<Told> {
  const { status, stream, headers, answer } = exchange;
  const sent = { ...answerHeaders(stream), ...headers, "x-should-retry": "false" };
  const answering: Fetch = async () => new Response(answer, { status, headers: sent });
  return callWith(answering, api, exchange);
}
