import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import { foldedName, knownMembers } from "./known-members.ts";

/** Where one top-level member of a JSON object stands in its text; string indices, ends exclusive. */
export interface Member {
  readonly key: string;
  /** After the `{` or the comma before it: its white space is its own. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** At the comma or the `}` after it. */
  readonly end: number;
}

/** The top-level members of an object's text. */
export interface Members {
  readonly kind: "members";
  readonly members: readonly Member[];
  /** Members at every depth, duplicates counted. */
  readonly count: number;
  /** Index after the first `{`, and of the last `}`. */
  readonly open: number;
  readonly close: number;
}

/** A body as the rest works with it: its text, what it says, and where. */
export interface JsonBody {
  readonly kind: "body";
  readonly text: string;
  readonly body: JsonObject;
  readonly members: Members;
}

export interface BodyRefused {
  readonly kind: "refused";
  /** One line, without any of the body's text but a member's name. */
  readonly problem: string;
}

/** The deepest nesting that is read; the body itself is level 1. */
export const maxBodyDepth = 64;

/**
 * Reads a request body: a JSON object, at most {@link maxBodyDepth} levels deep, in which no member is written twice.
 *
 * Duplicates are refused at every depth because parsers differ on which one counts: what was routed and priced would
 * not be what is answered. For the same reason no member at the top may be another one, or a known one, but for its
 * case: many servers ignore case. Linear in the text.
 */
export function readBody(text: string): JsonBody | BodyRefused {
  const parsed = parsedJson(text);
  if (parsed === undefined) return refused("the body is no JSON");
  if (!isJsonObject(parsed)) return refused("expected a JSON object");
  const members = scanMembers(text);
  if (members.kind === "refused") return members;
  const kept = countMembers(parsed);
  if (kept !== members.count) return refused(duplicate(text, members));
  const alike = lookalike(members);
  if (alike !== undefined) return refused(alike);
  return { kind: "body", text, body: parsed, members };
}

/**
 * Finds the top-level members of a JSON object in its text, in one pass that jumps over strings.
 *
 * The text must be JSON (see {@link readBody}); of other text it says either that it refuses or something without meaning,
 * but it ends and does not throw.
 */
export function scanMembers(text: string): Members | BodyRefused {
  const members: Member[] = [];
  const open = text.indexOf("{") + 1;
  let count = 0;
  let depth = 1;
  let start = open;
  let key: string | undefined;
  let valueStart = 0;

  const close = (end: number): void => {
    if (key === undefined) return;
    const valueEnd = skipSpaceBack(text, end);
    members.push({ key, start, valueStart, valueEnd, end });
    key = undefined;
  };

  for (let at = open; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = stringEnd(text, at);
        break;
      case colon:
        count++;
        if (depth !== 1) break;
        key = keyBefore(text, start, at);
        valueStart = skipSpace(text, at + 1);
        break;
      case comma:
        if (depth !== 1) break;
        close(at);
        start = at + 1;
        break;
      case openBrace:
      case openBracket:
        depth++;
        if (depth > maxBodyDepth)
          return refused(`the body is nested more than ${maxBodyDepth} levels deep`);
        break;
      case closeBrace:
      case closeBracket:
        depth--;
        if (depth > 0) break;
        close(at);
        return { kind: "members", members, count, open, close: at };
    }
  }
  return refused("the body does not end");
}

const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** The index of the quote that ends the string opened at `from`; the text's end where there is none. */
function stringEnd(text: string, from: number): number {
  // Most strings are short keys and values: looking at their letters is cheaper than a call for each.
  const near = Math.min(from + 24, text.length);
  for (let at = from + 1; at < near; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) break;
  }
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === backslash) before--;
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function skipSpaceBack(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** The key written between `start` and its colon, escapes read. */
function keyBefore(text: string, start: number, at: number): string {
  const from = skipSpace(text, start);
  const end = skipSpaceBack(text, at);
  const plain = text.slice(from + 1, end - 1);
  if (!plain.includes("\\")) return plain;
  const written = text.slice(from, end);
  const read = parsedJson(written);
  return typeof read === "string" ? read : written;
}

function parsedJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Members at every depth. The nesting was bounded by the scan before it. */
function countMembers(value: JsonValue | undefined): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) count += countMembers(item);
    return count;
  }
  for (const inner of Object.values(value)) {
    count += typeof inner === "object" ? 1 + countMembers(inner) : 1;
  }
  return count;
}

/** What is wrong with a member that is another but for its case. */
function lookalike({ members }: Members): string | undefined {
  const seen = new Map<string, string>();
  for (const { key } of members) {
    const name = foldedName(key);
    const plain = key !== name && knownMembers.has(name) ? name : seen.get(name);
    if (plain !== undefined) {
      return `the member \`${shortened(key)}\` is \`${shortened(plain)}\` but for its case`;
    }
    seen.set(name, key);
  }
  return undefined;
}

/** Names the duplicate where it stands at the top; deeper ones are not worth a slower scan. */
function duplicate(text: string, { members }: Members): string {
  const seen = new Set<string>();
  for (const { key } of members) {
    if (seen.has(key)) return `the member \`${shortened(key)}\` is written twice`;
    seen.add(key);
  }
  const inside = members.find(({ valueStart, valueEnd }) => {
    const value = text.slice(valueStart, valueEnd);
    const colons = scanMembers(`{"":${value}}`);
    return colons.kind === "members" && colons.count - 1 !== countMembers(parsedJson(value));
  });
  return `a member inside \`${shortened(inside?.key ?? "?")}\` is written twice`;
}

function shortened(key: string): string {
  return key.length > 64 ? `${key.slice(0, 64)}…` : key;
}

function refused(problem: string): BodyRefused {
  return { kind: "refused", problem };
}
