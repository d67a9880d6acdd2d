import { describe, expect, it } from "vitest";
import { createCall } from "../../src/run/call.ts";
import { run } from "../../src/run/engine.ts";
import type { ProviderCall } from "../../src/run/ports.ts";
import { RouteError } from "../../src/run/route-error.ts";
import { createBench, someFacts, worstNano } from "../support/engine.ts";
import { linkedProgram, type ProgramSketch } from "../support/programs.ts";
import { chatAnswer, chatCall, createSource, eventStream, json } from "./call-bench.ts";
import { transcripts } from "./transcripts.ts";

const ceilings = [{ name: "day", limit: 1e9 }];
const [transcript] = transcripts;
const frames = transcript?.frames ?? [];

/** A router over a provider that is the test's own. */
function createRouterBench(
  answer: (call: ProviderCall) => Promise<Response> | Response,
  sketch: ProgramSketch = {},
) {
  const whole = { ceilings, breaker: { minFailures: 1, errorRatePpm: 1 }, ...sketch };
  const bench = createBench(whole);
  const linked = linkedProgram(whole);
  const calls: ProviderCall[] = [];
  const provider = {
    send: async (call: ProviderCall) => {
      calls.push(call);
      return answer(call);
    },
  };
  const start = (incoming = chatCall(), signal?: AbortSignal) => {
    const facts = { ...someFacts, stream: incoming.stream };
    const request = {
      linked,
      facts,
      requestId: "r1",
      hasCredential: () => true,
      ...(signal && { signal }),
    };
    return run(bench.engine, request, createCall({ provider, clock: bench.clock }, incoming));
  };
  return { ...bench, calls, start };
}

describe("a call through a chain", () => {
  it("is answered by the next target, each asked by its own name, when the first goes down", async () => {
    const bench = createRouterBench(
      ({ provider }) =>
        provider.name === "a" ? new Response("<html>", { status: 502 }) : json(chatAnswer),
      { targets: [{ id: "a:one" }, { id: "b:two/2:free" }] },
    );
    const answer = await bench.start();
    expect(answer.value.body).toBe(JSON.stringify(chatAnswer));
    expect(bench.calls.map(({ body }) => JSON.parse(body).model)).toEqual(["one", "two/2:free"]);
    expect(await answer.done).toMatchObject({ outcome: "ok", cost: 12_000 });
    expect(bench.spent("day")).toBe(12_000);
  });

  it("whose stream is cut after its output ends in an error, asks nobody else, and blames the target", async () => {
    const source = createSource();
    const bench = createRouterBench(() => eventStream(source.body));
    for (const frame of frames.slice(0, 3)) source.push(frame);
    source.close();
    const answer = await bench.start(transcript?.call);
    const text = await new Response(answer.value.body).text();
    expect(text.startsWith(frames.slice(0, 3).join(""))).toBe(true);
    expect(text).toContain("the answer broke off");
    expect(await answer.done).toMatchObject({ outcome: "server_error", cost: worstNano });
    expect(bench.calls).toHaveLength(1);
    expect(bench.engine.breakers.view("a:m", bench.breaker).state).toBe("open");
    expect(bench.clock.pending()).toBe(0);
  });

  it("whose stream is cut before its output is answered by the next target, unseen", async () => {
    const good = frames.join("");
    const cut = frames.slice(0, 2).join("");
    const bench = createRouterBench(({ provider }) =>
      eventStream(provider.name === "a" ? cut : good),
    );
    const answer = await bench.start(transcript?.call);
    expect(await new Response(answer.value.body).text()).toBe(good);
    expect(answer.failed).toMatchObject([
      { target: "a:m", outcome: "server_error", cost: worstNano },
    ]);
  });
});

/** How far a streamed call has come when its caller aborts it. */
const states = [
  "waiting for the response",
  "held back",
  "with its first output",
  "in the middle",
  "whole, usage to come",
  "over",
] as const;

describe("a caller's abort", () => {
  it.for(states)(
    "of a call that is %s reaches the provider, and leaves nothing behind",
    async (state) => {
      const source = createSource();
      const waits = state === "waiting for the response";
      const bench = createRouterBench(() =>
        waits ? new Promise<Response>(() => {}) : eventStream(source.body),
      );
      const caller = new AbortController();
      const going = bench.start(transcript?.call, caller.signal).then(
        async (answer) => {
          const text = new Response(answer.value.body).text();
          return { summary: await answer.done, text: await text };
        },
        (error: unknown) => ({ error }),
      );
      await bench.clock.advance(0);
      const sent = [0, 2, 3, 4, 5, frames.length][states.indexOf(state)] ?? 0;
      for (const frame of frames.slice(0, sent)) source.push(frame);
      await bench.clock.advance(10);
      caller.abort(new TypeError("gone"));
      const isOver = state === "over";
      expect(bench.calls[0]?.signal.aborted).toBe(!isOver);
      await bench.clock.advance(1000);
      if (!waits) expect(source.cancelled()).toBeDefined();
      const got = await going;
      const wasWhole = isOver || state === "whole, usage to come";
      if ("error" in got) {
        expect(RouteError.is(got.error) && got.error.code).toBe("cancelled");
      } else {
        expect(got.summary.outcome).toBe(wasWhole ? "ok" : "cancelled");
        expect(got.text.includes("the answer broke off")).toBe(!wasWhole);
      }
      expect(bench.spent("day")).toBe(isOver ? 14_000 : worstNano);
      expect(bench.engine.breakers.view("a:m", bench.breaker).state).toBe("closed");
      expect(bench.calls).toHaveLength(1);
      expect(bench.events.filter(({ kind }) => kind === "finished")).toHaveLength(1);
      expect(bench.clock.pending()).toBe(0);
    },
  );
});
