import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { minimalInstance } from "../../src/providers/minimal-instance.ts";
import type { JsonObject, JsonValue } from "../../src/terms/json.ts";

const ajv = new Ajv2020({ strict: false });

const schemas: readonly (readonly [string, JsonObject, JsonValue])[] = [
  ["a constant", { const: 7 }, 7],
  ["the first choice", { enum: ["b", "a"] }, "b"],
  ["no type at all", {}, {}],
  [
    "required members only",
    { type: "object", required: ["a"], properties: { a: { type: "boolean" }, b: {} } },
    { a: false },
  ],
  [
    "a list of the least length",
    { type: "array", minItems: 2, items: { type: "integer" } },
    [0, 0],
  ],
  [
    "a tuple",
    { type: "array", prefixItems: [{ const: 1 }, { const: "x" }], minItems: 2 },
    [1, "x"],
  ],
  ["a text of the least length", { type: "string", minLength: 3 }, "xxx"],
  ["a bounded number", { type: "number", exclusiveMinimum: 2, maximum: 3 }, 2.5],
  ["a negative range", { type: "integer", maximum: -3 }, -3],
  ["a multiple", { type: "integer", minimum: 7, multipleOf: 5 }, 10],
  ["one of several types", { type: ["null", "string"] }, null],
  ["the first branch", { anyOf: [{ type: "string" }, { type: "null" }] }, ""],
  [
    "branches beside properties",
    {
      type: "object",
      required: ["a"],
      properties: { a: { const: 1 } },
      oneOf: [{ required: ["b"], properties: { b: { const: 2 } } }],
    },
    { a: 1, b: 2 },
  ],
  [
    "all parts of allOf",
    {
      allOf: [
        { type: "object", required: ["a"] },
        { required: ["b"], properties: { b: { const: 2 } } },
      ],
    },
    { a: null, b: 2 },
  ],
  ["a reference", { $ref: "#/$defs/x~1y", $defs: { "x/y": { const: 3 } } }, 3],
];

describe("the minimal instance of a schema", () => {
  it.for(schemas)("of %s", ([, schema, expected]) => {
    const value = minimalInstance(schema);
    expect(value).toEqual(expected);
    expect(ajv.validate(schema, value)).toBe(true);
  });

  it("ends where a schema refers to itself", () => {
    const schema = { type: "object", required: ["next"], properties: { next: { $ref: "#" } } };
    expect(JSON.stringify(minimalInstance(schema))).toContain("null");
  });

  it.for([undefined, null, true, [], "x"])("is null for %j, which is no schema", (schema) => {
    expect(minimalInstance(schema as JsonValue | undefined)).toBeNull();
  });

  it("keeps absurd lengths small", () => {
    expect(String(minimalInstance({ type: "string", minLength: 1e9 }))).toHaveLength(1000);
  });
});
