import { apis, needs } from "../terms/api.ts";
import { isJsonObject, type JsonObject } from "../terms/json.ts";
import { parseUsd } from "../terms/money.ts";
import type { DecisionRecord } from "./record.types.ts";

/**
 * What can be wrong with a line of a decision log. Append-only, like the codes of findings.
 *
 * @see docs/decisions.md
 */
export const recordProblemCodes = {
  DR001: "the line is not text",
  DR002: "the line is not JSON",
  DR003: "the line is a record of another format",
  DR004: "a member of the record is missing or is not what it should be",
  DR101: "the policy that made the decision makes another one now",
} as const;

export type RecordProblemCode = keyof typeof recordProblemCodes;

export interface RecordProblem {
  readonly code: RecordProblemCode;
  /** One line: what was expected and what was found. */
  readonly message: string;
}

export type ReadRecord =
  | { readonly kind: "record"; readonly record: DecisionRecord }
  | { readonly kind: "problem"; readonly problem: RecordProblem };

/** Reads one line of a decision log, and checks all of it that replaying rests on. */
export function readRecord(line: string): ReadRecord {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return problem("DR002", `expected a JSON object, found ${shown(line)}`);
  }
  if (!isJsonObject(parsed))
    return problem("DR002", `expected a JSON object, found ${shown(line)}`);
  if (parsed.format !== 1) {
    return problem("DR003", `expected \`format\` 1, found ${shown(JSON.stringify(parsed.format))}`);
  }
  const wrong = firstWrong(parsed, recordShape, "");
  if (wrong) return problem("DR004", wrong);
  return { kind: "record", record: parsed as unknown as DecisionRecord };
}

function problem(code: RecordProblemCode, message: string): ReadRecord {
  return { kind: "problem", problem: { code, message } };
}

/** Enough of a text to recognise it by, on one line. */
function shown(text: string | undefined): string {
  if (text === undefined) return "nothing";
  if (text.trim() === "") return "an empty line";
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `\`${short.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "·")}\``;
}

interface Expected {
  /** In words: `a text`. */
  readonly is: string;
  readonly holds: (value: unknown) => boolean;
  readonly isOptional?: true;
  /** What the members of an object must be. */
  readonly members?: Shape;
  /** What each member of an object, or each item of a list, must be. */
  readonly each?: Expected;
}

type Shape = Readonly<Record<string, Expected>>;

const text: Expected = { is: "a text", holds: (value) => typeof value === "string" };
const number: Expected = { is: "a number", holds: (value) => Number.isFinite(value) };
const count: Expected = {
  is: "a whole number of at least 0",
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
};
const flag: Expected = { is: "true or false", holds: (value) => typeof value === "boolean" };
const scalar: Expected = {
  is: "a text, a number or true or false",
  holds: (value) => text.holds(value) || number.holds(value) || flag.holds(value),
};
const usd: Expected = {
  is: "dollars as a decimal text",
  holds: (value) => typeof value === "string" && parseUsd(value) !== undefined,
};
const moment: Expected = {
  is: "a time in UTC such as 2026-11-22T09:00:00.000Z",
  holds: (value) =>
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
};

function object(members: Shape): Expected {
  return { is: "an object", holds: isJsonObject, members };
}

function map(each: Expected): Expected {
  return { is: "an object", holds: isJsonObject, each };
}

function list(each: Expected): Expected {
  return { is: "a list", holds: Array.isArray, each };
}

function optional(expected: Expected): Expected {
  return { ...expected, isOptional: true };
}

function orNull(expected: Expected): Expected {
  return {
    ...expected,
    is: `${expected.is} or null`,
    holds: (value) => value === null || expected.holds(value),
  };
}

function oneOf(values: readonly string[]): Expected {
  return { is: values.join(", "), holds: (value) => values.includes(value as string) };
}

const factsShape: Shape = {
  model: optional(text),
  api: oneOf(apis),
  stream: flag,
  needs: list(oneOf(needs)),
  inputTokens: count,
  inputTokensAtMost: count,
  outputTokens: optional(count),
  answers: count,
  serverTools: optional(list(text)),
  liftsWindow: optional(flag),
  steering: optional(map(list(text))),
  project: optional(text),
  user: optional(text),
  key: optional(text),
  attributes: map(scalar),
};

const viewShape: Shape = {
  nowMs: {
    is: "epoch milliseconds",
    holds: (value) => Math.abs(Number(value)) <= 8.64e15 && number.holds(value),
  },
  draw: {
    is: "a number from 0 to below 1",
    holds: (value) => typeof value === "number" && value >= 0 && value < 1,
  },
  breakers: map(
    object({ state: oneOf(["closed", "half-open", "open"]), untilMs: optional(number) }),
  ),
  holds: map(orNull(object({ because: text, untilMs: number }))),
  spent: map(object({ name: text, usd })),
  firstOutputMs: map(orNull(number)),
  hasCredential: map(flag),
};

const usageShape: Shape = {
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: optional(count),
  cacheWriteTokens: optional(count),
  cacheWrite1hTokens: optional(count),
  reasoningTokens: optional(count),
  inputAudioTokens: optional(count),
  outputAudioTokens: optional(count),
  reportedCost: optional(usd),
};

const recordShape: Shape = {
  requestId: text,
  at: moment,
  revision: text,
  facts: object(factsShape),
  view: object(viewShape),
  decision: object({ kind: oneOf(["route", "deny"]), revision: text }),
  passed: list(object({ target: text, because: text, detail: text })),
  attempts: list(
    object({
      number: count,
      target: text,
      outcome: text,
      reserved: optional(usd),
      cost: optional(usd),
      usage: optional(object(usageShape)),
    }),
  ),
  cost: orNull(usd),
  outcome: text,
};

/** The first member that is not what it should be, in words; `undefined` where all are. */
function firstWrong(value: JsonObject, shape: Shape, path: string): string | undefined {
  for (const [name, expected] of Object.entries(shape)) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member === undefined && expected.isOptional) continue;
    const wrong = wrongIn(member, expected, `${path}${name}`);
    if (wrong) return wrong;
  }
  return undefined;
}

function wrongIn(value: unknown, expected: Expected, path: string): string | undefined {
  if (!expected.holds(value)) {
    return `\`${path}\`: expected ${expected.is}, found ${shown(JSON.stringify(value))}`;
  }
  if (value === null || typeof value !== "object") return undefined;
  if (expected.members) return firstWrong(value as JsonObject, expected.members, `${path}.`);
  const { each } = expected;
  if (!each) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const wrong = wrongIn(member, each, `${path}.${name}`);
    if (wrong) return wrong;
  }
  return undefined;
}
