import type { Anthropic, ClientOptions as AnthropicOptions } from "@anthropic-ai/sdk";
import type { OpenAI, ClientOptions as OpenAiOptions } from "openai";
import { MissingPeerError } from "./missing-peer-error.ts";
import type { OwnClientOptions } from "./router.types.ts";

/** The versions that this release is tested with; named where one is missing. */
const tested = { openai: "7.57.0", "@anthropic-ai/sdk": "1.12.0" } as const;

/**
 * Where the clients believe they are. `.invalid` is a name that no resolver may know (RFC 6761), so that a call which by
 * some mistake does not go through the router leads nowhere, and no key is with it.
 */
const nowhere = "http://signalbox.invalid";

/** Stands where the SDKs insist on a key; the router ignores it. */
const noKey = "routed-by-signalbox";

/** The router's deadlines rule: a client's own is put off until after them. In milliseconds, a day. */
const timeout = 86_400_000;

/**
 * Makes OpenAI's official client with the router in place of the network, and no retries of its own.
 *
 * @throws MissingPeerError where `openai` is not installed
 */
export async function openAiClient(
  fetch: typeof globalThis.fetch,
  options: OwnClientOptions<OpenAiOptions> = {},
): Promise<OpenAI> {
  const sdk = await import("openai").catch(missing("openai"));
  const ours = { apiKey: noKey, adminAPIKey: null, baseURL: `${nowhere}/v1`, fetch, maxRetries: 0 };
  return new sdk.OpenAI({ organization: null, project: null, timeout, ...options, ...ours });
}

/** Makes Anthropic's official client; like {@link openAiClient}. */
export async function anthropicClient(
  fetch: typeof globalThis.fetch,
  options: OwnClientOptions<AnthropicOptions> = {},
): Promise<Anthropic> {
  const sdk = await import("@anthropic-ai/sdk").catch(missing("@anthropic-ai/sdk"));
  const ours = { apiKey: noKey, baseURL: nowhere, fetch, maxRetries: 0 };
  return new sdk.Anthropic({ timeout, ...options, ...ours });
}

function missing(name: keyof typeof tested): (thrown: unknown) => never {
  return (thrown) => {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    throw code === "ERR_MODULE_NOT_FOUND"
      ? new MissingPeerError(name, tested[name], thrown)
      : thrown;
  };
}
