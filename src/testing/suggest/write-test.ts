import type { JsonValue } from "../../terms/json.ts";
import { isJsonObject } from "../../terms/json.ts";
import { formatUsd } from "../../terms/money.ts";
import { defaultMomentMs } from "../policy-test.ts";
import type { Suggestion } from "./suggest.ts";

/** Writes a suggested test as it would stand in a test file, an item of the list `tests`; ends with a line end. */
export function testText({ items, request, given, decision, target }: Suggestion): string {
  const { breakers, spend, nowMs } = given;
  const world = {
    ...(breakers && { breakers }),
    ...(spend && {
      spend: Object.fromEntries(
        Object.entries(spend).map(([name, nano]) => [name, `$${formatUsd(nano)}`]),
      ),
    }),
    ...(nowMs !== defaultMomentMs && { at: new Date(nowMs).toISOString().replace(".000Z", "Z") }),
  };
  const skipped = Object.fromEntries(decision.skipped.map((skip) => [skip.target, skip.because]));
  const expect = {
    ...(decision.route !== undefined && { route: decision.route }),
    ...(target !== undefined && { target }),
    ...(decision.skipped.length > 0 && { skipped }),
    ...(decision.kind === "deny" && { denied: decision.because }),
  };
  const lines = [
    `  - name: ${scalar(items.map(({ label }) => label).join("; "))}`,
    ...section("request", request as JsonValue),
    ...section("given", world),
    ...section("expect", expect),
  ];
  return `${lines.join("\n")}\n`;
}

function section(name: string, value: JsonValue): readonly string[] {
  return isJsonObject(value) && Object.keys(value).length === 0
    ? []
    : [`    ${name}: ${flow(value)}`];
}

/** A value in flow style: `{ model: query, attributes: { data: private } }`. */
function flow(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (!isJsonObject(value))
    return typeof value === "string" ? scalar(value) : JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => `${scalar(name)}: ${flow(inner ?? null)}`);
  return `{ ${members.join(", ")} }`;
}

/** A text without quotes where it cannot be taken for anything else. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z$][\w .$/-]*$/.test(text) && !text.endsWith(" ");
  const isWord = /^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain && !isWord ? text : JSON.stringify(text);
}
