import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { definitionOf } from "../../src/policy/shape/definitions.ts";
import { becauses, failureClasses, holdingClasses } from "../../src/terms/failure-class.ts";
import { isJsonObject, type JsonObject } from "../../src/terms/json.ts";
import { checkTests } from "../../src/testing/check-tests.ts";
import { testLanguage, testSchema } from "../../src/testing/language.ts";
import { loadTests } from "../../src/testing/load-tests.ts";
import { defaultMomentMs } from "../../src/testing/policy-test.ts";
import { projectRoot } from "../support/cli-io.ts";
import { found, loadedTests, ready, smallPolicy, testFile } from "./support.ts";

describe("a test file", () => {
  it("is read into numbers, with a world that is healthy unless it says otherwise", () => {
    const { tests, policy } = loadedTests(
      testFile(`  - name: a
    request: { model: x, inputTokens: 2k, outputTokens: 10 }
    given: { spend: { day: $0.5 }, firstOutput: { "big:a": 250ms }, withoutKey: [big], at: 2026-11-22T10:00:00+01:00 }
    expect: { cost: "<= $0.02" }
  - { name: b, expect: { cost: $1.5 } }
`),
    );
    expect(policy).toBe("p.yaml");
    expect(tests[0]).toMatchObject({
      name: "a",
      index: 0,
      request: { model: "x", inputTokens: 2000, outputTokens: 10 },
      given: {
        nowMs: Date.UTC(2026, 10, 22, 9),
        spend: { day: 500_000_000 },
        firstOutputMs: { "big:a": 250 },
        withoutCredential: ["big"],
      },
      expect: { cost: { kind: "at most", nano: 20_000_000 } },
    });
    expect(tests[1]).toMatchObject({
      request: {},
      given: { nowMs: defaultMomentMs },
      expect: { cost: { kind: "exactly", nano: 1_500_000_000 } },
    });
  });

  const one = (member: string) => testFile(`  - { name: a, expect: { route: rest }, ${member} }\n`);
  const expecting = (member: string) => testFile(`  - { name: a, expect: { ${member} } }\n`);

  it.for([
    { name: "nothing at all", text: "", found: ["SB011 "] },
    { name: "no tests", text: "policy: p.yaml\ntests: []\n", found: ["SB109 tests"] },
    { name: "no list of tests", text: "policy: p.yaml\n", found: ["SB102 policy"] },
    {
      name: "a test without expectations",
      text: testFile("  - { name: a }\n"),
      found: ["SB102 name"],
    },
    {
      name: "empty expectations",
      text: testFile("  - { name: a, expect: {} }\n"),
      found: ["SB109 expect"],
    },
    { name: "a misspelt member", text: expecting("rout: rest"), found: ["SB101 rout"] },
    {
      name: "two tests of one name",
      text: testFile(
        "  - { name: a, expect: { route: rest } }\n  - { name: a, expect: { route: rest } }\n",
      ),
      found: ["SB209 a"],
    },
    { name: "money without its sign", text: expecting("cost: 0.02"), found: ["SB106 0.02"] },
    { name: "a bound of another sort", text: expecting('cost: "< $1"'), found: ['SB106 "< $1"'] },
    {
      name: "more money than there is",
      text: expecting("cost: $99999999"),
      found: ["SB107 $99999999"],
    },
    {
      name: "spend without its sign",
      text: one("given: { spend: { day: 1 } }"),
      found: ["SB106 1"],
    },
    {
      name: "more spent than there is",
      text: one("given: { spend: { day: $99999999 } }"),
      found: ["SB107 $99999999"],
    },
    {
      name: "a moment without an offset",
      text: one("given: { at: 2026-11-22T09:00:00 }"),
      found: ["SB106 2026-11-22T09:00:00"],
    },
    {
      name: "a day that is in no calendar",
      text: one("given: { at: 2026-02-30T09:00:00Z }"),
      found: ["SB107 2026-02-30T09:00:00Z"],
    },
    {
      name: "a state that breakers have not",
      text: one('given: { breakers: { "big:a": opne } }'),
      found: ["SB104 opne"],
    },
    {
      name: "an outcome that attempts have not",
      text: one('given: { faults: { "big:a": [timout] } }'),
      found: ["SB104 timout"],
    },
    {
      name: "an attempt without its outcome",
      text: expecting('attempts: ["big:a"]'),
      found: ['SB110 "big:a"'],
    },
    { name: "a target without provider", text: expecting("target: big"), found: ["SB110 big"] },
    {
      name: "an unknown target in given",
      text: one('given: { holds: { "bgi:a": auth } }'),
      found: ['SB221 "bgi:a"'],
    },
    {
      name: "a model that no chain writes",
      text: one('given: { breakers: { "small:x": open } }'),
      found: ['SB221 "small:x"'],
    },
    {
      name: "an unknown target in faults",
      text: one('given: { faults: { "desk:x": [ok] } }'),
      found: ['SB221 "desk:x"'],
    },
    {
      name: "an unknown provider",
      text: one("given: { withoutKey: [bag] }"),
      found: ["SB221 bag"],
    },
    {
      name: "an unknown ceiling",
      text: one("given: { spend: { dya: $1 } }"),
      found: ["SB221 dya"],
    },
    {
      name: "a bucket without its value",
      text: one("given: { spend: { mine: $1 } }"),
      found: ["SB221 mine"],
    },
    {
      name: "a bucket of another field",
      text: one('given: { spend: { "mine{team=x}": $1 } }'),
      found: ['SB221 "mine{team=x}"'],
    },
    {
      name: "a bucket with too much",
      text: one('given: { spend: { "day{user=x}": $1 } }'),
      found: ['SB221 "day{user=x}"'],
    },
    {
      name: "an undeclared attribute",
      text: one("request: { attributes: { dta: private } }"),
      found: ["SB204 dta"],
    },
    {
      name: "an undeclared value",
      text: one("request: { attributes: { data: privat } }"),
      found: ["SB205 privat"],
    },
    { name: "an unknown route", text: expecting("route: rset"), found: ["SB221 rset"] },
    { name: "an unknown chain", text: expecting("chain: mian"), found: ["SB221 mian"] },
    { name: "an unknown target", text: expecting('target: "small:b"'), found: ['SB221 "small:b"'] },
    {
      name: "an unknown target in a plan",
      text: expecting('plan: ["big:a", "small:b"]'),
      found: ['SB221 "small:b"'],
    },
    {
      name: "an unknown target in attempts",
      text: expecting('attempts: ["small:b ok"]'),
      found: ['SB221 "small:b ok"'],
    },
    {
      name: "an unknown target in skips",
      text: expecting('skipped: { "small:b": hold }'),
      found: ['SB221 "small:b"'],
    },
  ])("has its finding in its place for $name", ({ text, found: expected }) => {
    expect(found(text)).toEqual(expected);
  });

  it.for([
    {
      name: "a target that callers may name",
      text: one('given: { breakers: { "big:anything": open } }'),
    },
    { name: "a bucket with its value", text: one('given: { spend: { "mine{user=ann}": $1 } }') },
    { name: "a bucket of nobody", text: one('given: { spend: { "mine{user=(none)}": $1 } }') },
    {
      name: "a bucket whose value is written as JSON",
      text: one(`given: { spend: { 'mine{user="a, b"}': $1 } }`),
    },
    { name: "no attempts", text: expecting("denied: policy, attempts: []") },
  ])("has no finding for $name", ({ text }) => expect(found(text)).toEqual([]));

  it("is told where its request is refused before it is routed", () => {
    const keyed = `${smallPolicy}keys: [{ name: ci, sha256: { env: CI }, project: x, expires: "2026-01-01" }]\n`;
    const { linked } = ready(keyed);
    const text = one("request: { key: ci }");
    const loaded = loadedTests(text);
    const [refused, ...rest] = checkTests(loaded, linked.program);
    expect(rest).toEqual([]);
    expect(refused).toMatchObject({ code: "SB205", message: "the key `ci` has expired" });
    expect(text.slice(refused?.span.start, refused?.span.end)).toBe("ci");
  });

  it("says what was probably meant", () => {
    const { diagnostics } = loadTests(expecting("rout: rest"), "p.test.yaml");
    expect(diagnostics.map(({ help }) => help)).toEqual(["did you mean `route`?"]);
  });
});

/** Every schema in the schema. */
function* nodesOf(
  value: unknown,
  at = "",
): Generator<{ readonly at: string; readonly node: JsonObject }> {
  if (Array.isArray(value))
    for (const [index, each] of value.entries()) yield* nodesOf(each, `${at}/${index}`);
  if (!isJsonObject(value)) return;
  yield { at, node: value };
  for (const [key, inner] of Object.entries(value)) yield* nodesOf(inner, `${at}/${key}`);
}

describe("policy-test.schema.json", () => {
  const nodes = [...nodesOf(testSchema)];
  const at = (place: string) => nodes.find((each) => each.at === place)?.node ?? {};

  it("describes every property, in a sentence", () => {
    const properties = nodes.filter((each) => /\/properties\/[^/]+$/.test(each.at));
    expect(properties.length).toBeGreaterThan(30);
    const silent = properties.filter(
      ({ node }) => !/^[A-Z`].+\.$/.test(String(definitionOf(node).description)),
    );
    expect(silent.map((each) => each.at)).toEqual([]);
  });

  it("has words for every pattern", () => {
    const patterns = nodes.flatMap(({ node }) =>
      typeof node.pattern === "string" ? [node.pattern] : [],
    );
    expect(patterns.filter((pattern) => !testLanguage.formOf(pattern))).toEqual([]);
  });

  it("lists the words that the code knows", () => {
    const outcomes = failureClasses.filter((each) => each !== "cancelled");
    expect(at("/$defs/Expect/properties/denied").enum).toEqual([...becauses]);
    expect(at("/$defs/Outcomes/items").enum).toEqual(["ok", ...outcomes]);
    expect(String(at("/$defs/AttemptList/items").pattern)).toContain(`(ok|${outcomes.join("|")})$`);
    const holds = at("/$defs/Given/properties/holds/additionalProperties").enum;
    expect(new Set(holds as string[])).toEqual(new Set(holdingClasses));
  });

  it("finds something exactly where the schema as a whole does", () => {
    const ajv = new Ajv2020({
      strict: true,
      strictRequired: false,
      strictTypes: false,
      allowUnionTypes: true,
    });
    const validate = ajv.compile(testSchema);
    const sample = JSON.parse(
      JSON.stringify({
        policy: "p.yaml",
        tests: [
          {
            name: "a",
            request: { model: "m", needs: ["tools"], inputTokens: "2k", attributes: { data: "x" } },
            given: {
              breakers: { "a:b": "open" },
              spend: { day: "$1" },
              seed: 1,
              faults: { "a:b": ["ok"] },
            },
            expect: { route: "r", attempts: ["a:b ok"], skipped: { "a:b": "hold" }, cost: "$1" },
          },
        ],
      }),
    );
    const places = [...leaves(sample, [])];
    const anything = fc.constantFrom<unknown>(
      null,
      0,
      -1,
      1.5,
      true,
      "",
      "a",
      "a:b",
      "a:b ok",
      "$1",
      "2k",
      [],
      {},
      ["tools"],
      { a: 1 },
      { "a:b": "open" },
    );
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places), anything, (path, by) => {
        const data = structuredClone(sample);
        put(data, path, by);
        const whole = validate(data);
        refused += whole ? 0 : 1;
        const { diagnostics } = loadTests(stringify(data, { lineWidth: 0 }), "t.test.yaml");
        expect(diagnostics.length === 0, `${path.join(".")} = ${JSON.stringify(by)}`).toBe(whole);
      }),
      { numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});

function* leaves(value: unknown, path: readonly string[]): Generator<readonly string[]> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key]);
}

function put(data: unknown, path: readonly string[], by: unknown): void {
  let holder = data as Record<string, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  holder[path.at(-1) ?? ""] = by;
}

describe("the policies' own tests", () => {
  it.for(["minimal", "deepresearcher2", "design", "demo"])(
    "%s.test.yaml is well formed",
    (name) => {
      const text = readFileSync(join(projectRoot, `policies/${name}.test.yaml`), "utf8");
      expect(loadTests(text, name).diagnostics).toEqual([]);
      expect(loadTests(text, name).tests?.policy).toBe(`${name}.yaml`);
    },
  );
});
