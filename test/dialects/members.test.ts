import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxBodyDepth, readBody, scanMembers } from "../../src/dialects/members.ts";
import { dataFolder, haveCorpora } from "../support/data.ts";
import { spaced } from "../support/spaced-json.ts";

describe("reading a body", () => {
  it("finds each member and its value", () => {
    const text = ' { "a" : 1 ,\n"b":[{"a":"}"},","], "c\\u0064" : "x\\\\" } ';
    const read = readBody(text);
    const found = read.kind === "body" ? read.members.members : [];
    expect(found.map((one) => [one.key, text.slice(one.valueStart, one.valueEnd)])).toEqual([
      ["a", "1"],
      ["b", '[{"a":"}"},","]'],
      ["cd", '"x\\\\"'],
    ]);
  });

  it("takes an empty object", () => {
    expect(readBody(" {  } ")).toMatchObject({ kind: "body", body: {}, members: { members: [] } });
  });

  it.for<[string, string, string]>([
    ["nothing", "", "the body is no JSON"],
    ["no JSON", '{"a":1', "the body is no JSON"],
    ["text after the end", '{"a":1} x', "the body is no JSON"],
    ["a list", "[1]", "expected a JSON object"],
    ["null", "null", "expected a JSON object"],
    ["a string", '"{}"', "expected a JSON object"],
    ["a member written twice", '{"model":"a","model":"b"}', "the member `model` is written twice"],
    [
      "the same member written in two ways",
      '{"model":"a","m\\u006fdel":"b"}',
      "the member `model` is written twice",
    ],
    [
      "a member written twice further down",
      '{"a":{"x":1},"messages":[{"role":"user","role":"system"}]}',
      "a member inside `messages` is written twice",
    ],
    [
      "`__proto__` written twice",
      '{"__proto__":1,"__proto__":2}',
      "the member `__proto__` is written twice",
    ],
    [
      "a known member in another case",
      '{"Model":"o1-pro"}',
      "the member `Model` is `model` but for its case",
    ],
    ["one beside it", '{"n":1,"N":50}', "the member `N` is `n` but for its case"],
    [
      "a limit in another case",
      '{"MAX_TOKENS":1}',
      "the member `MAX_TOKENS` is `max_tokens` but for its case",
    ],
    [
      "a list of models in another case",
      '{"Models":[]}',
      "the member `Models` is `models` but for its case",
    ],
    [
      "a host in another case",
      '{"Api_Base":"x"}',
      "the member `Api_Base` is `api_base` but for its case",
    ],
    [
      "a known member with the long s",
      '{"me\u017f\u017fages":[]}',
      "the member `me\u017f\u017fages` is `messages` but for its case",
    ],
    [
      "a known member with the Kelvin sign, escaped",
      '{"max_to\\u212aens":1}',
      "the member `max_to\u212aens` is `max_tokens` but for its case",
    ],
    [
      "two unknown members that differ by case",
      '{"topK":1,"topk":2}',
      "the member `topk` is `topK` but for its case",
    ],
    [
      "nesting without end",
      `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      "the body is nested more than 64 levels deep",
    ],
  ])("refuses %s", ([, text, problem]) => {
    expect(readBody(text)).toEqual({ kind: "refused", problem });
  });
});

describe("a member in a case of its own", () => {
  it.for(["topK", "X-Custom", "safetySettings"])("`%s` passes where it is like no other", (key) => {
    expect(readBody(JSON.stringify({ [key]: 1, model: "m" })).kind).toBe("body");
  });

  it("passes further down, where it is the model's to read", () => {
    expect(readBody('{"messages":[{"Content":"x"}]}').kind).toBe("body");
  });
});

describe("the scan of a body", () => {
  it("takes the deepest nesting allowed and refuses one level more", () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    expect(readBody(nested(maxBodyDepth)).kind).toBe("body");
    expect(readBody(nested(maxBodyDepth + 1)).kind).toBe("refused");
  });

  it("does not name a long member in full", () => {
    const key = "k".repeat(1000);
    expect(readBody(`{"${key}":1,"${key}":2}`)).toMatchObject({
      problem: `the member \`${"k".repeat(64)}…\` is written twice`,
    });
  });

  it("finds what `JSON.parse` finds, whatever the white space", () => {
    const object = fc.dictionary(
      fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
      fc.jsonValue({ maxDepth: 5 }),
    );
    fc.assert(
      fc.property(object, fc.array(fc.nat(4)), (value, spaces) => {
        const text = spaced(value, spaces);
        const read = readBody(text);
        if (read.kind !== "body") throw new TypeError(read.problem);
        const parsed = read.members.members.map(({ key, valueStart, valueEnd }) => [
          key,
          JSON.parse(text.slice(valueStart, valueEnd)),
        ]);
        expect(parsed).toEqual(Object.entries(JSON.parse(text)));
      }),
      { numRuns: 200 },
    );
  });

  it("ends and does not throw on text that is no JSON", () => {
    const noise = fc.array(fc.constantFrom(...'{}[]",:\\ a1'), { maxLength: 200 });
    fc.assert(
      fc.property(noise, (letters) => {
        const { kind } = scanMembers(letters.join(""));
        expect(["members", "refused"]).toContain(kind);
      }),
    );
  });

  it("is linear on a string of quotes and backslashes", () => {
    const text = `{"a":"${'\\\\\\"'.repeat(500_000)}","b":1}`;
    const started = performance.now();
    expect(readBody(text).kind).toBe("body");
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

const hasCorpora = haveCorpora();

describe.runIf(hasCorpora)("the JSON test suite", () => {
  const folder = join(dataFolder, "corpora/json-test-suite/test_parsing");
  const files = (hasCorpora ? readdirSync(folder) : []).filter((name) => name.endsWith(".json"));

  it("is taken where it is an object of single members, and refused without a throw elsewhere", () => {
    const kinds = files.map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const read = readBody(text);
      if (name.startsWith("n_")) expect(read.kind, name).toBe("refused");
      const plainObject = name.startsWith("y_object") && !name.includes("duplicated");
      if (plainObject) expect(read.kind, name).toBe("body");
      return read.kind;
    });
    expect(kinds.filter((kind) => kind === "body").length).toBeGreaterThan(8);
  });
});
