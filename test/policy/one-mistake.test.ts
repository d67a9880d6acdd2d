import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { checkShape } from "../../src/policy/shape/check-shape.ts";
import { policySchema } from "../../src/policy/shape/definitions.ts";
import { plainData } from "../../src/policy/yaml/located.ts";
import { readYaml } from "../../src/policy/yaml/read-yaml.ts";
import { projectRoot } from "../support/cli-io.ts";
import { load } from "./support.ts";

type Path = readonly (string | number)[];
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function dataOf(file: string): Json {
  const { root } = readYaml(readFileSync(join(projectRoot, file), "utf8"), file);
  return JSON.parse(JSON.stringify(root && plainData(root)));
}

const samples = ["test/golden/ok/everything.yaml", "policies/design.yaml"].map(dataOf);

function* walk(
  value: Json,
  path: Path = [],
): Generator<{ readonly path: Path; readonly value: Json }> {
  yield { path, value };
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

/** Changes one place of a copy. */
function changed(
  value: Json,
  path: Path,
  change: (holder: Json, last: string | number) => Json,
): Json {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (rest.length === 0) return change(value, first);
  const inner = (value as { [key: string]: Json })[first] ?? null;
  const next = changed(inner, rest, change);
  if (Array.isArray(value)) return value.with(Number(first), next);
  return { ...(value as object), [first]: next };
}

function replaced(value: Json, path: Path, by: Json): Json {
  return changed(value, path, (holder, last) =>
    Array.isArray(holder) ? holder.with(Number(last), by) : { ...(holder as object), [last]: by },
  );
}

function renamed(value: Json, path: Path, name: string): Json {
  return changed(value, path, (holder, last) =>
    Object.fromEntries(
      Object.entries(holder as object).map(([key, inner]) => [key === last ? name : key, inner]),
    ),
  );
}

/** Below `params` anything goes. */
function isFree(path: Path): boolean {
  const at = path.indexOf("params");
  return at !== -1 && path.length > at + 2;
}

const maps = ["providers", "models", "attributes", "chains", "breakers", "retries"];

/** Keys that the language knows; the others are names that policies choose. */
function isProperty(path: Path): boolean {
  const chosen =
    (path.length === 2 && maps.includes(String(path[0]))) ||
    path.at(-2) === "labels" ||
    path.at(-2) === "set";
  return typeof path.at(-1) === "string" && !chosen && !isFree(path);
}

const leaves = samples.flatMap((data, sample) =>
  [...walk(data)]
    .filter(({ path, value }) => typeof value !== "object" && !isFree(path))
    .map(({ path }) => ({ sample, path })),
);

const properties = samples.flatMap((data, sample) =>
  [...walk(data)].filter(({ path }) => isProperty(path)).map(({ path }) => ({ sample, path })),
);

const known = new Set([
  ...properties.map(({ path }) => path.at(-1)),
  ...Array.from(JSON.stringify(policySchema).matchAll(/"(\w+)":/g), ([, name]) => name),
]);

/** Slips of the finger that make no other word of the language. */
const slip = fc.constantFrom<(name: string) => string>(
  (name) => `${name}x`,
  (name) => `${name}${name.at(-1)}`,
  (name) => name.slice(0, -1),
  (name) => name.slice(1),
  (name) => `${name.slice(0, -2)}${name.at(-1)}${name.at(-2)}`,
  (name) => `_${name}`,
  (name) => name.toUpperCase(),
  () => "quite-another-word",
);

function text(value: Json): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
}

describe("one mistake gives one finding", () => {
  it("begins with policies that have none", () => {
    for (const sample of samples) expect(load(text(sample)).found).toEqual([]);
    expect(leaves.length).toBeGreaterThan(150);
    expect(properties.length).toBeGreaterThan(150);
  });

  it("where any value is of a type that fits nowhere", () => {
    const wrong = fc.constantFrom<Json>(null, { "no-such-key": 1 }, [[]]);
    fc.assert(
      fc.property(fc.constantFrom(...leaves), wrong, ({ sample, path }, by) => {
        expect(
          load(text(replaced(samples[sample] ?? null, path, by))).messages,
          path.join("."),
        ).toHaveLength(1);
      }),
      { numRuns: 120 },
    );
  });

  it("where any property is misspelt", () => {
    fc.assert(
      fc.property(fc.constantFrom(...properties), slip, ({ sample, path }, misspell) => {
        const name = misspell(String(path.at(-1)));
        fc.pre(name !== "" && !known.has(name));
        const { messages } = load(text(renamed(samples[sample] ?? null, path, name)));
        expect(messages, `${path.join(".")} as ${name}`).toHaveLength(1);
      }),
      { numRuns: 120 },
    );
  });
});

describe("any value anywhere", () => {
  const values: readonly Json[] = [
    null,
    -1,
    1e21,
    "",
    "*",
    "a:b:c",
    "$",
    "\u{1F600}",
    [],
    {},
    [[]],
    { a: 1 },
  ];

  it("is taken, or refused at a place in the text", { timeout: 30_000 }, () => {
    const nodes = samples.flatMap((data, sample) =>
      [...walk(data)].slice(1).map(({ path }) => ({ sample, path })),
    );
    expect(nodes.length).toBeGreaterThan(500);
    for (const [index, { sample, path }] of nodes.entries()) {
      const value = values[index % values.length] ?? null;
      const source = text(replaced(samples[sample] ?? null, path, value));
      const { policy, found, spans } = load(source);
      const name = `${path.join(".")} = ${JSON.stringify(value)}`;
      expect(policy !== undefined || found.length > 0, name).toBe(true);
      const inside = spans.every(({ start, end }) => start <= end && end <= source.length);
      expect(inside, name).toBe(true);
    }
  });
});

/** Tells whether a match block tests a field that is neither built in nor declared. */
function misnames(data: Json): boolean {
  const declared = Object.keys((data as { attributes?: object }).attributes ?? {});
  const fields = [
    "anyOf",
    "model",
    "api",
    "stream",
    "needs",
    "inputTokens",
    "outputTokens",
    "project",
    "user",
    "key",
    "time",
  ];
  return [...walk(data)].some(
    ({ path }) => matchAt(path) && ![...fields, ...declared].includes(String(path.at(-1))),
  );
}

/** Whether a path ends at a field of a match block. */
function matchAt(path: Path): boolean {
  return path.at(-2) === "match" || (typeof path.at(-2) === "number" && path.at(-3) === "anyOf");
}

describe("our walk over the schema", () => {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
    discriminator: true,
  });
  const validate = ajv.compile(policySchema);

  it("finds something exactly where the schema as a whole does", () => {
    const places = samples.flatMap((data, sample) =>
      [...walk(data)].slice(1).map(({ path }) => ({ sample, path })),
    );
    const anything = fc.oneof(
      fc.constantFrom<Json>(
        null,
        0,
        -1,
        1.5,
        7,
        true,
        "",
        "a",
        "a:b",
        "a*",
        "$1",
        "5s",
        "5%",
        "32k",
        "sandbox",
        [],
        {},
        ["a"],
        [1, 1],
      ),
      fc.constantFrom<Json>(
        { use: "a" },
        { use: "a", name: "b" },
        { not: 1 },
        { gte: "1k" },
        { all: ["tools"] },
        { kind: "openai" },
      ),
      fc.constantFrom<Json>(
        { target: "a:b" },
        { env: "X" },
        { file: "x" },
        { with: "cut" },
        { values: [1] },
        { type: "string" },
        { use: "a", deny: "b" },
      ),
      fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
    );
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places), anything, ({ sample, path }, by) => {
        const source = text(replaced(samples[sample] ?? null, path, by));
        const { root } = readYaml(source, "p.yaml");
        fc.pre(root !== undefined);
        if (!root) return;
        const data = plainData(root);
        const ours = checkShape(root, data, "p.yaml");
        // A field of `match` that nobody declared passes the walk: its name is refused later.
        fc.pre(!misnames(data as Json));
        const whole = validate(JSON.parse(JSON.stringify(data)));
        refused += whole ? 0 : 1;
        expect(ours.length === 0, `${path.join(".")} = ${JSON.stringify(by)}`).toBe(whole);
      }),
      { numRuns: 250 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});
