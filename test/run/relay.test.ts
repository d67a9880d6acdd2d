import { describe, expect, it } from "vitest";
import type { CallAnswer } from "../../src/run/call.types.ts";
import type { AttemptStart } from "../../src/run/engine.types.ts";
import { RouteError } from "../../src/run/route-error.ts";
import {
  type CallBenchOptions,
  chatCall,
  createCallBench,
  createSource,
  eventStream,
  messagesCall,
  textOf,
} from "./call-bench.ts";
import { transcripts } from "./transcripts.ts";

const hello = 'data: {"choices":[{"index":0,"delta":{"content":"Hello"}}]}\n\n';
const stop = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
const usage = 'data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2}}\n\n';
const done = "data: [DONE]\n\n";
const streamed = chatCall({ stream: true });

/** A stream under way: its first output has come. */
async function begun(options: CallBenchOptions = {}, signal?: AbortSignal) {
  const source = createSource();
  const bench = createCallBench(() => eventStream(source.body), options);
  const going = bench.attempt(streamed, signal);
  source.push(hello);
  const start = await going;
  if (start.kind === "failed" || typeof start.value.body === "string")
    throw new TypeError("no stream");
  const { body } = start.value;
  const reader = body.getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  return { source, bench, start, reader, read };
}

describe("the usage chunk that only we asked for", () => {
  it("is kept from the caller, and read", async () => {
    const bench = createCallBench(() => eventStream(hello + stop + usage + done));
    const start = await bench.attempt(streamed);
    expect(bench.calls[0]?.body).toContain('"stream_options":{"include_usage":true}');
    expect(await textOf(start)).toBe(hello + stop + done);
    expect(start.kind === "answering" && (await start.end)).toMatchObject({
      billing: { kind: "usage", usage: { inputTokens: 10, outputTokens: 2 } },
    });
  });

  it("reaches a caller that asked for it", async () => {
    const call = chatCall({ stream: true, stream_options: { include_usage: true } });
    const start = await createCallBench(() => eventStream(hello + stop + usage + done)).attempt(
      call,
    );
    expect(await textOf(start)).toBe(hello + stop + usage + done);
  });
});

describe("a whole stream whose connection lingers", () => {
  it("ends for the caller at the format's last event, and is let go a second later", async () => {
    const { source, bench, start, read } = await begun();
    expect(await read()).toBe(hello);
    source.push(stop + usage + done);
    expect(await read()).toBe(stop + done);
    expect(await read()).toBe("");
    expect(start.kind === "answering" && (await start.end)).toMatchObject({
      kind: "ok",
      billing: { kind: "usage" },
    });
    expect(source.cancelled()).toBeUndefined();
    await bench.clock.advance(1000);
    expect(source.cancelled()).toBeDefined();
    expect(bench.clock.pending()).toBe(0);
  });

  it("leaves a connection that ends by itself to be used again", async () => {
    const { source, bench, start, reader } = await begun();
    source.push(stop + done);
    while (!(await reader.read()).done);
    if (start.kind === "answering") await start.end;
    source.close();
    await bench.clock.advance(0);
    expect(source.cancelled()).toBeUndefined();
    expect(bench.clock.pending()).toBe(0);
  });

  it("and whose format's last event never comes ends after two seconds, with the usage that came", async () => {
    const { source, bench, start, reader, read } = await begun();
    await read();
    source.push(stop);
    expect(await read()).toBe(stop);
    const last = reader.read();
    await bench.clock.advance(1000);
    source.push(usage);
    await bench.clock.advance(1999);
    let ended = false;
    void last.then(() => {
      ended = true;
    });
    await bench.clock.advance(0);
    expect(ended).toBe(false);
    await bench.clock.advance(1);
    expect(await last).toMatchObject({ done: true });
    expect(start.kind === "answering" && (await start.end)).toMatchObject({
      kind: "ok",
      billing: { kind: "usage" },
    });
  });
});

describe("a caller that reads slowly", () => {
  it("is not taken for a provider that stalls, and is read ahead of by nothing", async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(new TextEncoder().encode(hello));
        },
      },
      { highWaterMark: 0 },
    );
    const bench = createCallBench(() => eventStream(body), {
      sketch: { timeouts: { idleMs: 2000 } },
    });
    const start = await bench.attempt(streamed);
    if (start.kind === "failed" || typeof start.value.body === "string")
      throw new TypeError("no stream");
    const reader = start.value.body.getReader();
    await bench.clock.advance(60_000);
    expect(pulled).toBe(1);
    for (let read = 0; read < 5; read += 1) {
      expect((await reader.read()).done).toBe(false);
      await bench.clock.advance(60_000);
    }
    expect(pulled).toBe(5);
    await reader.cancel();
    expect(bench.clock.pending()).toBe(0);
  });
});

describe("a caller that goes away", () => {
  const cancelled = {
    kind: "failed",
    failure: { class: "cancelled" },
    billing: { kind: "unknown" },
  };

  it("by cancelling the stream aborts the provider at once", async () => {
    const { source, bench, start, reader } = await begun();
    const cancelling = reader.cancel("enough");
    expect(bench.calls[0]?.signal.aborted).toBe(true);
    expect(source.cancelled()).toBe("enough");
    await cancelling;
    expect(start.kind === "answering" && (await start.end)).toMatchObject(cancelled);
    expect(bench.clock.pending()).toBe(0);
  });

  it("by aborting the request ends its stream with an error and aborts the provider, read or not", async () => {
    for (const isReading of [true, false]) {
      const caller = new AbortController();
      const { source, bench, start, read } = await begun({}, caller.signal);
      await read();
      const next = isReading ? read() : undefined;
      caller.abort(new TypeError("gone"));
      expect(bench.calls[0]?.signal.aborted).toBe(true);
      expect(source.cancelled()).toBeDefined();
      expect(await (next ?? read())).toContain('"code":"cancelled"');
      expect(start.kind === "answering" && (await start.end)).toMatchObject(cancelled);
      expect(bench.clock.pending()).toBe(0);
    }
  });

  it("after the answer was whole has had it all: it is billed by its usage", async () => {
    const { source, start, reader, read } = await begun();
    await read();
    source.push(stop);
    await read();
    source.push(usage);
    const pending = reader.read();
    await Promise.resolve();
    await reader.cancel();
    await pending;
    expect(start.kind === "answering" && (await start.end).kind).toBe("ok");
  });
});

describe("the deadline of the request", () => {
  it("ends a stream with an error, though its caller does not read", async () => {
    const ended = new AbortController();
    const { source, bench, start, read } = await begun({}, ended.signal);
    ended.abort(new RouteError("timeout", "not done within 5000 ms"));
    expect(source.cancelled()).toBeDefined();
    expect(await read()).toBe(hello);
    expect(await read()).toContain('"code":"timeout"');
    expect(await read()).toBe("");
    expect(start.kind === "answering" && (await start.end)).toMatchObject({
      failure: { class: "timeout", retryable: false },
      billing: { kind: "unknown" },
    });
    expect(bench.clock.pending()).toBe(0);
  });
});

describe("a stream without output", () => {
  it.for([
    { name: "keep-alives", frame: ": PROCESSING\n\n", call: streamed },
    {
      name: "pings",
      frame: 'event: ping\ndata: {"type":"ping"}\n\n',
      call: messagesCall({ stream: true }),
    },
  ])("but $name is a timeout when its time is over", async ({ frame, call }) => {
    const source = createSource();
    const bench = createCallBench(() => eventStream(source.body), {
      sketch: { timeouts: { firstOutputMs: 5000, idleMs: 1000 } },
    });
    const going = bench.attempt(call);
    for (let second = 0; second < 5; second += 1) {
      source.push(frame);
      await bench.clock.advance(1000);
    }
    expect(await going).toMatchObject({
      failure: { class: "timeout", message: "the first output did not come within 5000 ms" },
      billing: { kind: "unknown" },
    });
    expect(source.cancelled()).toBeDefined();
    expect(bench.clock.pending()).toBe(0);
  });

  it("is not held back without bound", async () => {
    let made = 0;
    const comment = new TextEncoder().encode(`: ${"x".repeat(64 * 1024)}\n\n`);
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        made += 1;
        controller.enqueue(comment);
      },
    });
    const start = await createCallBench(() => eventStream(body)).attempt(streamed);
    expect(start).toMatchObject({ failure: { class: "server_error" } });
    expect(made).toBeLessThan(25);
  });

  it.for([
    {
      name: "an error that refuses it",
      text: 'data: {"error":{"code":"insufficient_quota","message":"no credit"}}\n\n',
      failure: "insufficient_credit",
      billing: "nothing",
    },
    {
      name: "an error of the provider",
      text: 'data: {"error":{"type":"server_error","message":"boom"}}\n\n',
      failure: "server_error",
      billing: "unknown",
    },
    { name: "nothing at all", text: "", failure: "server_error", billing: "unknown" },
    { name: "HTML", text: "<html>502</html>", failure: "server_error", billing: "unknown" },
    {
      name: "a preamble and then an error",
      text: `${transcripts[2]?.frames[0]}event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n`,
      failure: "overloaded",
      billing: "unknown",
    },
  ])("because of $name is a failure that nobody has seen", async ({ text, failure, billing }) => {
    const call = text.startsWith("event:") ? messagesCall({ stream: true }) : streamed;
    const start: AttemptStart<CallAnswer> = await createCallBench(() => eventStream(text)).attempt(
      call,
    );
    expect(start).toMatchObject({
      kind: "failed",
      failure: { class: failure },
      billing: { kind: billing },
    });
  });
});

describe("an event that never ends", () => {
  it("breaks the answer off at its limit", async () => {
    const { source, bench, start, reader } = await begun();
    const endless = "x".repeat(1024 * 1024);
    source.push(`data: ${endless}`);
    for (let more = 0; more < 8; more += 1) source.push(endless);
    let text = "";
    for (let read = await reader.read(); !read.done; read = await reader.read())
      text += new TextDecoder().decode(read.value);
    expect(text.length).toBeLessThan(1000);
    expect(text).toContain("an event is larger than");
    expect(start.kind === "answering" && (await start.end)).toMatchObject({
      failure: { class: "server_error" },
    });
    expect(source.cancelled()).toBeDefined();
    expect(bench.clock.pending()).toBe(0);
  });
});

describe("a last event without its blank line", () => {
  it("counts where it makes the answer whole", async () => {
    const start = await createCallBench(() => eventStream(`${hello}${stop.trimEnd()}`)).attempt(
      streamed,
    );
    expect(await textOf(start)).toBe(hello + stop);
    expect(start.kind === "answering" && (await start.end).kind).toBe("ok");
  });

  it("is of no interest once the answer is whole", async () => {
    const body = `${hello}${stop}data: {"choi`;
    const start = await createCallBench(() => eventStream(body)).attempt(streamed);
    expect(await textOf(start)).toBe(hello + stop);
    expect(start.kind === "answering" && (await start.end).kind).toBe("ok");
  });

  it("is cut off where it does not", async () => {
    const start = await createCallBench(() => eventStream(`${hello}${hello.trimEnd()}`)).attempt(
      streamed,
    );
    const text = await textOf(start);
    expect(text.startsWith(`${hello}data: {"error"`)).toBe(true);
  });
});
