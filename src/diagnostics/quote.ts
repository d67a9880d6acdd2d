import { maskSecrets } from "./mask-keys.ts";

const longest = 60;

/** Puts a policy's own text into a message: in backticks, on one line, shortened, with anything like a key masked. */
export function quote(text: string): string {
  const oneLine = maskSecrets(text).replace(/\s+/g, " ").replaceAll("`", "'");
  const short = oneLine.length > longest ? `${oneLine.slice(0, longest - 1)}…` : oneLine;
  return `\`${short}\``;
}

/** Lists choices for a message: `a`, `b` or `c`. */
export function quoteChoices(choices: readonly string[]): string {
  const quoted = choices.map(quote);
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}

/** Names a value for a message by its type and text: the number `2`, the text `x`, a list, nothing. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty text" : `the text ${quote(value)}`;
    case "number":
      return `the number ${quote(String(value))}`;
    case "boolean":
      return quote(String(value));
    default:
      return "a block";
  }
}
