import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { splitSse } from "../../src/dialects/sse-frames.ts";
import type { Api } from "../../src/terms/api.ts";
import { dataFolder, haveCorpora } from "../support/data.ts";
import {
  chatCall,
  createCallBench,
  createSource,
  eventStream,
  messagesCall,
  textOf,
} from "./call-bench.ts";

/** A stream of the corpus, with what is expected of whoever reads it. */
interface CorpusStream {
  readonly name: string;
  readonly protocol: string;
  readonly transport_end: "clean" | "reset";
  readonly bytes_base64: string;
  readonly expect: {
    readonly text: string;
    readonly outcome: string;
    readonly error_class: string | null;
    readonly usage: readonly [number, number] | null;
  };
}

const calls = {
  "openai-chat": chatCall({ stream: true, stream_options: { include_usage: true } }),
  anthropic: messagesCall({ stream: true }),
} as const;

const isHere = haveCorpora();

function corpus(): readonly (CorpusStream & { readonly protocol: keyof typeof calls })[] {
  if (!isHere) return [];
  const path = join(dataFolder, "corpora/own-llm-streams/streams.json");
  const { streams } = JSON.parse(readFileSync(path, "utf8")) as {
    readonly streams: readonly CorpusStream[];
  };
  return streams.flatMap((stream) => {
    const { protocol } = stream;
    return protocol === "openai-chat" || protocol === "anthropic" ? [{ ...stream, protocol }] : [];
  });
}

/** The whole stream at once, byte by byte, and in two pieces cut in the middle. */
const chunkings = [
  (bytes: Uint8Array) => [bytes],
  (bytes: Uint8Array) => Array.from(bytes, (byte) => new Uint8Array([byte])),
  (bytes: Uint8Array) => [bytes.slice(0, bytes.length / 2), bytes.slice(bytes.length / 2)],
];

async function play(
  stream: CorpusStream & { readonly protocol: keyof typeof calls },
  pieces: readonly Uint8Array[],
) {
  const source = createSource();
  const bench = createCallBench(() => eventStream(source.body));
  const reading = bench.attempt(calls[stream.protocol]).then(async (start) => {
    const text = start.kind === "answering" ? await textOf(start) : "";
    return { start, text, end: start.kind === "answering" ? await start.end : undefined };
  });
  for (const piece of pieces) source.bytes(piece);
  await bench.clock.advance(0);
  if (stream.transport_end === "clean") source.close();
  else source.break(Object.assign(new TypeError("terminated"), { code: "ECONNRESET" }));
  await bench.clock.advance(10_000);
  expect(bench.clock.pending()).toBe(0);
  return reading;
}

/** What the caller's SDK would put together from the text that it got. */
function said(api: Api, text: string): string {
  const { frames } = splitSse().push(new TextEncoder().encode(text));
  const parts = frames.map(({ event }) => {
    if (!event || event.data === "[DONE]") return "";
    const data = JSON.parse(event.data);
    return api === "chat" ? (data.choices?.[0]?.delta?.content ?? "") : (data.delta?.text ?? "");
  });
  return parts.join("");
}

describe.runIf(isHere)("streams as providers send them", () => {
  it("are on file in both formats", () => {
    const protocols = new Set(corpus().map(({ protocol }) => protocol));
    expect(protocols).toEqual(new Set(["openai-chat", "anthropic"]));
  });

  it.for(corpus())("$name ($expect.outcome)", async (stream) => {
    const { outcome, error_class: failure, usage, text } = stream.expect;
    const { api } = calls[stream.protocol];
    const bytes = new Uint8Array(Buffer.from(stream.bytes_base64, "base64"));
    for (const cut of chunkings) {
      const got = await play(stream, cut(bytes));
      if (outcome === "error") {
        expect(got.start).toMatchObject({ kind: "failed", failure: { class: failure } });
        continue;
      }
      expect(said(api, got.text)).toBe(text);
      if (outcome.startsWith("ok")) {
        const billing = usage
          ? { kind: "usage", usage: { inputTokens: usage[0], outputTokens: usage[1] } }
          : { kind: "unknown" };
        expect(got.end).toMatchObject({ kind: "ok", billing });
      } else {
        expect(got.end).toMatchObject({
          kind: "failed",
          failure: { class: failure },
          billing: { kind: "unknown" },
        });
        expect(got.text).toContain("the answer broke off");
      }
    }
  });
});
