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
  const used = new Set(owners);
  let kept = covers.filter(({ owner }) => used.has(owner));
  for (const owner of owners.toReversed()) {
    const rest = kept.filter((cover) => cover.owner !== owner);
    if (findOutsideAny(boxes, rest, ground.whole, spend).kind === "covered") kept = rest;
  }
  return [...new Set(kept.map((cover) => cover.owner))];
}
