import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCallBench, createSource, eventStream, textOf } from "./call-bench.ts";
import { type Transcript, transcripts } from "./transcripts.ts";

/** How a stream goes wrong before its frame `at`; at its length it does not. */
type Fault = "ends" | "breaks" | "errs" | "turns to nonsense" | "stalls";

const faults: readonly Fault[] = ["ends", "breaks", "errs", "turns to nonsense", "stalls"];

const failureOf: Readonly<Record<Fault, string>> = {
  ends: "server_error",
  breaks: "network",
  errs: "server_error",
  "turns to nonsense": "server_error",
  stalls: "timeout",
};

const idleMs = 2000;
const firstOutputMs = 5000;

/** Cuts a text's bytes at the given places, taken modulo its length. */
function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])];
  places.sort((one, other) => one - other);
  return places.slice(1).map((end, index) => bytes.slice(places[index], end));
}

async function play(
  { call, frames, error }: Transcript,
  at: number,
  fault: Fault,
  cuts: readonly number[],
) {
  const source = createSource();
  const bench = createCallBench(() => eventStream(source.body), {
    sketch: { timeouts: { idleMs, firstOutputMs } },
  });
  const going = bench.attempt(call);
  const reading = going.then(async (start) => {
    const text = start.kind === "answering" ? await textOf(start) : "";
    return { start, text, end: start.kind === "answering" ? await start.end : undefined };
  });
  const sent =
    frames.slice(0, at).join("") +
    (fault === "errs" ? error : fault === "turns to nonsense" ? "data: {oops\n\n" : "");
  for (const piece of cutAt(new TextEncoder().encode(sent), cuts)) {
    source.bytes(piece);
    await bench.clock.advance(0);
  }
  if (fault === "ends") source.close();
  if (fault === "breaks")
    source.break(Object.assign(new TypeError("terminated"), { code: "ECONNRESET" }));
  await bench.clock.advance(firstOutputMs + idleMs);
  return { ...(await reading), source, bench };
}

describe("a stream that goes wrong", () => {
  const cases = transcripts.flatMap((transcript) =>
    faults.map((fault) => ({ transcript, fault, of: transcript.name })),
  );

  it.for(cases)(
    "$of: $fault, before or after any event and in any pieces",
    async ({ transcript, fault }) => {
      const { frames, firstOutput, whole } = transcript;
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: frames.length - 1 }),
          fc.array(fc.nat(), { maxLength: 12 }),
          async (at, cuts) => {
            const { start, text, end, source, bench } = await play(transcript, at, fault, cuts);
            if (at <= firstOutput) {
              expect(start).toMatchObject({ kind: "failed", failure: { class: failureOf[fault] } });
            } else if (at <= whole || fault === "errs" || fault === "turns to nonsense") {
              expectBrokenOff(transcript, at, text);
              expect(end).toMatchObject({ kind: "failed", failure: { class: failureOf[fault] } });
            } else {
              expect(text).toBe(frames.slice(0, at).join(""));
              expect(end).toMatchObject({ kind: "ok" });
            }
            if (end) expectBilled(transcript, at, end.billing);
            if (fault !== "ends" && fault !== "breaks") expect(source.cancelled()).toBeDefined();
            expect(bench.clock.pending()).toBe(0);
          },
        ),
        { numRuns: 60 },
      );
    },
  );
});

/** The caller has every frame before the fault, then one event that says so, and nothing after it. */
function expectBrokenOff({ frames, call }: Transcript, at: number, text: string): void {
  const before = frames.slice(0, at).join("");
  expect(text.slice(0, before.length)).toBe(before);
  const after = text.slice(before.length);
  const pattern =
    call.api === "chat"
      ? /^data: {"error":{[^\n]*}\n\n$/
      : /^event: error\ndata: {"type":"error",[^\n]*}\n\n$/;
  expect(after).toMatch(pattern);
  expect(after).toContain("the answer broke off");
  expect(after).toContain('"request_id":"r1"');
}

function expectBilled({ usage, usageFrom }: Transcript, at: number, billing: object): void {
  const [inputTokens, outputTokens] = usage;
  const known = { kind: "usage", usage: { inputTokens, outputTokens } };
  expect(billing).toMatchObject(at > usageFrom ? known : { kind: "unknown" });
}

describe("a stream that goes well", () => {
  it.for(transcripts.map((transcript) => ({ transcript, name: transcript.name })))(
    "$name: reaches the caller byte for byte, in any pieces",
    async ({ transcript }) => {
      const all = transcript.frames.join("");
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(), { maxLength: 20 }), async (cuts) => {
          const source = createSource();
          const bench = createCallBench(() => eventStream(source.body));
          for (const piece of cutAt(new TextEncoder().encode(all), cuts)) source.bytes(piece);
          source.close();
          const start = await bench.attempt(transcript.call);
          expect(await textOf(start)).toBe(all);
          const [inputTokens, outputTokens] = transcript.usage;
          expect(start.kind === "answering" && (await start.end)).toMatchObject({
            kind: "ok",
            billing: { kind: "usage", usage: { inputTokens, outputTokens } },
          });
          expect(bench.clock.pending()).toBe(0);
        }),
        { numRuns: 100 },
      );
    },
  );

  it("is held back until its first output, and handed out with it", async () => {
    for (const { call, frames, firstOutput } of transcripts) {
      const source = createSource();
      const bench = createCallBench(() => eventStream(source.body));
      let begun = false;
      const going = bench.attempt(call).finally(() => {
        begun = true;
      });
      for (const frame of frames.slice(0, firstOutput)) {
        source.push(frame);
        await bench.clock.advance(100);
      }
      expect(begun).toBe(false);
      source.push(frames[firstOutput] ?? "");
      await bench.clock.advance(0);
      expect(begun).toBe(true);
      expect(await going).toMatchObject({ kind: "answering", firstOutputMs: firstOutput * 100 });
      source.close();
      expect(await textOf(await going)).toContain(frames.slice(0, firstOutput + 1).join(""));
    }
  });

  it("is whole without output too, at its terminal event", async () => {
    const text = `data: {"choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
    const start = await createCallBench(() => eventStream(text)).attempt(transcripts[0]?.call);
    expect(await textOf(start)).toBe(text);
    expect(start.kind === "answering" && (await start.end)).toEqual({
      kind: "ok",
      billing: { kind: "unknown" },
    });
  });
});
