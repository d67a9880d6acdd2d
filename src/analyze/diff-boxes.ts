import { addClass, type ClassSet, listClasses, noClasses } from "../resolve/classes/class-set.ts";
import type { Box, ClassSpace } from "../resolve/classes/class-space.ts";
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
      if (--spend.left < 0) return undefined;
      const inside = boxIntersection(box, splitter);
      if (!inside || boxWithin(box, splitter, whole)) next.push(box);
      else next.push(inside, ...boxWithout(box, splitter, whole));
    }
    parts = next;
  }
  return parts;
}

/** Fewer boxes for the same requests: two that differ in one field alone become one, as long as there are any. */
export function joined(boxes: readonly Box[], whole: readonly ClassSet[]): readonly Box[] {
  let rest = boxes.map((box) => box.map((set, at) => set ?? whole[at] ?? noClasses(0)));
  for (let field = 0; field < whole.length; field++) {
    const groups = new Map<string, ClassSet[]>();
    for (const box of rest) {
      const key = box.map((set, at) => (at === field ? "" : set.join())).join(" ");
      const known = groups.get(key);
      const mine = box[field];
      const theirs = known?.[field];
      if (known && theirs && mine) known[field] = either(theirs, mine);
      else groups.set(key, [...box]);
    }
    rest = [...groups.values()];
  }
  return rest.map((box) =>
    box.map((set, at) => (set.join() === whole[at]?.join() ? undefined : set)),
  );
}

function either(one: ClassSet, other: ClassSet): ClassSet {
  return one.map((word, at) => word | (other[at] ?? 0));
}

/** One class of each field of a box: what is absent where anything may be, else the plainest. */
export function tupleOf({ fields }: ClassSpace, box: Box): readonly number[] {
  return fields.map(({ field, classes }, at) => {
    const set = box[at];
    const among = set ? listClasses(set) : classes.map((_, index) => index);
    const absent = among.find((index) => classes[index]?.value === undefined);
    return (field === "model" ? undefined : absent) ?? among[0] ?? 0;
  });
}

/** The box of one tuple. */
export function cellOf({ fields }: ClassSpace, tuple: readonly number[]): Box {
  return fields.map(({ classes }, at) => {
    const set = noClasses(classes.length);
    addClass(set, tuple[at] ?? 0);
    return set;
  });
}
