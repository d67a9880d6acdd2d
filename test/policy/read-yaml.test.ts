import { describe, expect, it } from "vitest";
import { decodeUtf8 } from "../../src/policy/decode-utf8.ts";
import { keySpan, plainData, valueSpan } from "../../src/policy/yaml/located.ts";
import { readYaml } from "../../src/policy/yaml/read-yaml.ts";

/** Each finding as its code and the text that it points at. */
function found(text: string): readonly string[] {
  const outcome = readYaml(text, "p.yaml");
  expect(outcome.root === undefined).toBe(outcome.found.length > 0);
  return outcome.found.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);
}

describe("readYaml", () => {
  it.for([
    { name: "a bracket that is never closed", text: "a: [1, 2\nb: 3\n", codes: ["SB003"] },
    { name: "a tab that indents", text: "a:\n\tb: 1\n", codes: ["SB003 \t"] },
    { name: "an unknown escape", text: 'a: "\\q"\n', codes: ["SB003"] },
    { name: "a key over two lines", text: "a\nb: 1\n", codes: ["SB003"] },
    { name: "a pattern without quotes", text: "a: *-mini\n", codes: ["SB004 *-mini"] },
    { name: "a lone star", text: "a: [*]\n", codes: ["SB004 *"] },
    { name: "an anchor and its alias", text: "a: &x 1\nb: *x\n", codes: ["SB004 &x", "SB004 *x"] },
    { name: "an alias to itself", text: "&a [*a]\n", codes: ["SB004 &a", "SB004 *a"] },
    { name: "a merge key", text: "a: { <<: { b: 1 } }\n", codes: ["SB004 <<"] },
    { name: "a local tag", text: "a: !env X\n", codes: ["SB005 !env"] },
    { name: "a global tag", text: "a: !!binary aGk=\n", codes: ["SB005 !!binary"] },
    { name: "a directive", text: "%YAML 1.1\n---\na: 1\n", codes: ["SB006 %YAML 1.1"] },
    { name: "two documents", text: "a: 1\n---\nb: 2\n", codes: ["SB007 "] },
    { name: "an empty second document", text: "a: 1\n---\n", codes: ["SB007 "] },
    { name: "a zero-width space", text: "a\u200Bb: 1\n", codes: ["SB008 \u200B"] },
    {
      name: "bidirectional marks, each",
      text: "a: \u202Ex\u2066\n",
      codes: ["SB008 \u202E", "SB008 \u2066"],
    },
    { name: "a no-break space", text: "a:\u00A01\n", codes: ["SB008 \u00A0"] },
    { name: "NUL", text: 'a: "\u0000"\n', codes: ["SB008 \u0000"] },
    { name: "a lone surrogate", text: "a: \uD800\n", codes: ["SB008 \uD800"] },
    { name: "an invisible tag character", text: "a: \u{E0041}\n", codes: ["SB008 \u{E0041}"] },
    { name: "a carriage return inside a line", text: "a: 1\rb: 2\n", codes: ["SB008 \r"] },
    { name: "a byte order mark in the middle", text: "a: \uFEFF1\n", codes: ["SB008 \uFEFF"] },
    { name: "a key twice", text: "a: 1\nb: 2\na: 3\n", codes: ["SB009 a"] },
    {
      name: "a key twice in one nested map, and again",
      text: "m: { a: 1, a: 2, a: 3 }\n",
      codes: ["SB009 a", "SB009 a"],
    },
    { name: "a list as a key", text: "[a]: 1\n", codes: ["SB010"] },
    { name: "a map as a key", text: "? { a: 1 }\n: 2\n", codes: ["SB010"] },
    { name: "nothing", text: "", codes: ["SB011 "] },
    { name: "a comment alone", text: "# nothing\n", codes: ["SB011 "] },
    { name: "a document marker alone", text: "---\n", codes: ["SB011 "] },
    {
      name: "an integer over 2^53",
      text: "a: 9007199254740993\n",
      codes: ["SB012 9007199254740993"],
    },
    {
      name: "infinity, not a number, overflow",
      text: "a: [.inf, .nan, 1e400]\n",
      codes: ["SB012 .inf", "SB012 .nan", "SB012 1e400"],
    },
    { name: "a text of more than 64 KiB", text: `a: ${"x".repeat(70_000)}\n`, codes: ["SB002 x"] },
  ])("refuses $name", ({ text, codes }) => {
    const all = found(text);
    expect(
      all.map((each, index) => (codes[index]?.length === 5 ? each.slice(0, 5) : each)),
    ).toEqual(codes);
  });

  it.for<{ name: string; text: string; data: object }>([
    {
      name: "YAML 1.1 booleans are texts",
      text: "a: [no, yes, on, off]",
      data: { a: ["no", "yes", "on", "off"] },
    },
    { name: "base-60 numbers are texts", text: "a: 1:30", data: { a: "1:30" } },
    { name: "a leading zero is decimal", text: "a: 0777", data: { a: 777 } },
    { name: "dates are texts", text: "a: 2026-11-22", data: { a: "2026-11-22" } },
    {
      name: "money and percentages are texts",
      text: "a: $1.50\nb: 5.5%",
      data: { a: "$1.50", b: "5.5%" },
    },
    { name: "numbers as keys are texts", text: "1: a\n2.50: b", data: { "1": "a", "2.50": "b" } },
    { name: "an empty value is null", text: "a:\nb: ~", data: { a: null, b: null } },
    { name: "one document marker may lead", text: "---\na: 1\n", data: { a: 1 } },
    { name: "one document may be ended", text: "a: 1\n...\n", data: { a: 1 } },
    { name: "Windows line ends are line ends", text: "a: 1\r\nb: 2\r\n", data: { a: 1, b: 2 } },
    { name: "escapes in double quotes", text: 'a: "\\u00A0"', data: { a: "\u00A0" } },
    { name: "an emoji", text: "a: 🚂", data: { a: "🚂" } },
    {
      name: "keys with the names of prototypes",
      text: "constructor: 1\ntoString: 2",
      data: { constructor: 1, toString: 2 },
    },
  ])("reads YAML 1.2: $name", ({ text, data }) => {
    const { root, found: none } = readYaml(text, "p.yaml");
    expect(none).toEqual([]);
    expect(JSON.parse(JSON.stringify(root && plainData(root)))).toEqual(data);
  });

  it("lets no key reach a prototype", () => {
    const { root } = readYaml('"__proto__": { polluted: true }\na: {}\n', "p.yaml");
    const data = (root ? plainData(root) : {}) as Record<string, unknown>;
    expect(Object.getPrototypeOf(data)).toBe(null);
    expect(Object.keys(data)).toEqual(["__proto__", "a"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.for([64, 65])("counts levels: %d lists in one another", (depth) => {
    expect(found(`${"[".repeat(depth)}${"]".repeat(depth)}\n`).length).toBe(depth > 64 ? 1 : 0);
  });

  it.for([64, 65])("counts levels: %d blocks in one another", (depth) => {
    const text = Array.from({ length: depth }, (_, level) => `${" ".repeat(level)}a:\n`).join("");
    expect(found(text).map((each) => each.slice(0, 5))).toEqual(depth > 64 ? ["SB002"] : []);
  });

  it.for([
    { name: "opening brackets", text: "[".repeat(1_000_000) },
    { name: "dashes", text: "- ".repeat(1_000_000) },
    { name: "comments", text: "# a\n".repeat(1_000_000) },
    { name: "blank lines", text: "\n".repeat(4_000_000) },
    {
      name: "keys of one map",
      text: Array.from({ length: 100_000 }, (_, n) => `k${n}: 1\n`).join(""),
    },
    { name: "the same key", text: "a: 1\n".repeat(15_000) },
    { name: "quotes that never end", text: `a: "${"x\n".repeat(1_000_000)}` },
    { name: "a plain text over many lines", text: `a:\n${"  x y\n".repeat(500_000)}` },
    { name: "aliases", text: `a: [${"*a, ".repeat(500_000)}]` },
    { name: "colons", text: ": ".repeat(1_000_000) },
    { name: "more than 4 MiB", text: `a: 1 #${"x".repeat(5_000_000)}` },
  ])("gives up in good time on a file of $name", { timeout: 8000 }, ({ text }) => {
    expect(found(text).length).toBeGreaterThan(0);
  });
});

describe("places", () => {
  const text = "a:\n  b: [x, 2]   # note\n  c:\nd: { e: long text }\n";
  const { root } = readYaml(text, "p.yaml");

  it.for<{ path: (string | number)[]; key: string; value: string }>([
    { path: ["a", "b"], key: "b", value: "[x, 2]" },
    { path: ["a", "b", 1], key: "2", value: "2" },
    { path: ["a", "c"], key: "c", value: "c" },
    { path: ["d"], key: "d", value: "{ e: long text }" },
    { path: ["d", "e"], key: "e", value: "long text" },
    { path: ["d", "f", "g"], key: "d", value: "{ e: long text }" },
    { path: ["a"], key: "a", value: "b: [x, 2]   # note\n  c:" },
    { path: [], key: "a", value: text.trimEnd() },
  ])("finds key and value at $path", ({ path, key, value }) => {
    const cut = (span: { start: number; end: number }) => text.slice(span.start, span.end);
    if (!root) throw new TypeError("the text is YAML");
    expect([cut(keySpan(root, path)), cut(valueSpan(root, path))]).toEqual([key, value]);
  });
});

describe("decodeUtf8", () => {
  it("leaves out a byte order mark", () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), "p")).toEqual({
      kind: "text",
      text: "a",
    });
  });

  it.for([
    { name: "Latin-1", bytes: [0x61, 0x0a, 0xe9, 0x62], at: 2, help: "save it as UTF-8" },
    { name: "an overlong form", bytes: [0xc0, 0xaf], at: 0, help: "save it as UTF-8" },
    { name: "a surrogate", bytes: [0x61, 0xed, 0xa0, 0x80], at: 1, help: "save it as UTF-8" },
    {
      name: "a character cut at the end",
      bytes: [0x61, 0xe2, 0x82],
      at: 1,
      help: "save it as UTF-8",
    },
    {
      name: "UTF-16",
      bytes: [0xff, 0xfe, 0x61, 0x00],
      at: 0,
      help: "it looks like UTF-16: save it as UTF-8",
    },
  ])("refuses $name, at its place", ({ bytes, at, help }) => {
    expect(decodeUtf8(Uint8Array.from(bytes), "p")).toMatchObject({
      kind: "refused",
      diagnostic: { code: "SB001", help, span: { start: at } },
    });
  });

  it("refuses more than 4 MiB", () => {
    expect(decodeUtf8(new Uint8Array(4 * 1024 * 1024 + 1), "p")).toMatchObject({
      kind: "refused",
      diagnostic: { code: "SB002" },
    });
  });
});
