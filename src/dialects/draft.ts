import type { JsonObject, JsonValue } from "../terms/json.ts";
import type { Edit } from "./splice.ts";

/** A body being prepared: what it says now, and the edits that make it say so. */
export interface Draft {
  /** The member's value as it stands; `undefined` where it is absent. */
  readonly get: (member: string) => JsonValue | undefined;
  readonly set: (member: string, value: JsonValue, why: string) => void;
  readonly remove: (member: string, why: string) => void;
  /** Gives the member back the value that the caller wrote. */
  readonly undo: (member: string) => void;
  readonly edits: () => readonly Edit[];
}

/** Starts with the caller's body and no edits. */
export function newDraft(body: JsonObject): Draft {
  const edits = new Map<string, Edit>();
  const own = (member: string) => (Object.hasOwn(body, member) ? body[member] : undefined);
  return {
    get: (member) => (edits.has(member) ? edits.get(member)?.value : own(member)),
    set: (member, value, why) => void edits.set(member, { member, value, why }),
    remove: (member, why) => void edits.set(member, { member, value: undefined, why }),
    undo: (member) => void edits.delete(member),
    edits: () => [...edits.values()],
  };
}
