import { type ClassSet, listClasses, noClasses } from "../resolve/classes/class-set.ts";
import type { Box, ClassSpace } from "../resolve/classes/class-space.ts";
import type { FieldClasses } from "../resolve/classes/field-classes.ts";
import { boxesMeet, boxIntersection, boxWithin, boxWithout, exceeds } from "./box.ts";
import type { Budget } from "./witness.ts";

/**
 * What is left of some boxes without others, as boxes of which no two meet.
 *
 * @returns `undefined` where the budget does not reach
 */
export function remainder(
  boxes: readonly Box[],
  without: readonly Box[],
  whole: readonly ClassSet[],
  spend: Budget,
): readonly Box[] | undefined {
  const left: Box[] = [];
  const taken = [...without];
  for (const box of boxes) {
    if (!cut(box, taken, whole, spend, left)) return undefined;
    taken.push(box);
  }
  return left;
}

/** Cuts off first what leaves least. */
function cut(
  box: Box,
  without: readonly Box[],
  whole: readonly ClassSet[],
  spend: Budget,
  left: Box[],
): boolean {
  if (--spend.left < 0) return false;
  const meeting = without.filter((other) => boxesMeet(box, other));
  const first = nearest(box, meeting, whole);
  if (!first) {
    left.push(box);
    return true;
  }
  return boxWithout(box, first, whole).every((slab) => cut(slab, meeting, whole, spend, left));
}

/** The box beyond which another reaches in the fewest fields. */
function nearest(box: Box, among: readonly Box[], whole: readonly ClassSet[]): Box | undefined {
  let least = Number.POSITIVE_INFINITY;
  let found: Box | undefined;
  for (const other of among) {
    const fields = box.reduce((sum, _, at) => sum + (exceeds(box, other, at, whole) ? 1 : 0), 0);
    if (fields >= least) continue;
    least = fields;
    found = other;
  }
  return found;
}

/**
 * Splits boxes so that each lies wholly within or wholly outside each splitter.
 *
 * @returns `undefined` where the budget does not reach
 */
export function split(
  boxes: readonly Box[],
  splitters: readonly Box[],
  whole: readonly ClassSet[],
  spend: Budget,
): readonly Box[] | undefined {
  let parts = boxes;
  for (const splitter of splitters) {
    const next: Box[] = [];
    for (const box of parts) {
      const inside = boxIntersection(box, splitter);
      if (!inside || boxWithin(box, splitter, whole)) next.push(box);
      else if (--spend.left < 0) return undefined;
      else next.push(inside, ...boxWithout(box, splitter, whole));
    }
    parts = next;
  }
  return parts;
}

/** Fewer boxes for the same requests: two that differ in one field alone become one, as long as there are any. */
export function joined(boxes: readonly Box[], whole: readonly ClassSet[]): readonly Box[] {
  let rest = boxes.map((box) => box.map((set, at) => set ?? whole[at] ?? noClasses(0)));
  for (let before = Number.POSITIVE_INFINITY; rest.length < before; ) {
    before = rest.length;
    for (let field = 0; field < whole.length; field++) rest = joinedIn(rest, field);
  }
  return rest.map((box) =>
    box.map((set, at) => (set.join() === whole[at]?.join() ? undefined : set)),
  );
}

function joinedIn(boxes: readonly (readonly ClassSet[])[], field: number): ClassSet[][] {
  const groups = new Map<string, ClassSet[]>();
  for (const box of boxes) {
    const key = box.map((set, at) => (at === field ? "" : set.join())).join(" ");
    const known = groups.get(key);
    const [mine, theirs] = [box[field], known?.[field]];
    if (known && theirs && mine) known[field] = either(theirs, mine);
    else groups.set(key, [...box]);
  }
  return [...groups.values()];
}

function either(one: ClassSet, other: ClassSet): ClassSet {
  return one.map((word, at) => word | (other[at] ?? 0));
}

/** One class of each field of a box, the plainest: absent, any other, the fewest needs, the first. */
export function tupleOf({ fields }: ClassSpace, box: Box): readonly number[] {
  return fields.map((field, at) => {
    const set = box[at];
    return plainest(field, set ? listClasses(set) : field.classes.map((_, index) => index));
  });
}

function plainest({ field, classes }: FieldClasses, among: readonly number[]): number {
  const value = (index: number) => classes[index]?.value;
  if (field === "needs") {
    const count = (index: number) => (value(index) as readonly unknown[]).length;
    return among.reduce(
      (best, index) => (count(index) < count(best) ? index : best),
      among[0] ?? 0,
    );
  }
  const label = field === "model" ? "any other" : "absent";
  return among.find((index) => classes[index]?.label === label) ?? among[0] ?? 0;
}
