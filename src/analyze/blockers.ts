import type { Box } from "../resolve/classes/class-space.ts";
import type { Ground } from "./ground.ts";
import { budget, type Cover, findOutsideAny } from "./witness.ts";

/**
 * The routes that are enough to take every request of some boxes: from those that a proof used, whatever can be left
 * out is, the last first, so that the earliest remain.
 *
 * @param owners indexes of routes that cover the boxes together
 */
export function leastBlockers(
  ground: Ground,
  boxes: readonly Box[],
  covers: readonly Cover[],
  owners: readonly number[],
): readonly number[] {
  const spend = budget();
  let kept = owners;
  for (const owner of owners.toReversed()) {
    const rest = kept.filter((each) => each !== owner);
    const among = covers.filter((cover) => rest.includes(cover.owner));
    if (findOutsideAny(boxes, among, ground.whole, spend).kind === "covered") kept = rest;
  }
  return kept;
}
