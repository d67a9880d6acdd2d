import { bothClasses, type ClassSet, classesLess } from "../resolve/classes/class-set.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import { setsMeet, setWithin } from "./sets.ts";

/** Tells whether any request is in both. */
export function boxesMeet(left: Box, right: Box): boolean {
  for (let field = 0; field < left.length; field++) {
    const mine = left[field];
    const theirs = right[field];
    if (mine && theirs && !setsMeet(mine, theirs)) return false;
  }
  return true;
}

/** Tells whether two boxes meet that are known to meet in all fields but some. */
export function boxesMeetIn(left: Box, right: Box, fields: readonly number[]): boolean {
  for (const field of fields) {
    const mine = left[field];
    const theirs = right[field];
    if (mine && theirs && !setsMeet(mine, theirs)) return false;
  }
  return true;
}

/** Tells whether every request of `inner` is in `outer`. */
export function boxWithin(inner: Box, outer: Box, whole: readonly ClassSet[]): boolean {
  for (let field = 0; field < outer.length; field++) {
    if (exceeds(inner, outer, field, whole)) return false;
  }
  return true;
}

/** Tells whether a field lets requests into `inner` that `outer` does not have. */
export function exceeds(
  inner: Box,
  outer: Box,
  field: number,
  whole: readonly ClassSet[],
): boolean {
  const bound = outer[field];
  if (!bound) return false;
  const mine = inner[field] ?? whole[field];
  return mine === undefined || !setWithin(mine, bound);
}

/** The requests in both; `undefined` where there are none. */
export function boxIntersection(left: Box, right: Box): Box | undefined {
  if (!boxesMeet(left, right)) return undefined;
  return left.map((mine, field) => {
    const theirs = right[field];
    return mine && theirs ? bothClasses(mine, theirs) : (mine ?? theirs);
  });
}

/** The requests in a box of each list, as boxes. */
export function intersections(left: readonly Box[], right: readonly Box[]): readonly Box[] {
  return left.flatMap((one) =>
    right.flatMap((other) => {
      const both = boxIntersection(one, other);
      return both ? [both] : [];
    }),
  );
}

/** A part of a box, and the fields in which it is less. */
export interface Slab {
  readonly box: Box;
  readonly fields: readonly number[];
}

/** What is left of a box without another that it meets: one slab for each field that exceeds; no two meet. */
export function slabsOf(box: Box, other: Box, whole: readonly ClassSet[]): readonly Slab[] {
  const slabs: Slab[] = [];
  let rest = box;
  let fields: readonly number[] = [];
  for (let field = 0; field < box.length; field++) {
    const bound = other[field];
    if (!bound || !exceeds(rest, other, field, whole)) continue;
    const mine = rest[field] ?? whole[field] ?? bound;
    fields = [...fields, field];
    slabs.push({ box: rest.with(field, classesLess(mine, bound)), fields });
    rest = rest.with(field, bothClasses(mine, bound));
  }
  return slabs;
}

/** {@link slabsOf}, the boxes alone. */
export function boxWithout(box: Box, other: Box, whole: readonly ClassSet[]): readonly Box[] {
  return slabsOf(box, other, whole).map((slab) => slab.box);
}
