import type { FieldName, KeySpec, Program } from "../../terms/program.ts";
import { addClass, type ClassSet, noClasses } from "./class-set.ts";
import type { Box, FieldClasses } from "./field-classes.ts";

/** A box for each thing that a declared key fills in: the key, with that thing missing. */
export function impossibleBoxes(
  { keys }: Program,
  fields: readonly FieldClasses[],
): readonly Box[] {
  const keyField = fields.find(({ field }) => field === "key");
  if (!keyField) return [];
  return Object.values(keys).flatMap((key) => {
    const named = classWith(keyField, key.name);
    const filled = filledBy(key);
    return fields.flatMap((other): readonly Box[] => {
      const missing = filled.has(other.field) ? classWith(other, undefined) : undefined;
      if (!named || !missing) return [];
      return [fields.map((each) => boxSet(each, keyField, named) ?? boxSet(each, other, missing))];
    });
  });
}

/** The fields that are never missing where a request names the key. */
function filledBy({ project, set }: KeySpec): ReadonlySet<FieldName> {
  const attributes = Object.keys(set).map((name): FieldName => `attributes.${name}`);
  return new Set(project === undefined ? attributes : ["project", ...attributes]);
}

/** The class that holds just one value; `undefined` where there is none. */
function classWith({ classes }: FieldClasses, value: string | undefined): ClassSet | undefined {
  const index = classes.findIndex((each) => each.value === value);
  if (index === -1) return undefined;
  const set = noClasses(classes.length);
  addClass(set, index);
  return set;
}

function boxSet(each: FieldClasses, of: FieldClasses, set: ClassSet): ClassSet | undefined {
  return each === of ? set : undefined;
}
