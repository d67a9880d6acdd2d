import type { Api } from "../../../src/terms/api.ts";
import { answerHeaders, type Exchange } from "./recordings.ts";
import type { Act, Received, Script } from "./upstreams.ts";

/** The upstream answers as it was recorded; a stream in pieces of uneven size, which split lines and characters. */
export function asRecorded(exchange: Exchange): Act {
  const { status, headers, answer, stream } = exchange;
  const pieces = stream ? unevenPieces(answer) : [answer];
  return {
    kind: "answer",
    status,
    headers: { ...answerHeaders(stream), ...headers },
    pieces,
    end: "whole",
  };
}

const sizes = [1, 7, 64, 333, 2048, 16_384, 65_536];

function unevenPieces(text: string): readonly Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const end = at + (sizes[turn] ?? 65_536);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

/** A recorded stream up to a frame, and then as `end` says. */
export function streamUpTo(frames: readonly string[], end: "whole" | "reset" | "stall"): Act {
  return { kind: "answer", status: 200, headers: answerHeaders(true), pieces: frames, end };
}

/** An answer with a status, headers and a body, written at once. */
export function answer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Act {
  return {
    kind: "answer",
    status,
    headers: { ...answerHeaders(false), ...headers },
    pieces: [body],
    end: "whole",
  };
}

/** An error body as the providers of a format write it. */
export function errorBody(api: Api, type: string, message: string, code?: string): string {
  return api === "messages"
    ? JSON.stringify({ type: "error", error: { type, message } })
    : JSON.stringify({ error: { message, type, param: null, code: code ?? null } });
}

/** The first target asked does one thing, as often as it is asked, and every other target another. */
export function firstThen(first: Act, others: Act): Script {
  let firstTarget: string | undefined;
  return (received) => {
    firstTarget ??= targetOf(received);
    return targetOf(received) === firstTarget ? first : others;
  };
}

function targetOf({ host, model }: Received): string {
  return `${host} ${model}`;
}
