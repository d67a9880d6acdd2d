import { describe, expect, it } from "vitest";
import { diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { createRouter } from "../../src/index.ts";
import { applyIgnores } from "../../src/policy/check/apply-ignores.ts";
import { readIgnores } from "../../src/policy/check/read-ignores.ts";

function read(text: string) {
  const { ignores, found } = readIgnores(text, "p.yaml");
  return {
    ignores: ignores.map(({ code, reason, line }) => ({ code, reason, line })),
    found: found.map(({ code, message, span }) => [
      code,
      message,
      text.slice(span.start, span.end),
    ]),
  };
}

const one = { code: "SB602", reason: "why", line: 2 };

describe("readIgnores", () => {
  it.for([
    {
      name: "at the end of the line",
      text: "a: 1\nb: 2 # signalbox-ignore SB602: why\n",
      is: [one],
    },
    { name: "on the line above", text: "# signalbox-ignore SB602: why\nb: 2\n", is: [one] },
    {
      name: "indented above",
      text: "a:\n  # signalbox-ignore SB602: why\n  b: 2\n",
      is: [{ ...one, line: 3 }],
    },
    {
      name: "several above, with another comment between them",
      text: "# signalbox-ignore SB602: why\n# words\n# signalbox-ignore SB801: because\nb: 2\n",
      is: [
        { ...one, line: 4 },
        { code: "SB801", reason: "because", line: 4 },
      ],
    },
    {
      name: "above and at the end",
      text: "# signalbox-ignore SB602: why\nb: 2 # signalbox-ignore SB602: why\n",
      is: [one, one],
    },
    {
      name: "within brackets",
      text: "b: [\n  1, # signalbox-ignore SB602: why\n  2]\n",
      is: [one],
    },
    {
      name: "with the line ends of Windows",
      text: "a: 1\r\nb: 2 # signalbox-ignore SB602: why\r\n",
      is: [one],
    },
    {
      name: "after a text with a hash",
      text: 'a: "# x"\nb: "#" # signalbox-ignore SB602: why\n',
      is: [one],
    },
    {
      name: "at the end of a file without a line end",
      text: "a: 1\nb: 2 # signalbox-ignore SB602: why",
      is: [one],
    },
    {
      name: "with a colon in the reason",
      text: "a: 1\nb: 2 # signalbox-ignore SB602: why: this\n",
      is: [{ ...one, reason: "why: this" }],
    },
    {
      name: "on the head of a block text",
      text: "a: 1\nb: | # signalbox-ignore SB602: why\n  text\n",
      is: [one],
    },
  ])("reads one $name", ({ text, is }) => {
    expect(read(text)).toEqual({ ignores: is, found: [] });
  });

  it.for([
    { name: "a quoted text", text: 'a: "# signalbox-ignore SB602: why"\n' },
    { name: "a text of two lines", text: 'a: "one\n  # signalbox-ignore SB602: why"\n' },
    { name: "a block text", text: "a: |\n  # signalbox-ignore SB602: why\nb: 1\n" },
    { name: "a plain text", text: "a: x# signalbox-ignore SB602: why\n" },
    { name: "a comment about it", text: "# we use signalbox-ignore SB602: why\na: 1\n" },
    { name: "a comment on the product", text: "# signalbox reads this\na: 1\n" },
  ])("reads none in $name", ({ text }) => {
    expect(read(text)).toEqual({ ignores: [], found: [] });
  });

  it.for([
    { comment: "# signalbox-ignore", found: ["SB803", "expected a code and a reason after it"] },
    {
      comment: "# signalbox-ignore: all of it",
      found: ["SB803", "expected a code and a reason after it"],
    },
    { comment: "# signalbox-ignore SB602", found: ["SB803", "expected a reason to ignore SB602"] },
    {
      comment: "# signalbox-ignore SB602:  ",
      found: ["SB803", "expected a reason to ignore SB602"],
    },
    {
      comment: "# signalbox-ignore SB602 why",
      found: ["SB803", "expected a code and a reason after it"],
    },
    { comment: "# signalbox-ignore SB999: why", found: ["SB803", "`SB999` is not a code"] },
    {
      comment: "# signalbox-ignore constructor: why",
      found: ["SB803", "`constructor` is not a code"],
    },
    {
      comment: "# signalbox-ingore SB602: why",
      found: ["SB803", "`signalbox-ingore` is not a comment that is read"],
    },
    {
      comment: "# Signalbox-Ignore SB602: why",
      found: ["SB803", "`Signalbox-Ignore` is not a comment that is read"],
    },
    {
      comment: "# signalbox-ignore SB202: why",
      found: ["SB804", "SB202 is an error and cannot be ignored"],
    },
    {
      comment: "# signalbox-ignore SB805: why",
      found: ["SB804", "SB805 is about ignores and cannot be ignored"],
    },
  ])("finds fault with `$comment`", ({ comment, found: [code, message] }) => {
    expect(read(`a: 1\nb: 2 ${comment}\n`)).toEqual({
      ignores: [],
      found: [[code, message, comment.trimEnd()]],
    });
  });

  it("reads no more than the comments of a text that is no YAML, and never throws", () => {
    for (const text of [
      "[[[ # signalbox-ignore SB602: why\n",
      "a: 'b\n# signalbox-ignore",
      "\t# signalbox-ignore\n\u0002",
    ]) {
      expect(() => read(text)).not.toThrow();
    }
  });
});

describe("applyIgnores", () => {
  const text = "a: 1\n# signalbox-ignore SB602: one account\nb: [2, 3]\nc: 4\n";
  const sources = new Map([["p.yaml", text]]);
  const at = (part: string, file = "p.yaml") => {
    const start = text.indexOf(part);
    return { file, span: { start, end: start + part.length } };
  };

  it("takes out the code on its line, wherever on the line, and tells why", () => {
    const first = diagnostic("SB602", "one", at("b:"));
    const second = diagnostic("SB602", "two", at("3"));
    expect(applyIgnores([first, second], sources, () => true)).toEqual({
      findings: [],
      ignored: [
        { finding: first, reason: "one account" },
        { finding: second, reason: "one account" },
      ],
    });
  });

  it.for([
    { name: "another code", finding: diagnostic("SB603", "m", at("b:")) },
    { name: "another line", finding: diagnostic("SB602", "m", at("c:")) },
    { name: "the line of the comment", finding: diagnostic("SB602", "m", at("# sig")) },
    { name: "another file", finding: diagnostic("SB602", "m", at("b:", "q.yaml")) },
  ])("keeps $name, and reports the ignore as unused", ({ finding }) => {
    const { findings, ignored } = applyIgnores([finding], sources, () => true);
    expect(ignored).toEqual([]);
    expect(findings).toContain(finding);
    expect(findings.map(({ code }) => code)).toContain("SB805");
  });

  it("does not judge the ignores of a file that was not checked to its end", () => {
    expect(applyIgnores([], sources, () => false)).toEqual({ findings: [], ignored: [] });
  });

  it("reports an ignore of an error, and keeps the error", () => {
    const wrong = text.replace("SB602", "SB202");
    const error = diagnostic("SB202", "m", at("b:"));
    const { findings } = applyIgnores([error], new Map([["p.yaml", wrong]]), () => false);
    expect(findings.map(({ code }) => code)).toEqual(["SB804", "SB202"]);
  });
});

describe("createRouter", () => {
  it("does not tell what its policy ignores, and does not judge ignores", async () => {
    const text = `version: 1
providers: { a: { kind: sandbox } }
routes: [{ name: all, use: main }]
# signalbox-ignore SB801: a spare
chains: { main: [a:x], spare: [a:y] }
# signalbox-ignore SB301: found by validate alone
defaults: { maxOutputTokens: 1k }
`;
    const codesOf = async (policy: string) => {
      const router = await createRouter(policy, { env: {} });
      await router.close();
      return router.diagnostics.map(({ code }) => code);
    };
    expect(await codesOf(text)).toEqual([]);
    expect(await codesOf(text.replace(": a spare", ""))).toEqual(["SB803", "SB801"]);
  });
});
