import { describe, expect, it } from "vitest";
import { kinds } from "../../src/catalog/kinds.ts";
import { forwardedHeaders, outgoingHeaders } from "../../src/providers/headers.ts";
import { Secret } from "../../src/providers/secret.ts";
import type { Api } from "../../src/terms/api.ts";

const everything = {
  authorization: "Bearer caller",
  "x-api-key": "caller",
  cookie: "a=b",
  host: "evil.example",
  "content-length": "1",
  "transfer-encoding": "chunked",
  "openai-organization": "org",
  "openai-project": "project",
  "openai-beta": "beta-of-openai",
  "anthropic-version": "2026-10-21",
  "anthropic-beta": "beta-of-anthropic",
  "user-agent": "some-sdk/1",
  "x-stainless-lang": "js",
  "x-signalbox-user": "ann",
};

const forwarded: readonly (readonly [Api, readonly string[]])[] = [
  ["chat", ["openai-beta"]],
  ["messages", ["anthropic-version", "anthropic-beta"]],
  ["embeddings", ["openai-beta"]],
];

describe("the caller's headers", () => {
  it.for(forwarded)("that go on with %s are %o and no others", ([api, names]) => {
    expect(Object.keys(forwardedHeaders(api, new Headers(everything)))).toEqual(names);
  });

  it("never reach a provider in place of its key, even if they are handed over as forwarded", () => {
    const call = { api: "messages" as const, stream: true, headers: everything };
    expect(outgoingHeaders(kinds.anthropic, call, new Secret("ours"))).toEqual({
      "anthropic-version": "2026-10-21",
      "anthropic-beta": "beta-of-anthropic",
      accept: "text/event-stream",
      "content-type": "application/json",
      "user-agent": "signalbox",
      "x-api-key": "ours",
    });
  });

  it("are left out where they are longer than any SDK's", () => {
    const headers = new Headers({ "anthropic-beta": "b".repeat(10_000) });
    expect(forwardedHeaders("messages", headers)).toEqual({});
  });
});
