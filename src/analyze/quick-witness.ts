import { addClass, type ClassSet, hasClass, noClasses } from "../resolve/classes/class-set.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import type { Cover } from "./witness.ts";

/** So many classes of a field are looked at, from either end. */
const mostLooked = 8;

/**
 * Guesses at a part of a box that no cover meets: field by field the class that the fewest covers have that are left.
 *
 * It finds what most searches look for, in a few looks at each cover. What it does not find may be there all the same.
 */
export function quickWitness(
  box: Box,
  covers: readonly Cover[],
  whole: readonly ClassSet[],
): Box | undefined {
  let left = covers;
  let found = box;
  for (let field = 0; field < box.length && left.length > 0; field++) {
    const set = box[field] ?? whole[field];
    const tested = left.filter((cover) => cover.box[field] !== undefined);
    if (!set || tested.length === 0) continue;
    const index = rarest(set, field, tested);
    const single = noClasses(set.length * 32);
    addClass(single, index);
    found = found.with(field, single);
    left = left.filter((cover) => {
      const own = cover.box[field];
      return own === undefined || hasClass(own, index);
    });
  }
  return left.length === 0 ? found : undefined;
}

/** The class of a set that the fewest covers have. */
function rarest(set: ClassSet, field: number, covers: readonly Cover[]): number {
  let least = Number.POSITIVE_INFINITY;
  let found = -1;
  for (const index of looked(set)) {
    let count = 0;
    for (const { box } of covers) {
      const own = box[field];
      if (own && hasClass(own, index) && ++count >= least) break;
    }
    if (count >= least) continue;
    least = count;
    found = index;
    if (count === 0) break;
  }
  return found;
}

/** The last classes of a set, where what no condition lists tends to be, then the first. */
function* looked(set: ClassSet): Generator<number> {
  let count = 0;
  for (let index = set.length * 32 - 1; index >= 0 && count < mostLooked; index--) {
    if (!hasClass(set, index)) continue;
    count++;
    yield index;
  }
  for (let index = 0, first = 0; index < set.length * 32 && first < mostLooked; index++) {
    if (!hasClass(set, index)) continue;
    first++;
    yield index;
  }
}
