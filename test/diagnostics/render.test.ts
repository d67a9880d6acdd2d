import { codeFrameColumns } from "@babel/code-frame";
import { describe, expect, it } from "vitest";
import { type Diagnostic, diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { findingsReport } from "../../src/diagnostics/render-json.ts";
import { renderPretty } from "../../src/diagnostics/render-pretty.ts";

const file = "p.yaml";
const text = "one: 1\ntwo: 2\nthree: 3\n";

function at(word: string, source = text): Diagnostic["span"] {
  const start = source.indexOf(word);
  return { start, end: start + word.length };
}

function pretty(findings: readonly Diagnostic[], source = text, colour = false): string {
  return renderPretty(findings, {
    sources: new Map([[file, source]]),
    codeFrame: codeFrameColumns,
    colour,
  });
}

const finding = diagnostic(
  "SB101",
  "`two` is not known here",
  { file, span: at("two") },
  {
    help: "did you mean `one`?",
    related: [{ file, span: at("one"), message: "first written here" }],
  },
);

describe("renderPretty", () => {
  it("shows place, lines, related places, help and page", () => {
    expect(pretty([finding])).toBe(
      [
        "p.yaml:2:1 error SB101: `two` is not known here",
        "  1 | one: 1",
        "> 2 | two: 2",
        "    | ^^^",
        "  3 | three: 3",
        "  p.yaml:1:1 first written here",
        "  help: did you mean `one`?",
        "  see docs/rules/SB101.md",
        "",
        "",
      ].join("\n"),
    );
  });

  it("colours only when asked, and changes nothing else", () => {
    const coloured = pretty([finding], text, true);
    expect(coloured).toContain("\u001B[31merror\u001B[0m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for colours
    expect(coloured.replace(/\u001B\[\d+m/g, "")).toBe(pretty([finding]));
  });

  it("masks the key that a finding points at, also in the lines of other findings", () => {
    const source = "a: hunter2\nb: 1\n";
    const key = diagnostic("SB702", "a key is written", { file, span: at("hunter2", source) });
    const other = diagnostic("SB101", "`b` is not known", { file, span: at("b: 1", source) });
    const shown = pretty([key, other], source);
    expect(shown).not.toContain("hunter2");
    expect(shown.match(/a: \*{7}/g)).toHaveLength(2);
  });

  it("shortens long lines around the place and marks it there", () => {
    const source = `${"x".repeat(500)}HERE${"y".repeat(500)}\n`;
    const long = diagnostic("SB101", "long", { file, span: at("HERE", source) });
    const lines = pretty([long], source).split("\n");
    expect(lines.every((line) => line.length < 200)).toBe(true);
    const mark = lines[2] ?? "";
    expect(lines[1]?.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1)).toBe("HERE");
  });

  it("never lets the text of a policy reach the terminal's controls", () => {
    const source = "a: \u001B]0;owned\u0007\n";
    const bad = diagnostic("SB008", "bad \u001B[2J", { file, span: { start: 3, end: 4 } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for controls
    expect(pretty([bad], source)).not.toMatch(/[\u001B\u0007]/);
  });

  it("goes without lines where the file is no text", () => {
    const lost = diagnostic("SB001", "not UTF-8", { file: "other", span: { start: 0, end: 0 } });
    expect(pretty([lost])).toBe("other:1:1 error SB001: not UTF-8\n  see docs/rules/SB001.md\n\n");
  });
});

describe("findingsReport", () => {
  it("gives lines and columns from 1 and offsets from 0, and counts", () => {
    const warning = diagnostic("SB801", "unused", { file, span: at("three") });
    const report = findingsReport([finding, warning], new Map([[file, text]]));
    expect(report).toEqual({
      format_version: 1,
      findings: [
        {
          code: "SB101",
          severity: "error",
          message: "`two` is not known here",
          file,
          range: {
            start: { line: 2, column: 1, offset: 7 },
            end: { line: 2, column: 4, offset: 10 },
          },
          help: "did you mean `one`?",
          related: [
            {
              message: "first written here",
              file,
              range: {
                start: { line: 1, column: 1, offset: 0 },
                end: { line: 1, column: 4, offset: 3 },
              },
            },
          ],
          docs: "docs/rules/SB101.md",
        },
        {
          code: "SB801",
          severity: "warning",
          message: "unused",
          file,
          range: {
            start: { line: 3, column: 1, offset: 14 },
            end: { line: 3, column: 6, offset: 19 },
          },
          docs: "docs/rules/SB801.md",
        },
      ],
      errors: 1,
      warnings: 1,
      ignored: [],
    });
  });
});
