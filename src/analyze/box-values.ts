import { addClass, listClasses, noClasses } from "../resolve/classes/class-set.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import type { ClassValue } from "../resolve/classes/field-classes.ts";
import type { FieldName } from "../terms/program.ts";
import type { Ground } from "./ground.ts";

/** The values that stand for the classes of a field in a box; none where no condition mentions the field. */
export function valuesIn(ground: Ground, box: Box, field: FieldName): readonly ClassValue[] {
  const known = ground.space.fields.find((each) => each.field === field);
  return indexesIn(ground, box, field).map((index) => known?.classes[index]?.value);
}

/**
 * The most that a count of tokens can stand for in each of a box's classes: its largest number; `undefined` where it may
 * be absent, or be anything; 0 where that is in the class, since a limit of 0 on the output is no limit.
 */
export function topsOf(
  ground: Ground,
  box: Box,
  field: "inputTokens" | "outputTokens",
): readonly (number | undefined)[] {
  const known = ground.space.fields.find((each) => each.field === field);
  if (!known) return [undefined];
  const tops = indexesIn(ground, box, field).flatMap((index) => {
    const value = known.classes[index]?.value;
    if (typeof value !== "number") return [undefined];
    const next = known.classes[index + 1]?.value;
    const top = typeof next === "number" ? next - 1 : Number.MAX_SAFE_INTEGER;
    return value === 0 ? [top, 0] : [top];
  });
  return tops.sort((left, right) => (right ?? 0) - (left ?? 0));
}

/** The least count of tokens in a box; 0 where no condition mentions the field. */
export function leastOf(ground: Ground, box: Box, field: "inputTokens" | "outputTokens"): number {
  const counts = valuesIn(ground, box, field).filter((value) => typeof value === "number");
  return counts.length > 0 ? Math.min(...counts) : 0;
}

/** A box once for each class that it has of a field. */
export function singles(ground: Ground, box: Box, field: FieldName): readonly Box[] {
  const at = ground.space.fields.findIndex((each) => each.field === field);
  const known = ground.space.fields[at];
  if (!known) return [box];
  return indexesIn(ground, box, field).map((index) => {
    const set = noClasses(known.classes.length);
    addClass(set, index);
    return box.with(at, set);
  });
}

function indexesIn({ space }: Ground, box: Box, field: FieldName): readonly number[] {
  const at = space.fields.findIndex((each) => each.field === field);
  const set = box[at];
  return set ? listClasses(set) : (space.fields[at]?.classes.map((_, index) => index) ?? []);
}
