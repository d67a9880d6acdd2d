import type { CliIo } from "./io.ts";
import { unreadableReason } from "./unreadable-reason.ts";
import { UsageError } from "./usage-error.ts";

/** One line of a file, without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Missing where the line is no text or too long to be read. */
  readonly text?: string;
  /** Why there is no text. */
  readonly problem?: string;
}

/** Far longer than any record. */
const longestLine = 4 * 1024 * 1024;

/**
 * Reads a file line by line and holds no more of it than one line; `-` is standard input. What follows the last line end
 * is a line unless it is empty.
 *
 * @throws UsageError where the file cannot be read
 */
export async function* readLines(file: string, io: CliIo): AsyncGenerator<Line> {
  let number = 0;
  let held: Uint8Array[] = [];
  let length = 0;
  const take = (): Line => {
    number += 1;
    const line = lineOf(number, held, length);
    held = [];
    length = 0;
    return line;
  };
  const hold = (bytes: Uint8Array) => {
    length += bytes.length;
    if (length <= longestLine) held.push(bytes);
    else held = [];
  };
  for await (const chunk of chunksOf(file, io)) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      hold(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    // A copy: whoever gives the chunks may use their memory again.
    if (from < chunk.length) hold(chunk.slice(from));
  }
  if (length > 0) yield take();
}

async function* chunksOf(file: string, io: CliIo): AsyncGenerator<Uint8Array> {
  try {
    if (io.chunks) yield* io.chunks(file);
    else yield file === "-" ? await io.stdin() : await io.readFile(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${unreadableReason(error)}`);
  }
}

function lineOf(number: number, held: readonly Uint8Array[], length: number): Line {
  if (length > longestLine) {
    return { number, problem: `expected at most ${longestLine} bytes, found ${length}` };
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of held) {
    bytes.set(part, at);
    at += part.length;
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { number, text: text.endsWith("\r") ? text.slice(0, -1) : text };
  } catch {
    return { number, problem: "expected UTF-8 text, found other bytes" };
  }
}
