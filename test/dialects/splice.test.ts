import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Edit, sameJson, spliceMembers } from "../../src/dialects/splice.ts";
import type { JsonValue } from "../../src/terms/json.ts";
import { spaced } from "../support/spaced-json.ts";

describe("splicing members", () => {
  it.for<[string, string, Record<string, JsonValue | undefined>, string, readonly string[]]>([
    ["sets one", '{"a":1, "b" : 2}', { b: [3] }, '{"a":1, "b" : [3]}', ["set b"]],
    ["adds one", '{"a":1}', { b: "x" }, '{"a":1,"b":"x"}', ["added b"]],
    ["adds one to nothing", "{ }", { b: "x" }, '{"b":"x"}', ["added b"]],
    ["removes the first", '{"a":1, "b":2}', { a: undefined }, '{ "b":2}', ["removed a"]],
    ["removes the last", '{"a":1, "b":2}', { b: undefined }, '{"a":1}', ["removed b"]],
    ["removes the only one", '{"a":1}', { a: undefined }, "{}", ["removed a"]],
    ["removes what is not there", '{"a":1}', { b: undefined }, '{"a":1}', []],
    ["sets what it is", '{"a": 1.0}', { a: 1 }, '{"a": 1.0}', []],
    [
      "sets what it is, in another order",
      '{"a":{"x":1,"y":[2]}}',
      { a: { y: [2], x: 1 } },
      '{"a":{"x":1,"y":[2]}}',
      [],
    ],
    [
      "leaves a member of the same name further down",
      '{"a":{"b":1},"b":"\\"b\\":2"}',
      { b: 3 },
      '{"a":{"b":1},"b":3}',
      ["set b"],
    ],
    ["knows an escaped name", '{"\\u0061":1}', { a: 2 }, '{"\\u0061":2}', ["set a"]],
    [
      "keeps numbers as they are written",
      '{"seed":12345678901234567890,"a":1}',
      { a: 2 },
      '{"seed":12345678901234567890,"a":2}',
      ["set a"],
    ],
  ])("%s", ([, text, edits, body, changed]) => {
    const spliced = spliceMembers(text, asEdits(edits));
    expect(spliced.body).toBe(body);
    expect(spliced.changed.map(({ change, member }) => `${change} ${member}`)).toEqual(changed);
  });
});

describe("a splice", () => {
  it("tells why, by the last of two edits of one member", () => {
    const edits: readonly Edit[] = [
      { member: "a", value: 2, why: "first" },
      { member: "a", value: 3, why: "second" },
    ];
    expect(spliceMembers('{"a":1}', edits)).toEqual({
      body: '{"a":3}',
      changed: [{ member: "a", change: "set", why: "second" }],
    });
  });

  it("lists changes in the order of the edits", () => {
    const edits = ["b", "c", "a"].map((member) => ({ member, value: 2, why: "a test" }));
    const { changed } = spliceMembers('{"a":1,"b":1}', edits);
    expect(changed.map(({ member }) => member)).toEqual(["b", "c", "a"]);
  });

  it("gives the same as editing the parsed object, and keeps every other byte", () => {
    const object = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 }));
    const edits = fc.dictionary(
      fc.string({ maxLength: 3 }),
      // Written and read back, as JSON has no -0.
      fc.option(
        fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value))),
        { nil: undefined },
      ),
    );
    fc.assert(
      fc.property(object, edits, fc.array(fc.nat(4)), (value, wanted, spaces) => {
        const text = spaced(value, spaces);
        const { body, changed } = spliceMembers(text, asEdits(wanted as Record<string, JsonValue>));
        expect(JSON.parse(body)).toEqual(edited(JSON.parse(text), wanted));
        const touched = new Set(changed.map((change) => change.member));
        expect(untouched(body, touched)).toEqual(untouched(text, touched));
        if (touched.size === 0) expect(body).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it("does nothing where every edit says what the text says", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.array(fc.nat(4)), (value, spaces) => {
        const text = spaced(value, spaces);
        const same = asEdits(JSON.parse(text) as Record<string, JsonValue>);
        expect(spliceMembers(text, same)).toEqual({ body: text, changed: [] });
      }),
    );
  });
});

describe("sameness of JSON", () => {
  it.for<[JsonValue, JsonValue, boolean]>([
    [1, 1, true],
    [1, "1", false],
    [null, {}, false],
    [[], {}, false],
    [[1, 2], [2, 1], false],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: undefined }, {}, true],
    [{ a: { b: [null] } }, { a: { b: [null] } }, true],
  ])("%j and %j: %s", ([left, right, same]) => {
    expect(sameJson(left, right)).toBe(same);
    expect(sameJson(right, left)).toBe(same);
  });
});

function asEdits(wanted: Record<string, JsonValue | undefined>): readonly Edit[] {
  return Object.entries(wanted).map(([member, value]) => ({ member, value, why: "a test" }));
}

function edited(value: object, wanted: object): unknown {
  const members = new Map(Object.entries(value));
  for (const [key, one] of Object.entries(wanted)) {
    if (one === undefined) members.delete(key);
    else members.set(key, one);
  }
  return Object.fromEntries(members);
}

/** Each member that was not touched, with its bytes. */
function untouched(text: string, touched: ReadonlySet<string>): readonly string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const token of text
    .trim()
    .slice(1, -1)
    .match(/"(?:[^"\\]|\\.)*"|[{}[\],]|[^"{}[\],]+/gs) ?? []) {
    if ("{[".includes(token)) depth++;
    if ("]}".includes(token)) depth--;
    if (token === "," && depth === 0) parts.push("");
    else parts.push(`${parts.pop()}${token}`);
  }
  return parts.filter((part) => {
    const key = Object.keys(JSON.parse(`{${part}}`) as object)[0];
    return key !== undefined && !touched.has(key);
  });
}
