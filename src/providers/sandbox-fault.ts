import type { Api } from "../terms/api.ts";
import type { JsonObject } from "../terms/json.ts";
import type { SandboxFault } from "../terms/program.ts";

/** The faults that are an answer of the provider; the others are none. */
export type AnsweredFault = Exclude<SandboxFault, "network" | "hang" | "cut">;

/** The answer of a provider that fails: status, headers and body as the real ones send them. */
export interface FaultAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

interface FaultRow {
  readonly status: number;
  readonly type: string;
  readonly code?: string;
  readonly message: string;
}

/**
 * Statuses, types and codes of OpenAI's API.
 *
 * @see the rows `openai` of the provider errors that the classifier is tested on
 */
const openaiFaults: Readonly<Record<AnsweredFault, FaultRow>> = {
  rate_limit: row(429, "requests", "rate_limit_exceeded", "too many requests, try again in 1s"),
  overloaded: row(503, "server_error", "server_is_overloaded", "the server is overloaded"),
  server_error: row(500, "server_error", undefined, "the server had an error"),
  auth: row(401, "invalid_request_error", "invalid_api_key", "the key is not valid"),
  insufficient_credit: row(429, "insufficient_quota", "insufficient_quota", "no credit is left"),
  not_found: row(404, "invalid_request_error", "model_not_found", "the model does not exist"),
  invalid_request: row(400, "invalid_request_error", "invalid_value", "the request is not valid"),
  context_length: row(
    400,
    "invalid_request_error",
    "context_length_exceeded",
    "the input is too long",
  ),
  content_filter: row(
    400,
    "invalid_request_error",
    "content_filter",
    "the content filter refused it",
  ),
};

/** Statuses and types of Anthropic's API. */
const anthropicFaults: Readonly<Record<AnsweredFault, FaultRow>> = {
  rate_limit: row(429, "rate_limit_error", undefined, "too many requests"),
  overloaded: row(529, "overloaded_error", undefined, "the server is overloaded"),
  server_error: row(500, "api_error", undefined, "the server had an error"),
  auth: row(401, "authentication_error", undefined, "the key is not valid"),
  insufficient_credit: row(402, "billing_error", undefined, "no credit is left"),
  not_found: row(404, "not_found_error", undefined, "the model does not exist"),
  invalid_request: row(400, "invalid_request_error", undefined, "the request is not valid"),
  context_length: row(400, "invalid_request_error", undefined, "prompt is too long"),
  content_filter: row(
    400,
    "invalid_request_error",
    undefined,
    "blocked by content filtering policy",
  ),
};

/** Writes a fault as a provider of this API format answers it; a rate limit asks for one second. */
export function faultAnswer(fault: AnsweredFault, api: Api): FaultAnswer {
  const headers = {
    "content-type": "application/json",
    ...(fault === "rate_limit" && { "retry-after": "1" }),
  };
  if (api === "messages") {
    const { status, type, message } = anthropicFaults[fault];
    return {
      status,
      headers,
      body: { type: "error", error: { type, message: `sandbox: ${message}` } },
    };
  }
  const { status, type, code, message } = openaiFaults[fault];
  const error = { message: `sandbox: ${message}`, type, param: null, code: code ?? null };
  return { status, headers, body: { error } };
}

function row(status: number, type: string, code: string | undefined, message: string): FaultRow {
  return { status, type, ...(code !== undefined && { code }), message };
}
