import type { KindSpec } from "../catalog/catalog.ts";
import type { Api } from "../terms/api.ts";
import type { Secret } from "./secret.ts";

/**
 * The caller's headers that go on to a provider, by the API format they belong to; no other header does.
 *
 * A list of what may pass, so that no credential, cookie, address or header of ours can slip through. What chooses an
 * account (`openai-organization`, `openai-project`) belongs to the credential, which is ours. `user-agent` and
 * `x-stainless-*` describe the caller's SDK, which is no longer the one that speaks to the provider.
 */
const forwarded: Readonly<Record<Api, readonly string[]>> = {
  chat: ["openai-beta"],
  messages: ["anthropic-version", "anthropic-beta"],
  embeddings: ["openai-beta"],
};

/** Longer values are no header of an SDK. */
const mostLength = 8192;

/** Picks what may be forwarded from a caller's headers; lower-case names. */
export function forwardedHeaders(api: Api, headers: Headers): Readonly<Record<string, string>> {
  return pick(api, (name) => headers.get(name) ?? undefined);
}

function pick(
  api: Api,
  read: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  const picked: Record<string, string> = {};
  for (const name of forwarded[api]) {
    const value = read(name);
    if (value !== undefined && value.length <= mostLength) picked[name] = value;
  }
  return picked;
}

/** What one call is sent with; picks the caller's headers again, whoever handed them over. */
export function outgoingHeaders(
  kind: KindSpec,
  call: {
    readonly api: Api;
    readonly stream: boolean;
    readonly headers: Readonly<Record<string, string>>;
  },
  secret: Secret | undefined,
): Readonly<Record<string, string>> {
  return {
    ...kind.headers,
    ...pick(call.api, (name) => call.headers[name]),
    accept: call.stream ? "text/event-stream" : "application/json",
    "content-type": "application/json",
    "user-agent": "signalbox",
    ...(secret && authorization(kind, secret)),
  };
}

function authorization({ auth }: KindSpec, secret: Secret): Readonly<Record<string, string>> {
  return auth === "bearer"
    ? { authorization: `Bearer ${secret.reveal()}` }
    : { "x-api-key": secret.reveal() };
}
