import { describe, expect, it } from "vitest";
import type { ProviderCall } from "../../src/run/ports.ts";
import { TransportError } from "../../src/run/transport-error.ts";
import {
  chatAnswer,
  chatCall,
  createCallBench,
  createSource,
  json,
  messagesCall,
  textOf,
} from "./call-bench.ts";

const never = (_: ProviderCall) => new Promise<Response>(() => {});

describe("what a call sends", () => {
  it("is the caller's body, prepared for its target, with what it needs to be sent", async () => {
    const bench = createCallBench(() => json(chatAnswer));
    const call = {
      ...chatCall({ temperature: 0 }),
      query: "?beta=true",
      headers: { "x-app": "1" },
    };
    const start = await bench.attempt(call);
    const body =
      '{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":0,"max_tokens":1000}';
    expect(bench.calls).toMatchObject([
      {
        api: "chat",
        query: "?beta=true",
        headers: { "x-app": "1" },
        stream: false,
        connectMs: 5000,
        body,
      },
    ]);
    expect(start.changed.map(({ member, change }) => `${member} ${change}`)).toEqual([
      "max_tokens added",
      "model set",
    ]);
  });

  it("is nothing where the target would have to lose a member that means something", async () => {
    const refuses = () => [{ member: "logprobs", meaning: true }];
    const bench = createCallBench(never, { kind: { refuses } });
    const start = await bench.attempt(chatCall({ logprobs: true }));
    expect(bench.calls).toEqual([]);
    expect(start).toMatchObject({
      kind: "failed",
      failure: {
        class: "unsupported",
        retryable: false,
        message: expect.stringContaining("`logprobs`"),
      },
      billing: { kind: "nothing" },
      changed: [],
    });
  });

  it("drops that member where the policy says so", async () => {
    const refuses = () => [{ member: "logprobs", meaning: true }];
    const bench = createCallBench(() => json(chatAnswer), {
      kind: { refuses },
      sketch: { chain: { unsupported: "drop" } },
    });
    const start = await bench.attempt(chatCall({ logprobs: true }));
    expect(start).toMatchObject({ kind: "answering" });
    expect(start.changed).toContainEqual(
      expect.objectContaining({ member: "logprobs", change: "removed" }),
    );
  });
});

describe("a whole answer", () => {
  it("reaches the caller as it came, byte for byte, with its usage read", async () => {
    const text = `${JSON.stringify(chatAnswer, undefined, 2)}\n`;
    const bench = createCallBench(
      () => new Response(text, { headers: { "content-type": "application/json" } }),
    );
    const start = await bench.attempt();
    expect(start).toMatchObject({ kind: "answering", value: { status: 200, body: text } });
    if (start.kind === "failed") return;
    expect(await start.end).toMatchObject({
      kind: "ok",
      billing: { kind: "usage", usage: { inputTokens: 10, outputTokens: 2 } },
    });
    expect(bench.clock.pending()).toBe(0);
  });

  it("without usage is billed as unknown", async () => {
    const { usage: _, ...answer } = chatAnswer;
    const start = await createCallBench(() => json(answer)).attempt();
    expect(start.kind === "answering" && (await start.end)).toEqual({
      kind: "ok",
      billing: { kind: "unknown" },
    });
  });

  it("keeps the headers that a caller may see, and no others", async () => {
    const headers = {
      "content-type": "application/json",
      "content-length": "999",
      "content-encoding": "gzip",
      "set-cookie": "id=1",
      server: "cloudflare",
      "openai-organization": "org-secret",
      "anthropic-organization-id": "org-secret",
      "openai-processing-ms": "12",
      "x-request-id": "req_1",
      "request-id": "req_2",
      "x-ratelimit-remaining-tokens": "99",
      "anthropic-ratelimit-tokens-reset": "2026-01-01T00:00:00Z",
      "retry-after": "1",
    };
    const start = await createCallBench(() => json(chatAnswer, { headers })).attempt();
    expect(start.kind === "answering" && start.value.headers).toEqual({
      "content-type": "application/json",
      "openai-processing-ms": "12",
      "x-request-id": "req_1",
      "request-id": "req_2",
      "x-ratelimit-remaining-tokens": "99",
      "anthropic-ratelimit-tokens-reset": "2026-01-01T00:00:00Z",
      "retry-after": "1",
    });
  });

  it("to a request for a stream is an answer all the same", async () => {
    const start = await createCallBench(() => json(chatAnswer)).attempt(chatCall({ stream: true }));
    expect(start).toMatchObject({ value: { headers: { "content-type": "text/event-stream" } } });
    const events = (await textOf(start)).split("\n\n").slice(0, -1);
    expect(JSON.parse(events[0]?.slice(6) ?? "")).toMatchObject({
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta: { content: "Hello" }, finish_reason: "stop" }],
    });
    expect(events.slice(1)).toEqual(["data: [DONE]"]);
    expect(start.kind === "answering" && (await start.end)).toMatchObject({
      billing: { kind: "usage", usage: { outputTokens: 2 } },
    });
  });

  it.for([
    { name: "HTML", body: "<html>down for maintenance</html>", type: "text/html" },
    { name: "nothing", body: "", type: "application/json" },
    { name: "half of it", body: '{"choices":[{"mess', type: "application/json" },
    { name: "a list", body: "[]", type: "application/json" },
    { name: "an object without an answer", body: "{}", type: "application/json" },
  ])("of $name is a server_error, billed as unknown", async ({ body, type }) => {
    for (const stream of [false, true]) {
      const bench = createCallBench(
        () => new Response(body, { headers: { "content-type": type } }),
      );
      const start = await bench.attempt(chatCall({ stream }));
      expect(start).toMatchObject({
        kind: "failed",
        failure: { class: "server_error", retryable: true },
        billing: { kind: "unknown" },
      });
      expect(bench.clock.pending()).toBe(0);
    }
  });

  it.for([
    {
      name: "a rate limit",
      error: { type: "rate_limit_error", message: "slow down" },
      failure: "rate_limit",
      billing: "nothing",
    },
    {
      name: "missing credit",
      error: { code: 402, message: "Insufficient credits" },
      failure: "insufficient_credit",
      billing: "nothing",
    },
    {
      name: "a broken provider",
      error: { code: 502, message: "Provider returned error" },
      failure: "server_error",
      billing: "unknown",
    },
    {
      name: "a failed generation",
      error: { code: "json_validate_failed", status_code: 400, failed_generation: "{" },
      failure: "invalid_request",
      billing: "unknown",
    },
    {
      name: "a rate limit in the middle of an answer",
      error: { code: 429, message: "slow down" },
      choices: [{ message: { content: "Hel" }, error: { code: 429, message: "slow down" } }],
      failure: "rate_limit",
      billing: "unknown",
    },
    {
      name: "a rate limit inside a choice",
      choices: [{ message: { content: "Hel" }, error: { code: 429, message: "slow down" } }],
      failure: "rate_limit",
      billing: "unknown",
    },
  ])("that is an error inside is classified as one: $name", async (row) => {
    const { error, choices, failure, billing } = row;
    const body = { ...(error && { error }), ...(choices && { choices }) };
    const start = await createCallBench(() => json(body)).attempt();
    expect(start).toMatchObject({
      kind: "failed",
      failure: { class: failure },
      billing: { kind: billing },
    });
  });
});

describe("a refusal", () => {
  it("is classified by what it says, and bills nothing", async () => {
    const headers = { "content-type": "application/json", "retry-after": "7" };
    const body = {
      error: { type: "rate_limit_error", code: "rate_limit_exceeded", message: "slow down" },
    };
    const start = await createCallBench(() => json(body, { status: 429, headers })).attempt();
    expect(start).toMatchObject({
      kind: "failed",
      failure: {
        class: "rate_limit",
        status: 429,
        retryable: true,
        retryAfterMs: 7000,
        message: "the provider answered 429 (rate_limit_exceeded)",
      },
      billing: { kind: "nothing" },
    });
    expect(start.kind === "failed" && start.failure.answer).toBeUndefined();
  });

  it("of an invalid request keeps the provider's own words for the caller", async () => {
    const body = JSON.stringify({
      error: { type: "invalid_request_error", message: "messages: too short" },
    });
    const respond = () =>
      new Response(body, { status: 400, headers: { "content-type": "application/json" } });
    const start = await createCallBench(respond).attempt();
    expect(start).toMatchObject({
      failure: {
        class: "invalid_request",
        answer: { status: 400, contentType: "application/json", body },
      },
    });
  });

  it("that timed out at the provider may be billed", async () => {
    const start = await createCallBench(() => new Response("", { status: 504 })).attempt();
    expect(start).toMatchObject({
      failure: { class: "timeout", status: 504 },
      billing: { kind: "unknown" },
    });
  });

  it("of a tool's arguments that failed may be billed, and is not the target's fault", async () => {
    const error = { code: "tool_use_failed", message: "Failed to call a function" };
    for (const body of [{ error }, { error: { ...error, failed_generation: "<f>" } }]) {
      const start = await createCallBench(() => json(body, { status: 400 })).attempt();
      expect(start).toMatchObject({
        failure: { class: "server_error", retryable: true, blameless: true },
        billing: { kind: "unknown" },
      });
    }
  });

  it("whose body trickles is waited for no longer than 3 s in all", async () => {
    const source = createSource();
    const bench = createCallBench(() => new Response(source.body, { status: 503 }));
    let start: unknown;
    const going = bench.attempt().then((started) => {
      start = started;
    });
    for (let ms = 0; ms < 3000; ms += 500) {
      await bench.clock.advance(500);
      source.push(" ");
    }
    await bench.clock.advance(1);
    expect(start).toMatchObject({ failure: { class: "overloaded", status: 503 } });
    await going;
    expect(bench.clock.pending()).toBe(0);
  });

  it("whose body never ends is classified by what came of it", async () => {
    const source = createSource();
    const bench = createCallBench(() => new Response(source.body, { status: 529 }));
    const going = bench.attempt();
    await bench.clock.advance(0);
    source.push('{"type":"error","error":{"type":"overloaded_error"');
    await bench.clock.advance(5000);
    expect(await going).toMatchObject({ failure: { class: "overloaded", status: 529 } });
    expect(source.cancelled()).toBeDefined();
    expect(bench.clock.pending()).toBe(0);
  });

  it("with an endless body is read no further than its limit", async () => {
    let made = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        made += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(32));
      },
    });
    const start = await createCallBench(() => new Response(body, { status: 500 })).attempt();
    expect(start).toMatchObject({ failure: { class: "server_error", status: 500 } });
    expect(made).toBeLessThan(40);
  });
});

describe("no response", () => {
  it.for([
    {
      name: "a refused connection",
      thrown: new TransportError("network", "refused", { sent: false }),
      failure: "network",
      billing: "nothing",
    },
    {
      name: "a connect timeout",
      thrown: new TransportError("timeout", "no connection", { sent: false }),
      failure: "timeout",
      billing: "nothing",
    },
    {
      name: "a reset after sending",
      thrown: new TransportError("network", "reset", { sent: true }),
      failure: "network",
      billing: "unknown",
    },
    {
      name: "a redirect",
      thrown: new TransportError("redirect", "elsewhere", { sent: true }),
      failure: "server_error",
      billing: "unknown",
    },
    {
      name: "an error of fetch",
      thrown: Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } }),
      failure: "network",
      billing: "nothing",
    },
  ])("because of $name", async ({ thrown, failure, billing }) => {
    const bench = createCallBench(() => Promise.reject(thrown));
    const start = await bench.attempt();
    expect(start).toMatchObject({
      kind: "failed",
      failure: { class: failure },
      billing: { kind: billing },
    });
    expect(bench.clock.pending()).toBe(0);
  });

  it("within the time for a whole answer is a timeout, also of a provider that does not heed its signal", async () => {
    const bench = createCallBench(never, { sketch: { timeouts: { answerMs: 3000 } } });
    const going = bench.attempt();
    await bench.clock.advance(3000);
    expect(await going).toMatchObject({
      failure: {
        class: "timeout",
        retryable: true,
        message: "the provider's response did not come within 3000 ms",
      },
      billing: { kind: "unknown" },
    });
    expect(bench.calls[0]?.signal.aborted).toBe(true);
    expect(bench.clock.pending()).toBe(0);
  });

  it("of a stream is waited for as long as its headers may take, not as long as a whole answer", async () => {
    const timeouts = { headersMs: 2000, answerMs: 90_000 };
    const bench = createCallBench(never, { sketch: { timeouts } });
    const going = bench.attempt(chatCall({ stream: true }));
    await bench.clock.advance(2000);
    expect(await going).toMatchObject({ failure: { class: "timeout" } });
  });

  it("that comes after the attempt was ended is let go", async () => {
    const source = createSource();
    const { promise, resolve } = Promise.withResolvers<Response>();
    const bench = createCallBench(() => promise, { sketch: { timeouts: { answerMs: 3000 } } });
    const going = bench.attempt();
    await bench.clock.advance(3000);
    await going;
    resolve(new Response(source.body));
    await bench.clock.advance(0);
    expect(source.cancelled()).toBeDefined();
  });
});

describe("a whole answer that does not come whole", () => {
  it.for([
    { name: "stalls", act: () => {}, waitMs: 2000, failure: "timeout" },
    {
      name: "breaks",
      act: (source: ReturnType<typeof createSource>) => source.break(new TypeError("terminated")),
      waitMs: 0,
      failure: "network",
    },
  ])("and $name is a failure, billed as unknown", async ({ act, waitMs, failure }) => {
    const source = createSource();
    const respond = () =>
      new Response(source.body, { headers: { "content-type": "application/json" } });
    const bench = createCallBench(respond, { sketch: { timeouts: { idleMs: 2000 } } });
    const going = bench.attempt();
    source.push('{"choices":[');
    await bench.clock.advance(1999);
    act(source);
    await bench.clock.advance(waitMs);
    expect(await going).toMatchObject({
      failure: { class: failure },
      billing: { kind: "unknown" },
    });
    expect(bench.clock.pending()).toBe(0);
  });

  it("may come slowly, as long as it goes on coming", async () => {
    const source = createSource();
    const respond = () =>
      new Response(source.body, { headers: { "content-type": "application/json" } });
    const bench = createCallBench(respond, { sketch: { timeouts: { idleMs: 2000 } } });
    const going = bench.attempt();
    for (const part of JSON.stringify(chatAnswer).match(/.{1,9}/gs) ?? []) {
      source.push(part);
      await bench.clock.advance(1999);
    }
    source.close();
    expect(await textOf(await going)).toBe(JSON.stringify(chatAnswer));
  });
});

describe("an abort by the caller", () => {
  it.for(["before the response", "within the answer", "within a refusal"])(
    "%s reaches the provider at once",
    async (when) => {
      const source = createSource();
      const status = when === "within a refusal" ? 500 : 200;
      const bench = createCallBench(() =>
        when === "before the response"
          ? new Promise<Response>(() => {})
          : new Response(source.body, { status }),
      );
      const caller = new AbortController();
      const going = bench.attempt(messagesCall(), caller.signal);
      await bench.clock.advance(10);
      caller.abort(new TypeError("gone"));
      expect(bench.calls[0]?.signal.aborted).toBe(true);
      const start = await going;
      expect(start.kind).toBe("failed");
      if (when !== "within a refusal") {
        expect(start).toMatchObject({
          failure: { class: "cancelled" },
          billing: { kind: "unknown" },
        });
      }
      if (when !== "before the response") expect(source.cancelled()).toBeDefined();
      expect(bench.clock.pending()).toBe(0);
    },
  );
});
