import { describe, expect, it } from "vitest";
import { diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderGithub, renderGithubSummary } from "../../src/diagnostics/render-github.ts";

const text = "version: 1\nroutes: []\n";
const sources = new Map([["p.yaml", text]]);
const place = (start: number, end: number, file = "p.yaml") => ({ file, span: { start, end } });

describe("renderGithub", () => {
  it("writes a workflow command for each finding, and the summary", () => {
    const finding = diagnostic("SB202", "no `x`", place(11, 17), { help: "did you mean `y`?" });
    expect(renderGithub([finding], sources, "1 policy, 1 error")).toBe(
      "::error file=p.yaml,line=2,endLine=2,col=1,endColumn=7,title=SB202::no `x`%0Ahelp: did you mean `y`?%0Asee docs/rules/SB202.md\n1 policy, 1 error\n",
    );
  });

  it("escapes what would end a command or a property", () => {
    const finding = diagnostic("SB602", "50%, a:b\r\n::error::x", place(0, 1, "a,b:c%.yaml"));
    const [line = "", ...rest] = renderGithub([finding], sources, "done\n::error::y").split("\n");
    expect(line).toBe(
      "::warning file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=1,endColumn=1,title=SB602::50%25, a:b%0A%0A::error::x%0Asee docs/rules/SB602.md",
    );
    expect(rest).toEqual(["done%0A::error::y", ""]);
  });

  it("gives no columns where a finding spans lines", () => {
    const [line] = renderGithub([diagnostic("SB602", "m", place(0, 15))], sources, "s").split("\n");
    expect(line).toContain("file=p.yaml,line=1,endLine=2,title=SB602::");
  });

  it("shows nine at most, errors first, and says how many are left", () => {
    const warnings = Array.from({ length: 9 }, (_, at) =>
      diagnostic("SB602", `w${at}`, place(at, at + 1)),
    );
    const errors = [
      diagnostic("SB202", "e0", place(11, 12)),
      diagnostic("SB202", "e1", place(12, 13)),
    ];
    const lines = renderGithub([...warnings, ...errors], sources, "sum")
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => line.slice(0, 9))).toEqual([
      "::error f",
      "::error f",
      ...Array.from({ length: 7 }, () => "::warning"),
      "::notice ",
    ]);
    expect(lines.at(-1)).toBe("::notice title=signalbox::sum; 2 not shown here");
  });

  it("prints the summary alone where nothing was found", () => {
    expect(renderGithub([], sources, "1 policy, no findings")).toBe("1 policy, no findings\n");
  });
});

describe("renderGithubSummary", () => {
  it("is a table in which no finding can break a cell or open a tag", () => {
    const finding = diagnostic("SB202", "a | b\n<img> \\", place(11, 17), { help: "mend it" });
    expect(renderGithubSummary([finding], sources, "1 policy, 1 error")).toBe(
      "### signalbox: 1 policy, 1 error\n\n| | Code | Place | Finding |\n|---|---|---|---|\n| error | SB202 | p.yaml:2:1 | a \\| b &lt;img> \\\\; mend it |\n",
    );
  });

  it("shows two hundred rows and says how many are left", () => {
    const many = Array.from({ length: 203 }, (_, at) => diagnostic("SB602", `w${at}`, place(0, 1)));
    const written = renderGithubSummary(many, sources, "s");
    expect(written.match(/^\| warning/gm)?.length).toBe(200);
    expect(written).toContain("\n3 more are not shown.\n");
  });

  it("is one line where nothing was found", () => {
    expect(renderGithubSummary([], sources, "1 policy, no findings")).toBe(
      "### signalbox: 1 policy, no findings\n",
    );
  });
});
