import type { JsonObject } from "../terms/json.ts";
import type { OwnError, RenderedError } from "./dialect.ts";

const contentType = "application/json";

/** An error in OpenAI's form, for chat and embeddings. */
export function renderOpenAiError(error: OwnError): RenderedError {
  return { body: JSON.stringify(openAiError(error)), contentType };
}

/** An error inside a chat stream: OpenAI's SDK raises at any chunk with `error`. */
export function renderOpenAiStreamError(error: OwnError): string {
  return `data: ${JSON.stringify(openAiError(error))}\n\n`;
}

/** An error in Anthropic's form. */
export function renderAnthropicError(error: OwnError): RenderedError {
  return { body: JSON.stringify(anthropicError(error)), contentType };
}

/** An error inside a messages stream: Anthropic's SDK raises at the event's name. */
export function renderAnthropicStreamError(error: OwnError): string {
  return `event: error\ndata: ${JSON.stringify(anthropicError(error))}\n\n`;
}

function openAiError({ status, code, message, requestId }: OwnError): JsonObject {
  return {
    error: {
      message,
      type: openAiTypes[status] ?? byClass(status, "server_error"),
      param: null,
      code,
    },
    request_id: requestId,
  };
}

/** @see https://platform.openai.com/docs/guides/error-codes (2026-11-22) */
const openAiTypes: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  503: "service_unavailable_error",
};

function anthropicError({ status, code, message, requestId }: OwnError): JsonObject {
  const type = anthropicTypes[status] ?? byClass(status, "api_error");
  return {
    type: "error",
    error: { type, message, details: { error_code: code } },
    request_id: requestId,
  };
}

/** @see https://platform.claude.com/docs/en/api/errors (2026-11-22) */
const anthropicTypes: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
  529: "overloaded_error",
};

function byClass(status: number, server: string): string {
  return status >= 400 && status < 500 ? "invalid_request_error" : server;
}
