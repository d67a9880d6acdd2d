import { quote } from "../../diagnostics/quote.ts";

/** Words of the language's design that this version does not take, so that nobody takes them for a misspelling. */
const properties = new Set(["limits", "alertAt"]);

const values = new Set([
  "gemini",
  "vertex",
  "bedrock",
  "azure-openai",
  "mistral",
  "deepseek",
  "xai",
  "pydantic-gateway",
  "responses",
  "generateContent",
  "converse",
]);

/** A help line for properties and fields that are planned; `undefined` for all others. */
export function propertyNotYet(name: string): string | undefined {
  return properties.has(name) ? notYet(name) : undefined;
}

/** A help line for kinds and API formats that are planned; `undefined` for all others. */
export function valueNotYet(value: unknown): string | undefined {
  return typeof value === "string" && values.has(value) ? notYet(value) : undefined;
}

function notYet(word: string): string {
  return `${quote(word)} is not in this version yet`;
}
