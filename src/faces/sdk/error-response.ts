import { dialects } from "../../dialects/dialects.ts";
import type { RouteError } from "../../run/route-error.ts";
import type { Api } from "../../terms/api.ts";
import { providerAnswer } from "./caller-error.ts";
import { knownCost } from "./known-cost.ts";
import { routingHeaders } from "./response-headers.ts";

/**
 * Writes an error as the caller's SDK expects it: the provider's own status and body where the provider refused what the
 * caller wrote, else an error of ours in the caller's format.
 *
 * `x-should-retry: false` keeps the SDK from retrying what has been retried; `retry-after` says when to ask again.
 */
export function errorResponse(error: RouteError, api: Api, requestId: string): Response {
  const last = error.attempts.at(-1);
  const headers = {
    ...routingHeaders({
      requestId,
      route: error.decision?.route,
      target: last?.target,
      attempts: error.attempts.length,
      cost: knownCost(error.attempts),
    }),
    "x-should-retry": "false",
    ...retryAfter(error.retryAfterMs),
  };
  const answer = providerAnswer(error);
  if (answer) {
    const { status, contentType, body } = answer;
    return new Response(body, {
      status,
      headers: { ...headers, "content-type": contentType },
    });
  }
  const { status, code } = error;
  const rendered = dialects[api].renderError({
    status,
    code,
    message: error.message,
    requestId,
  });
  return new Response(rendered.body, {
    status,
    headers: { ...headers, "content-type": rendered.contentType },
  });
}

function retryAfter(ms: number | undefined): Readonly<Record<string, string>> {
  return ms === undefined ? {} : { "retry-after": String(Math.ceil(ms / 1000)) };
}
