import type { Change } from "../terms/change.ts";
import type { JsonValue } from "../terms/json.ts";
import { type Member, type Members, scanMembers } from "./members.ts";

/** What a top-level member shall be; `undefined` takes it out. */
export interface Edit {
  readonly member: string;
  readonly value: JsonValue | undefined;
  /** One line for people, told in the attempt's `changed`. */
  readonly why: string;
}

export interface Spliced {
  readonly body: string;
  /** What was really changed, in the order of the edits. */
  readonly changed: readonly Change[];
}

/**
 * Changes top-level members of a JSON object in its text: only their bytes, all others stay as the caller wrote them.
 *
 * An edit that says what the text says already changes nothing and is not listed; of two edits of one member the later
 * counts. Added members come last.
 *
 * @param text a body that `readBody` took
 * @param scanned its members, where they are known already
 * @throws TypeError where the text is no object: `readBody` was not asked
 */
export function spliceMembers(
  text: string,
  edits: readonly Edit[],
  scanned: Members | undefined = undefined,
): Spliced {
  const members = scanned ?? scannedMembers(text);
  const latest = new Map(edits.map((edit) => [edit.member, edit]));
  const changed = new Map<string, Change>();
  const parts: string[] = [];
  for (const member of members.members) {
    const part = partOf(text, member, latest.get(member.key), changed);
    if (part !== undefined) parts.push(part);
    latest.delete(member.key);
  }
  for (const { member, value, why } of latest.values()) {
    if (value === undefined) continue;
    changed.set(member, { member, change: "added", why });
    parts.push(`${JSON.stringify(member)}:${JSON.stringify(value)}`);
  }
  if (changed.size === 0) return { body: text, changed: [] };
  const body = text.slice(0, members.open) + parts.join(",") + text.slice(members.close);
  return { body, changed: inOrder(edits, changed) };
}

function partOf(
  text: string,
  { key, start, valueStart, valueEnd, end }: Member,
  edit: Edit | undefined,
  changed: Map<string, Change>,
): string | undefined {
  if (edit === undefined) return text.slice(start, end);
  if (edit.value === undefined) {
    changed.set(key, { member: key, change: "removed", why: edit.why });
    return undefined;
  }
  if (sameJson(JSON.parse(text.slice(valueStart, valueEnd)), edit.value)) {
    return text.slice(start, end);
  }
  changed.set(key, { member: key, change: "set", why: edit.why });
  return text.slice(start, valueStart) + JSON.stringify(edit.value) + text.slice(valueEnd, end);
}

/** Tells whether two values write the same JSON, whatever the order of members. */
export function sameJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return left === right;
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && sameItems(left, right);
  }
  const a = Object.entries(left).filter(([, value]) => value !== undefined);
  const b = new Map(Object.entries(right).filter(([, value]) => value !== undefined));
  return (
    a.length === b.size && a.every(([key, value]) => b.has(key) && sameJson(value, b.get(key)))
  );
}

function sameItems(left: readonly JsonValue[], right: readonly JsonValue[]): boolean {
  return left.length === right.length && left.every((item, at) => sameJson(item, right[at]));
}

function inOrder(edits: readonly Edit[], changed: ReadonlyMap<string, Change>): readonly Change[] {
  const names = new Set(edits.map((edit) => edit.member));
  return [...names].flatMap((name) => changed.get(name) ?? []);
}

function scannedMembers(text: string): Members {
  const scanned = scanMembers(text);
  if (scanned.kind === "refused") throw new TypeError(`cannot splice: ${scanned.problem}`);
  return scanned;
}
