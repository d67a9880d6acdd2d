import Anthropic, {
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  RateLimitError,
} from "@anthropic-ai/sdk";
import { describe, expect, it } from "vitest";
import { env, hello, open } from "./support.ts";

const boxed = { model: "box", max_tokens: 1000, ...hello };

describe("Anthropic's client over a router", () => {
  it("gets whole answers", async () => {
    const { router } = await open();
    const anthropic = await router.anthropic();
    const message = await anthropic.messages.create(boxed);
    const [block] = message.content;
    expect(block).toMatchObject({ type: "text", text: expect.stringContaining("“hello there”") });
    await router.close();
  });

  it("gets streams of events", async () => {
    const { router } = await open();
    const anthropic = await router.anthropic();
    const events = await Array.fromAsync(
      await anthropic.messages.create({ ...boxed, stream: true }),
    );
    expect(events[0]?.type).toBe("message_start");
    expect(events.at(-1)?.type).toBe("message_stop");
    await router.close();
  });

  it("gathers streams by its helper", async () => {
    const { router } = await open();
    const anthropic = await router.anthropic();
    const message = await anthropic.messages.stream(boxed).finalMessage();
    expect(message).toMatchObject({ stop_reason: "end_turn", usage: { input_tokens: 3 } });
    expect(message.content[0]).toMatchObject({ text: expect.stringContaining("“hello there”") });
    await router.close();
  });

  it("lists models", async () => {
    const { router } = await open();
    const anthropic = await router.anthropic();
    const ids = (await Array.fromAsync(await anthropic.models.list())).map(({ id }) => id);
    expect(ids).toContain("summary");
    await router.close();
  });

  it("asks for a large output without a timeout of its own, which the router has", async () => {
    const { router } = await open();
    const anthropic = await router.anthropic({ defaultHeaders: { "x-signalbox-urgent": "true" } });
    expect(anthropic).toBeInstanceOf(Anthropic);
    expect(anthropic).toMatchObject({ baseURL: "http://signalbox.invalid", maxRetries: 0 });
    await expect(anthropic.messages.create({ ...boxed, max_tokens: 64_000 })).resolves.toBeTruthy();
    await router.close();
  });
});

describe("the errors that Anthropic's client raises over a router", () => {
  const answer = (status: number, type: string) => () =>
    Response.json({ type: "error", error: { type, message: "no" } }, { status });
  it.for([
    [BadRequestError, answer(400, "invalid_request_error")],
    [RateLimitError, answer(429, "rate_limit_error")],
    [NotFoundError, answer(404, "not_found_error")],
  ] as const)("%o", async ([kind, reply]) => {
    const { router, sent } = await open(reply);
    const anthropic = await router.anthropic();
    const call = anthropic.messages.create({ model: "x", max_tokens: 10, ...hello });
    await expect(call).rejects.toBeInstanceOf(kind);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.headers.get("x-api-key")).toBe(env.CLAUDE_KEY);
    await router.close();
  });

  it("are never about the caller's key, which does not count", async () => {
    const { router } = await open(answer(401, "authentication_error"));
    const anthropic = await router.anthropic();
    const error = await anthropic.messages
      .create({ model: "x", max_tokens: 10, ...hello })
      .catch((thrown: unknown) => thrown);
    expect(error).not.toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({
      status: 502,
      error: { error: { details: { error_code: "auth" } } },
    });
    await router.close();
  });
});

describe("an abort by Anthropic's client", () => {
  it("reaches the provider", async () => {
    const { router, sent } = await open(() => new Promise(() => {}));
    const anthropic = await router.anthropic();
    const abort = new AbortController();
    const call = anthropic.messages.create(
      { model: "x", max_tokens: 10, ...hello },
      { signal: abort.signal },
    );
    await expect.poll(() => sent.length).toBe(1);
    abort.abort();
    await expect(call).rejects.toBeInstanceOf(APIUserAbortError);
    await expect.poll(() => sent[0]?.signal.aborted).toBe(true);
    await router.close();
  });
});
