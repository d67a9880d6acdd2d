import { isJsonObject, type JsonValue } from "../terms/json.ts";

/** A place at which two JSON values differ; a side that has nothing there is `undefined`. */
export interface Difference {
  /** Names of members and indexes of items, from the outside in. */
  readonly path: readonly string[];
  readonly left: JsonValue | undefined;
  readonly right: JsonValue | undefined;
}

/**
 * Lists where two JSON values differ, in the order of the left one's members, then what only the right one has. None
 * where they are equal; the order of members makes no difference. Lists of another length differ as a whole.
 */
export function differences(
  left: JsonValue | undefined,
  right: JsonValue | undefined,
  path: readonly string[] = [],
): readonly Difference[] {
  if (Object.is(left, right)) return [];
  if (isJsonObject(left) && isJsonObject(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].flatMap((name) =>
      differences(own(left, name), own(right, name), [...path, name]),
    );
  }
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    return left.flatMap((item, at) => differences(item, right[at], [...path, String(at)]));
  }
  const same = JSON.stringify(left) === JSON.stringify(right);
  return same ? [] : [{ path, left, right }];
}

function own(object: Readonly<Record<string, JsonValue | undefined>>, name: string) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
