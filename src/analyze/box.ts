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

/** What is left of a box without another that it meets, as boxes that do not meet: one for each field that exceeds. */
export function boxWithout(box: Box, other: Box, whole: readonly ClassSet[]): readonly Box[] {
  const slabs: Box[] = [];
  let rest = box;
  for (let field = 0; field < box.length; field++) {
    const bound = other[field];
    if (!bound || !exceeds(rest, other, field, whole)) continue;
    const mine = rest[field] ?? whole[field] ?? bound;
    slabs.push(rest.with(field, classesLess(mine, bound)));
    rest = rest.with(field, bothClasses(mine, bound));
  }
  return slabs;
}
