import type { Code } from "../../diagnostics/codes.ts";
import type { JsonObject } from "../../terms/json.ts";
import { definitionOf, member, policySchema } from "./definitions.ts";
import { nearDuration, nearMoney, nearPercentage } from "./near-quantities.ts";

/** What a pattern of the schema stands for, in words. */
export interface Form {
  readonly code: Code;
  /** Goes after "expected". */
  readonly expected: string;
  /** An amount as it should be written, for quantities that were written as a bare number. */
  readonly withUnit?: (amount: string) => string;
  /** What a text was probably meant to say, in this form. */
  readonly near?: (text: string) => string | undefined;
  /** What to do about any text that has not the form. */
  readonly help?: string;
  /** What does not have the form may be a secret, and is not repeated. */
  readonly isSecret?: true;
}

const name: Form = {
  code: "SB105",
  expected: "a name of up to 64 lower-case letters, digits, `.`, `_` and `-`",
};
const variable: Form = { code: "SB105", expected: "the name of an environment variable" };
const money: Form = {
  code: "SB106",
  expected: "an amount of money such as `$1.50`",
  withUnit: (amount) => `$${amount}`,
  near: nearMoney,
};
const duration: Form = {
  code: "SB106",
  expected: "a duration such as `250ms`, `30s`, `10m` or `2h`",
  withUnit: (amount) => `${amount}s`,
  near: nearDuration,
};
const percentage: Form = {
  code: "SB106",
  expected: "a percentage such as `5.5%`",
  // Whoever writes 0.5 means one half.
  withUnit: (amount) => `${Number(amount) < 1 ? Number(amount) * 100 : amount}%`,
  near: nearPercentage,
};
const size: Form = { code: "SB106", expected: "a whole number or a size such as `32k`" };
const target: Form = {
  code: "SB110",
  expected: "a target as `provider:model`",
  help: "write the provider first, without a space, as in `openai:gpt-5`; a chain is `{ chain: name }`",
};
const admitted: Form = {
  code: "SB110",
  expected: "`provider:model`, where the model may hold one `*`",
};
const pattern: Form = { code: "SB110", expected: "a target or a pattern with at most one `*`" };

const date: Form = { code: "SB104", expected: "a date such as `2027-06-30`" };
const digest: Form = {
  code: "SB702",
  expected: "the SHA-256 digest of a key, 64 hexadecimal digits",
  isSecret: true,
};
const day: Form = { code: "SB104", expected: "a day such as `mon`, or a range such as `mon-fri`" };
const hours: Form = {
  code: "SB104",
  expected: "hours such as `09:00-17:30` or `22:00-06:00`",
};

/** The forms by the pattern that the schema gives them; each is read from a place where the schema uses it. */
const forms: ReadonlyMap<string, Form> = new Map([
  [patternAt("UseRoute", "use"), name],
  [patternAt("SecretFromEnv", "env"), variable],
  [patternAt("Ceiling", "limit"), money],
  [patternAt("Breaker", "window"), duration],
  [patternAt("Breaker", "errorRate"), percentage],
  [patternAt("Model", "window"), size],
  [patternAt("TargetStep", "target"), target],
  [String(itemsOf("RequestedStep", "requested").pattern), admitted],
  [String(member(definition("GlobList"), "items")?.pattern), pattern],
  [String(itemsOf("TimeTest", "days").pattern), day],
  [patternAt("Key", "expires"), date],
  [patternAt("DigestFromEnv", "default"), digest],
  [String(itemsOf("TimeTest", "hours").pattern), hours],
]);

/** Looks up the form that a pattern of a schema stands for; `undefined` for a plain text. */
export type FormOf = (schemaPattern: unknown) => Form | undefined;

/** The form that a pattern of the policy's schema stands for. */
export function formOf(schemaPattern: unknown): Form | undefined {
  return typeof schemaPattern === "string" ? forms.get(schemaPattern) : undefined;
}

/** Every pattern of the schema that has a form, for the test that none was forgotten. */
export const knownPatterns: ReadonlySet<string> = new Set(forms.keys());

function definition(definitionName: string): JsonObject {
  return definitionOf({ $ref: `#/$defs/${definitionName}` });
}

function propertyOf(definitionName: string, property: string): JsonObject {
  return member(member(definition(definitionName), "properties") ?? policySchema, property) ?? {};
}

function patternAt(definitionName: string, property: string): string {
  return String(propertyOf(definitionName, property).pattern);
}

function itemsOf(definitionName: string, property: string): JsonObject {
  return member(propertyOf(definitionName, property), "items") ?? {};
}
