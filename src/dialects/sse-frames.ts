import { createParser } from "eventsource-parser";
import type { SseEvent } from "./dialect.ts";

/** A piece of an event stream up to and with the blank line that ends it. */
export interface SseFrame {
  /** The bytes as they came; all frames joined are the stream. */
  readonly raw: Uint8Array;
  /** The event in it; missing where there are only comments, ids or blank lines. */
  readonly event?: SseEvent;
}

export type FramesRead =
  | { readonly kind: "frames"; readonly frames: readonly SseFrame[] }
  /** A frame grew past the limit. What came before it is handed out; the splitter takes nothing more. */
  | {
      readonly kind: "too_large";
      readonly frames: readonly SseFrame[];
      readonly limitBytes: number;
    };

/** What is left when the bytes end. */
export interface FramesEnd {
  /** Blank lines, or a frame that ends in a lone CR and could not be known to be whole before. */
  readonly last?: SseFrame;
  /** A frame that was cut; `event` is what it would have said, had a blank line followed. */
  readonly unfinished?: SseFrame;
}

export interface SseSplitter {
  readonly push: (chunk: Uint8Array) => FramesRead;
  readonly flush: () => FramesEnd;
}

/** The most bytes of one frame unless the caller says otherwise: 8 MiB. */
export const maxFrameBytes = 8 * 1024 * 1024;

const lf = 10;
const cr = 13;

/**
 * Splits the bytes of an event stream into frames, each with its raw bytes and the one event in it.
 *
 * Lines end in LF, CRLF or CR. Any chunking gives the same frames: blank lines before an event belong to its frame, and
 * a frame whose blank line ends in CR is handed out at the next byte, when it is known whether an LF belongs to it.
 * A leading byte order mark stays in the raw bytes and is not part of the event.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function splitSse(limitBytes: number = maxFrameBytes): SseSplitter {
  const read = eventReader();
  const pending = byteBuffer();
  const scan = frameScan();
  let tooLarge = false;

  const take = (tail: Uint8Array): SseFrame => {
    const raw = pending.length() === 0 ? tail : pending.drain(tail);
    return frame(raw, read(raw));
  };

  const push = (chunk: Uint8Array): FramesRead => {
    const frames: SseFrame[] = [];
    let start = 0;
    while (!tooLarge) {
      const end = scan.next(chunk, start);
      const upTo = end === -1 ? chunk.length : end;
      tooLarge = pending.length() + upTo - start > limitBytes;
      if (tooLarge || end === -1) break;
      frames.push(take(chunk.subarray(start, end)));
      start = end;
    }
    if (tooLarge) return { kind: "too_large", frames, limitBytes };
    pending.append(chunk.subarray(start));
    return { kind: "frames", frames };
  };

  const flush = (): FramesEnd => {
    if (tooLarge || pending.length() === 0) return {};
    const raw = pending.drain(new Uint8Array());
    return scan.atBoundary()
      ? { last: frame(raw, read(raw)) }
      : { unfinished: frame(raw, read(raw, "\n\n")) };
  };

  return { push, flush };
}

/** Finds the ends of frames, keeping between chunks what it knows of the line under way. */
function frameScan() {
  /** The line under way has no byte yet. */
  let lineEmpty = true;
  /** The frame under way has a line that is not blank. */
  let hasLine = false;
  /** The last byte was a CR: an LF now belongs to the same line end. */
  let afterCr = false;
  /** A blank line has ended the frame in a CR; it ends here, or one LF later. */
  let endsAtCr = false;

  const endLine = (): boolean => {
    const ends = lineEmpty && hasLine;
    if (ends) hasLine = false;
    lineEmpty = true;
    return ends;
  };

  /** Takes one byte; tells whether it is the last of a frame. */
  const ends = (byte: number | undefined): boolean => {
    const half = afterCr && byte === lf;
    afterCr = byte === cr;
    if (half) return false;
    if (byte === lf) return endLine();
    if (byte === cr) endsAtCr = endLine();
    else {
      lineEmpty = false;
      hasLine = true;
    }
    return false;
  };

  /** The index after the next frame's last byte, from `from` on; -1 where the chunk ends first. */
  const next = (chunk: Uint8Array, from: number): number => {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      if (endsAtCr) {
        endsAtCr = false;
        afterCr = false;
        return byte === lf ? at + 1 : at;
      }
      if (ends(byte)) return at + 1;
    }
    return -1;
  };

  return { next, atBoundary: () => !hasLine && lineEmpty };
}

/** Reads the one event of a frame; one parser for the stream, so that only the first byte order mark is dropped. */
function eventReader(): (raw: Uint8Array, ending?: string) => SseEvent | undefined {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let found: SseEvent | undefined;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      found = event === undefined ? { data } : { event, data };
    },
  });
  return (raw, ending = "") => {
    found = undefined;
    parser.feed(decoder.decode(raw) + ending);
    return found;
  };
}

function frame(raw: Uint8Array, event: SseEvent | undefined): SseFrame {
  return event === undefined ? { raw } : { raw, event };
}

/** Bytes that grow at the end, in time linear in their number however small the pieces. */
function byteBuffer() {
  let bytes = new Uint8Array();
  let used = 0;

  const append = (piece: Uint8Array): void => {
    if (used + piece.length > bytes.length) {
      const grown = new Uint8Array(Math.max(2 * bytes.length, used + piece.length));
      grown.set(bytes.subarray(0, used));
      bytes = grown;
    }
    bytes.set(piece, used);
    used += piece.length;
  };

  /** All of it and `tail` as one piece of its own; the buffer is empty then. */
  const drain = (tail: Uint8Array): Uint8Array => {
    append(tail);
    const whole = bytes.slice(0, used);
    used = 0;
    return whole;
  };

  return { append, drain, length: () => used };
}
