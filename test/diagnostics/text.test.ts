import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diagnostic, sortDiagnostics } from "../../src/diagnostics/diagnostic.ts";
import { holdsKey, maskKeys } from "../../src/diagnostics/mask-keys.ts";
import { didYouMean, nearest } from "../../src/diagnostics/nearest.ts";
import { printable } from "../../src/diagnostics/printable.ts";
import { describeValue, quote, quoteChoices } from "../../src/diagnostics/quote.ts";
import { locator } from "../../src/diagnostics/span.ts";

describe("nearest", () => {
  it.for([
    {
      name: "a letter left out",
      text: "maxAtempts",
      known: ["maxAttempts", "on"],
      near: "maxAttempts",
    },
    { name: "two letters swapped", text: "ues", known: ["use", "deny"], near: "use" },
    { name: "another case", text: "BaseURL", known: ["baseUrl"], near: "baseUrl" },
    { name: "nothing near", text: "banana", known: ["use", "deny"], near: undefined },
    { name: "two equally near", text: "gtx", known: ["gta", "gtb"], near: undefined },
    { name: "the same name known twice", text: "chat", known: ["chatt", "chatt"], near: "chatt" },
    {
      name: "a text too long to compare",
      text: "a".repeat(65),
      known: ["a".repeat(64)],
      near: undefined,
    },
  ])("finds what was meant: $name", ({ text, known, near }) => {
    expect(nearest(text, known)).toBe(near);
    expect(didYouMean(text, known)).toBe(
      near === undefined ? undefined : `did you mean \`${near}\`?`,
    );
  });

  it("always finds a name that is written right", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(names, fc.nat(), (known, seed) => {
        const text = known[seed % known.length] ?? "";
        expect(nearest(text, known)).toBe(text);
      }),
    );
  });
});

/** Put together here, so that nothing in the project has the form of a key. */
const letters = "Ab3dEf6hIj9lMn2pQr5tUv8x";

describe("maskKeys", () => {
  it.for([
    { name: "an OpenAI key", key: `sk-proj-${letters}` },
    { name: "an Anthropic key", key: `sk-ant-api03-${letters}` },
    { name: "an OpenRouter key", key: `sk-or-v1-${letters}` },
    { name: "a Groq key", key: `gsk_${letters}` },
    { name: "a Google key", key: `AIza${letters}${letters}` },
    { name: "an AWS key", key: `AKIA${letters.toUpperCase().slice(0, 16)}` },
    { name: "a GitHub token", key: `ghp_${letters}` },
    { name: "a bearer token", key: `Bearer ${letters}` },
  ])("masks $name and keeps places true", ({ key }) => {
    const text = `before ${key} after`;
    expect(holdsKey(text)).toBe(true);
    expect(maskKeys(text)).toBe(`before ${"*".repeat(key.length)} after`);
  });

  it.for([
    "claude-sonnet-4-5-20250929",
    "meta-llama/Llama-3.3-70B-Instruct-Turbo",
    "OPENAI_API_KEY",
    "sk-learn",
    "fw-accounts-fireworks-models",
    "hf_some_model_without_numbers",
  ])("leaves %s alone", (text) => expect(maskKeys(text)).toBe(text));
});

describe("quote", () => {
  it("keeps a text on one line, short, without backticks and without keys", () => {
    expect(quote("a\n  b`c")).toBe("`a b'c`");
    expect(quote("x".repeat(80))).toBe(`\`${"x".repeat(59)}…\``);
    expect(quote(`sk-${letters}`)).toBe(`\`${"*".repeat(letters.length + 3)}\``);
  });

  it("names values by type and text", () => {
    const named = ["a", "", 2, true, null, [], {}].map(describeValue);
    expect(named).toEqual([
      "the text `a`",
      "an empty text",
      "the number `2`",
      "`true`",
      "nothing",
      "a list",
      "a block",
    ]);
    expect(quoteChoices(["a", "b", "c"])).toBe("`a`, `b` or `c`");
    expect(quoteChoices(["a"])).toBe("`a`");
  });
});

describe("printable", () => {
  it("replaces what a terminal would obey, and keeps every place", () => {
    const text = "a\u001B[31mb\u202Ec\u200Bd\tü";
    expect(printable(text)).toBe("a\uFFFD[31mb\uFFFDc\uFFFDd\tü");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (any) => printable(any).length === any.length),
    );
  });
});

describe("locator", () => {
  it.for([
    { offset: 0, line: 1, column: 1 },
    { offset: 2, line: 1, column: 3 },
    { offset: 3, line: 2, column: 1 },
    { offset: 5, line: 3, column: 1 },
    { offset: 6, line: 3, column: 2 },
  ])("finds offset $offset at $line:$column", ({ offset, line, column }) => {
    expect(locator("ab\n\r\nc")(offset)).toEqual({ line, column });
  });

  it("agrees with splitting the text at line ends", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "\n", "é") });
    fc.assert(
      fc.property(texts, fc.nat(), (text, seed) => {
        const offset = seed % (text.length + 1);
        const lines = text.slice(0, offset).split("\n");
        const column = (lines.at(-1)?.length ?? 0) + 1;
        expect(locator(text)(offset)).toEqual({ line: lines.length, column });
      }),
    );
  });
});

describe("sortDiagnostics", () => {
  it("orders by file, place and code, and keeps equal ones in order", () => {
    const at = (file: string, start: number) => ({ file, span: { start, end: start + 1 } });
    const found = [
      diagnostic("SB202", "a", at("b", 5)),
      diagnostic("SB201", "b", at("b", 5)),
      diagnostic("SB801", "c", at("a", 9)),
      diagnostic("SB101", "first", at("b", 1)),
      diagnostic("SB101", "second", at("b", 1)),
    ];
    const order = sortDiagnostics(found).map(({ message }) => message);
    expect(order).toEqual(["c", "first", "second", "b", "a"]);
  });
});
