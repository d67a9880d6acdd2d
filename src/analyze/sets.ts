import type { ClassSet } from "../resolve/classes/class-set.ts";

/** Tells whether any class is in both sets. */
export function setsMeet(left: ClassSet, right: ClassSet): boolean {
  if (left === right) return true;
  for (let at = 0; at < left.length; at++) {
    if (((left[at] ?? 0) & (right[at] ?? 0)) !== 0) return true;
  }
  return false;
}

/** Tells whether every class of `inner` is in `outer`. */
export function setWithin(inner: ClassSet, outer: ClassSet): boolean {
  if (inner === outer) return true;
  for (let at = 0; at < inner.length; at++) {
    if (((inner[at] ?? 0) & ~(outer[at] ?? 0)) !== 0) return false;
  }
  return true;
}
