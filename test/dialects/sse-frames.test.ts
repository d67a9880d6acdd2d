import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SseFrame, splitSse } from "../../src/dialects/sse-frames.ts";
import { dataFolder, haveCorpora, haveRecordings } from "../support/data.ts";

const encode = (text: string) => new TextEncoder().encode(text);

describe("frames of an event stream", () => {
  it.for<[string, string, readonly string[]]>([
    ["LF", "data: a\n\ndata: b\n\n", ["data: a\n\n", "data: b\n\n"]],
    ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", ["data: a\r\n\r\n", "data: b\r\n\r\n"]],
    ["CR", "data: a\r\rdata: b\r\rx", ["data: a\r\r", "data: b\r\r"]],
    ["a comment alone", ": ping\n\ndata: a\n\n", [": ping\n\n", "data: a\n\n"]],
    ["blank lines before an event", "\n\n\ndata: a\n\n", ["\n\n\ndata: a\n\n"]],
    ["mixed ends of line", "data: a\r\ndata: b\rdata: c\n\n", ["data: a\r\ndata: b\rdata: c\n\n"]],
  ])("end at the blank line: %s", ([, text, expected]) => {
    expect(wholeFrames(encode(text)).map((frame) => decode(frame.raw))).toEqual(expected);
  });

  it("carry the event, and none where there are only comments", () => {
    const frames = wholeFrames(encode(": ping\n\nevent: error\ndata: {}\ndata: x\n\nid: 7\n\n"));
    expect(frames.map((frame) => frame.event)).toEqual([
      undefined,
      { event: "error", data: "{}\nx" },
      undefined,
    ]);
  });

  it("keep a leading byte order mark in the bytes and out of the event", () => {
    const [first] = wholeFrames(encode("\uFEFFdata: a\n\n"));
    expect(first?.event).toEqual({ data: "a" });
    expect(first?.raw.length).toBe(3 + "data: a\n\n".length);
  });

  it("survive a character cut in two", () => {
    const bytes = encode("data: 北京\n\n");
    const splitter = splitSse();
    const frames = [...bytes].flatMap((byte) => splitter.push(Uint8Array.of(byte)).frames);
    expect(frames.map((frame) => frame.event?.data)).toEqual(["北京"]);
  });
});

describe("the end and the limit of an event stream", () => {
  it.for<[string, string, string | undefined, string | undefined]>([
    ["nothing", "data: a\n\n", undefined, undefined],
    ["a blank line", "data: a\n\n\n", "\n", undefined],
    ["a frame that ends in CR", "data: a\r\r", "data: a\r\r", undefined],
    ["a line without its end", "data: a\n\ndata: b", undefined, "data: b"],
    ["a frame without its blank line", "data: b\n", undefined, "data: b\n"],
    ["a comment without its blank line", ": x\n", undefined, ": x\n"],
  ])("tell what is left at the end: %s", ([, text, last, unfinished]) => {
    const splitter = splitSse();
    splitter.push(encode(text));
    const end = splitter.flush();
    expect(end.last && decode(end.last.raw)).toBe(last);
    expect(end.unfinished && decode(end.unfinished.raw)).toBe(unfinished);
  });

  it("show what a cut frame would have said", () => {
    const splitter = splitSse();
    splitter.push(encode("data: [DONE]"));
    expect(splitter.flush().unfinished?.event).toEqual({ data: "[DONE]" });
  });

  it("are refused past the limit, with those before it handed out", () => {
    const splitter = splitSse(16);
    const read = splitter.push(encode("data: a\n\ndata: 0123456789abcdef\n\ndata: b\n\n"));
    expect(read.kind).toBe("too_large");
    expect(read.frames.map((frame) => frame.event?.data)).toEqual(["a"]);
    expect(splitter.push(encode("data: c\n\n"))).toMatchObject({ kind: "too_large", frames: [] });
    expect(splitter.flush()).toEqual({});
  });

  it("are refused past the limit when it is crossed byte by byte", () => {
    const splitter = splitSse(16);
    const kinds = [...encode("data: 0123456789abcdef")].map(
      (byte) => splitter.push(Uint8Array.of(byte)).kind,
    );
    expect(kinds.indexOf("too_large")).toBe(16);
  });
});

describe("chunking of an event stream", () => {
  it("gives the same frames, and their bytes are the stream", () => {
    const piece = fc.constantFrom(
      ...[
        "data: a",
        "data:é北🙂",
        ": c",
        "event: x",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\n\r\n",
        "\uFEFF",
        "id: 1",
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(12)), (pieces, sizes) => {
        sameInAnyChunking(encode(pieces.join("")), sizes);
      }),
      { numRuns: 500 },
    );
  });
});

const hasCorpora = haveCorpora();

describe.runIf(hasCorpora)("the event-stream vectors", () => {
  const file = join(dataFolder, "corpora/own-sse/sse-vectors.json");
  const vectors = (hasCorpora ? JSON.parse(readFileSync(file, "utf8")).vectors : []) as readonly {
    readonly name: string;
    readonly bytes_base64: string;
    readonly events: readonly { readonly event: string; readonly data: string }[];
  }[];

  it.for(vectors.map((vector) => [vector.name, vector] as const))("%s", ([, vector]) => {
    const bytes = new Uint8Array(Buffer.from(vector.bytes_base64, "base64"));
    const events = allFrames(bytes, [bytes.length])
      .flatMap((frame) => frame.event ?? [])
      .map(({ event, data }) => ({ event: event ?? "message", data }));
    expect(events).toEqual(vector.events.map(({ event, data }) => ({ event, data })));
    sameInAnyChunking(bytes, [1]);
    if (bytes.length > 2000) return;
    for (let at = 1; at < bytes.length; at++) sameInAnyChunking(bytes, [at, bytes.length]);
  });
});

describe.runIf(haveRecordings())("recorded streams", () => {
  it("give the same frames for any chunking, and their bytes are the stream", () => {
    const streams = recordedStreams();
    for (const text of streams) sameInAnyChunking(encode(text), [1, 7, 64, 3, 1000]);
    console.log(`recorded streams split in any chunking: ${streams.length}`);
    expect(streams.length).toBeGreaterThan(500);
  });
});

function recordedStreams(): readonly string[] {
  const folder = join(dataFolder, "recordings");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"))
    .filter((line) => line.includes('"body_format":"sse"') || line.includes('"body_format": "sse"'))
    .map((line) => (JSON.parse(line) as { readonly response_body: string }).response_body);
}

/** Pushes in chunks of the given sizes, over and over, and adds what is left. */
function allFrames(bytes: Uint8Array, sizes: readonly number[]): readonly SseFrame[] {
  const splitter = splitSse();
  const frames: SseFrame[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % Math.max(1, sizes.length)] ?? 1);
    frames.push(...splitter.push(bytes.subarray(at, at + size)).frames);
    at += size;
  }
  const { last, unfinished } = splitter.flush();
  // A cut event is dispatched by nobody: its bytes count, its event does not.
  return [...frames, ...(last ? [last] : []), ...(unfinished ? [{ raw: unfinished.raw }] : [])];
}

function sameInAnyChunking(bytes: Uint8Array, sizes: readonly number[]): void {
  const whole = allFrames(bytes, [Math.max(1, bytes.length)]);
  expect(allFrames(bytes, sizes).map(plain)).toEqual(whole.map(plain));
  expect(Buffer.concat(whole.map((frame) => frame.raw)).equals(bytes)).toBe(true);
}

function wholeFrames(bytes: Uint8Array): readonly SseFrame[] {
  return splitSse().push(bytes).frames;
}

const decode = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

const plain = ({ raw, event }: SseFrame) => ({ raw: Buffer.from(raw).toString("latin1"), event });
