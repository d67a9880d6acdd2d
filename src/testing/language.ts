import schema from "../../schema/policy-test.schema.json" with { type: "json" };
import type { Language } from "../policy/shape/check-shape.ts";
import {
  childSchema,
  definitionOf,
  member,
  withOwnDefinitions,
} from "../policy/shape/definitions.ts";
import { type Form, formOf } from "../policy/shape/forms.ts";
import type { JsonObject } from "../terms/json.ts";

/** The JSON Schema of test files. */
export const testSchema: JsonObject = withOwnDefinitions(schema as unknown as JsonObject);

const bucket: Form = {
  code: "SB105",
  expected: "a bucket such as `everyone-week` or `user-month{project=research,user=ann}`",
};
const moment: Form = { code: "SB106", expected: "a moment such as `2026-11-22T09:00:00Z`" };
const cost: Form = {
  code: "SB106",
  expected: "an amount such as `$0.02`, or a bound such as `<= $0.02`",
  withUnit: (amount) => `<= $${amount}`,
};
const attempt: Form = {
  code: "SB110",
  expected: "an attempt as `provider:model outcome`, such as `openai:gpt-5 timeout`",
};

/** The forms that test files have beside those of policies, by their pattern in the schema. */
const ownForms: ReadonlyMap<unknown, Form> = new Map([
  [member(property("Given", "spend"), "propertyNames")?.pattern, bucket],
  [property("Given", "at").pattern, moment],
  [property("Expect", "cost").pattern, cost],
  [member(definition("AttemptList"), "items")?.pattern, attempt],
]);

/** The language of test files. */
export const testLanguage: Language = {
  schema: testSchema,
  formOf: (pattern) => ownForms.get(pattern) ?? formOf(pattern),
};

function definition(name: string): JsonObject {
  return definitionOf(member(member(testSchema, "$defs") ?? {}, name) ?? {});
}

function property(name: string, key: string): JsonObject {
  return childSchema(definition(name), key) ?? {};
}
