import OpenAI, {
  APIUserAbortError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "openai";
import { describe, expect, it } from "vitest";
import {
  type Answering,
  chatAnswer,
  chatStream,
  hello,
  open,
  problem,
  type Sent,
} from "./support.ts";

async function client(answer?: Answering) {
  const opened = await open(answer);
  return { ...opened, openai: await opened.router.openai() };
}

/** Whether the signal of a call is aborted within 250 ms. */
function aborted({ signal }: Sent): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(true);
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(true), { once: true });
    setTimeout(() => resolve(false), 250).unref();
  });
}

const request = { model: "x", ...hello };

describe("OpenAI's client over a router", () => {
  it("gets whole answers, with the response behind them", async () => {
    const { openai, router } = await client();
    const { data, response } = await openai.chat.completions.create(request).withResponse();
    expect(data.choices[0]?.message.content).toBe("hello");
    expect(response.headers.get("x-signalbox-target")).toBe("first:big");
    await router.close();
  });

  it("gets streams, and usage only where it asks for it", async () => {
    const { openai, router } = await client(({ signal }) => chatStream(["a", "b"], signal));
    const read = async (stream_options?: { include_usage: boolean }) => {
      const body = { ...request, stream: true as const, ...(stream_options && { stream_options }) };
      const chunks = await Array.fromAsync(await openai.chat.completions.create(body));
      const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
      return { text, usages: chunks.filter(({ usage }) => usage).length };
    };
    expect(await read()).toEqual({ text: "ab", usages: 0 });
    expect(await read({ include_usage: true })).toEqual({ text: "ab", usages: 1 });
    await router.close();
  });

  it("gathers streams by its helper", async () => {
    const { openai, router } = await client(({ signal }) => chatStream(["a", "b"], signal));
    const stream = openai.chat.completions.stream(request);
    expect(await stream.finalContent()).toBe("ab");
    await router.close();
  });

  it("gets embeddings, which it asks for in base64", async () => {
    const { openai, router } = await client();
    const { data } = await openai.embeddings.create({ model: "box", input: ["one", "two"] });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
    expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
    await router.close();
  });

  it("lists models", async () => {
    const { openai, router } = await client();
    const ids = (await Array.fromAsync(await openai.models.list())).map(({ id }) => id);
    expect(ids).toContain("summary");
    expect((await openai.models.retrieve("summary")).owned_by).toBe("signalbox");
    await router.close();
  });

  it("keeps what a user sets and no way around the router", async () => {
    const { router, sent } = await open();
    const evil = { apiKey: "k", baseURL: "https://evil.example", maxRetries: 5 };
    const openai = await router.openai({
      ...evil,
      defaultHeaders: { "x-signalbox-project": "research" },
    } as object);
    expect(openai).toBeInstanceOf(OpenAI);
    expect(openai).toMatchObject({ baseURL: "http://signalbox.invalid/v1", maxRetries: 0 });
    const { response } = await openai.chat.completions.create(request).withResponse();
    expect(response.headers.get("x-signalbox-route")).toBe("project");
    expect(sent).toEqual([]);
    await router.close();
  });
});

describe("the errors that OpenAI's client raises over a router", () => {
  it.for([
    [BadRequestError, () => problem(400, { code: "invalid_value" }), {}],
    [RateLimitError, () => problem(429, { code: "rate_limit_exceeded" }), {}],
    [NotFoundError, () => problem(404, { code: "model_not_found" }), {}],
    [InternalServerError, () => problem(500, {}), {}],
    [InternalServerError, () => Promise.reject(new TypeError("fetch failed")), {}],
    [PermissionDeniedError, () => chatAnswer("no"), { headers: { "x-signalbox-data": "private" } }],
  ] as const)("%o", async ([kind, answer, options]) => {
    const { openai, router, sent } = await client(answer);
    const call = openai.chat.completions.create(request, options);
    await expect(call).rejects.toBeInstanceOf(kind);
    expect(sent.length).toBeLessThanOrEqual(2);
    await router.close();
  });

  it("carry our code, request id and headers", async () => {
    const { openai, router } = await client();
    const headers = { "x-signalbox-data": "private" };
    const error = await openai.chat.completions
      .create(request, { headers })
      .catch((thrown) => thrown);
    expect(error).toMatchObject({
      status: 403,
      code: "policy",
      message: "403 private data stays here",
    });
    expect(error.headers.get("x-signalbox-route")).toBe("private");
    await router.close();
  });

  it("end a stream that broke off after its first output", async () => {
    const { openai, router } = await client(({ signal }) => {
      const { body } = chatStream(["a"], signal, true);
      const reader = body?.getReader();
      let reads = 0;
      const cut = new ReadableStream({
        pull: async (controller) => {
          if (reads++ < 2) controller.enqueue((await reader?.read())?.value);
          else controller.close();
        },
      });
      return new Response(cut, { headers: { "content-type": "text/event-stream" } });
    });
    const stream = await openai.chat.completions.create({ ...request, stream: true });
    await expect(Array.fromAsync(stream)).rejects.toThrow(/broke off/);
    await router.close();
  });
});

describe("an abort by OpenAI's client", () => {
  it("reaches the provider while it waits for an answer", async () => {
    const { openai, router, sent } = await client(() => new Promise(() => {}));
    const abort = new AbortController();
    const call = openai.chat.completions.create(request, { signal: abort.signal });
    await expect.poll(() => sent.length).toBe(1);
    abort.abort();
    await expect(call).rejects.toBeInstanceOf(APIUserAbortError);
    expect(await aborted(sent[0] as Sent)).toBe(true);
    expect(sent).toHaveLength(1);
    await router.close();
  });

  it("reaches the provider in the middle of a stream", async () => {
    const { openai, router, sent, events } = await client(({ signal }) =>
      chatStream(["a"], signal, true),
    );
    const stream = await openai.chat.completions.create({ ...request, stream: true });
    const read: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream) {
        read.push(chunk.choices[0]?.delta.content ?? "");
        if (read.includes("a")) stream.controller.abort();
      }
    })();
    await reading.catch(() => undefined);
    expect(await aborted(sent[0] as Sent)).toBe(true);
    await router.close();
    expect(events.at(-1)).toMatchObject({ kind: "finished", outcome: "cancelled" });
  });

  it("reaches the provider when a loop over a stream is left", async () => {
    const { openai, router, sent, events } = await client(({ signal }) =>
      chatStream(["a"], signal, true),
    );
    for await (const chunk of await openai.chat.completions.create({ ...request, stream: true })) {
      if (chunk.choices[0]?.delta.content === "a") break;
    }
    expect(await aborted(sent[0] as Sent)).toBe(true);
    await router.close();
    expect(events.at(-1)).toMatchObject({ kind: "finished", outcome: "cancelled" });
  });

  it("made before the call sends nothing", async () => {
    const { openai, router, sent } = await client();
    const call = openai.chat.completions.create(request, { signal: AbortSignal.abort() });
    await expect(call).rejects.toBeInstanceOf(APIUserAbortError);
    expect(sent).toEqual([]);
    await router.close();
  });
});
