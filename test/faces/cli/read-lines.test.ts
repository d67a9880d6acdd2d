import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Line, readLines } from "../../../src/faces/cli/read-lines.ts";
import { recordedIo } from "../../support/cli-io.ts";

async function linesOf(chunks: readonly Uint8Array[]): Promise<readonly Line[]> {
  const io = recordedIo(
    {},
    {
      chunks: async function* () {
        const reused = new Uint8Array(64);
        for (const chunk of chunks) {
          // One piece of memory for all chunks, as a reader of files may have.
          const size = Math.min(chunk.length, reused.length);
          reused.set(chunk.subarray(0, size));
          yield chunk.length <= reused.length ? reused.subarray(0, size) : chunk;
        }
      },
    },
  );
  const lines: Line[] = [];
  for await (const line of readLines("any", io)) lines.push(line);
  return lines;
}

describe("reading a file line by line", () => {
  it("gives the same lines however the file comes in pieces", () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom("a", "ß", "\n", "𝄞", "\r\n"), maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 40, maxLength: 40 }),
        async (text, sizes) => {
          const bytes = new TextEncoder().encode(text);
          const chunks: Uint8Array[] = [];
          let at = 0;
          for (const size of sizes) {
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          chunks.push(bytes.subarray(at));
          const expected = text.split("\n").map((line) => line.replace(/\r$/, ""));
          if (text === "" || text.endsWith("\n")) expected.pop();
          const lines = await linesOf(chunks);
          expect(lines.map((line) => line.text)).toEqual(expected);
          expect(lines.map((line) => line.number)).toEqual(expected.map((_, index) => index + 1));
        },
      ),
      { numRuns: 200 },
    ));

  it("says of a line that is no text or far too long what is wrong, and reads on", async () => {
    const long = new Uint8Array(5 * 1024 * 1024).fill(0x61);
    const lines = await linesOf([Uint8Array.of(0xff, 0x0a), long, Uint8Array.of(0x0a, 0x62)]);
    expect(lines).toEqual([
      { number: 1, problem: "expected UTF-8 text, found other bytes" },
      { number: 2, problem: `expected at most ${4 * 1024 * 1024} bytes, found ${long.length}` },
      { number: 3, text: "b" },
    ]);
  });
});
