import type { Change } from "../../../src/terms/change.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/terms/json.ts";

/**
 * The text that an upstream must receive, worked out member by member from what the client sent and the changes that
 * were told: every other member's bytes are the client's, in the client's order, and added members come last.
 *
 * Written apart from the product's splicing. It leans on the client's text being what `JSON.stringify` writes, so that
 * a member's bytes are known from its value; it says so where they are not.
 *
 * @param received gives the values of the members that were told to be set or added
 */
export function expectedText(sent: string, changed: readonly Change[], received: string): string {
  const before = objectOf(sent);
  if (JSON.stringify(before) !== sent) throw new TypeError("the client did not send compact JSON");
  const after = objectOf(received);
  const told = new Map(changed.map((change) => [change.member, change.change]));
  const kept = Object.keys(before)
    .filter((member) => told.get(member) !== "removed")
    .map((member) => span(member, told.get(member) === "set" ? after[member] : before[member]));
  const added = changed
    .filter(({ change }) => change === "added")
    .map(({ member }) => span(member, after[member]));
  return `{${[...kept, ...added].join(",")}}`;
}

/** Members that were told to be changed and are as they were, or were not there to be changed. */
export function idleChanges(
  sent: string,
  changed: readonly Change[],
  received: string,
): readonly string[] {
  const before = objectOf(sent);
  const after = objectOf(received);
  return changed
    .filter(({ member, change }) => {
      const was = Object.hasOwn(before, member);
      const is = Object.hasOwn(after, member);
      if (change === "added") return was || !is;
      if (change === "removed") return !was || is;
      return !was || !is || JSON.stringify(before[member]) === JSON.stringify(after[member]);
    })
    .map(({ member }) => member);
}

function span(member: string, value: JsonValue | undefined): string {
  return `${JSON.stringify(member)}:${JSON.stringify(value)}`;
}

function objectOf(text: string): JsonObject {
  const value = JSON.parse(text) as JsonValue;
  if (!isJsonObject(value)) throw new TypeError("expected a JSON object");
  return value;
}
