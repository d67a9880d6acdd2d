import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../support/cli-io.ts";
import { load } from "./support.ts";

const sample = readFileSync(join(projectRoot, "policies/design.yaml"), "utf8");

describe("loadPolicy never throws", () => {
  it("on a policy that is half written, at any point, and refuses it until its routes are there", () => {
    const routes = sample.indexOf("\nroutes:");
    for (let end = 0; end < sample.length; end += 23) {
      const { found, policy } = load(sample.slice(0, end));
      expect(policy === undefined, `the first ${end} characters`).toBe(
        found.some((each) => /^SB[0-2]|^SB70[1-3]/.test(each)),
      );
      if (end < routes) expect(policy).toBeUndefined();
    }
  });

  it("on a policy with pieces cut out or put elsewhere", () => {
    const cut = fc.record({
      from: fc.nat(sample.length),
      length: fc.nat(40),
      to: fc.nat(sample.length),
    });
    fc.assert(
      fc.property(cut, ({ from, length, to }) => {
        const piece = sample.slice(from, from + length);
        const rest = sample.slice(0, from) + sample.slice(from + length);
        const text = rest.slice(0, to) + piece + rest.slice(to);
        const { found, policy } = load(text);
        expect(policy !== undefined || found.length > 0).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it("on any text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "a",
        ": ",
        "\n",
        "  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "*",
        "&x",
        "!t",
        '"',
        "'",
        "|",
        ">",
        "?",
        "#",
        "%",
        "---\n",
        "...\n",
        "version: 1\n",
      ),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(load(pieces.join("")).found.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
