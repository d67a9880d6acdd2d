import type { Box } from "../resolve/classes/class-space.ts";
import { leastBlockers } from "./blockers.ts";
import { boxesMeet, intersections } from "./box.ts";
import type { Ground } from "./ground.ts";
import { findIn, type Region, regionOf } from "./regions.ts";
import { boxHas, tupleIn } from "./sample-box.ts";
import { budget, type Cover, findOutsideAny } from "./witness.ts";

/** What becomes of a route among the others. */
export type Reach =
  /** `box` holds requests that get to the route. */
  | { readonly kind: "reached"; readonly box: Box }
  /** No request meets its condition. */
  | { readonly kind: "empty" }
  /** The routes of these indexes take all that it matches. */
  | { readonly kind: "covered"; readonly by: readonly number[] }
  | { readonly kind: "undecided" };

/** Tells whether any request gets to a route, and what takes them all where none does. */
export function reachOf(ground: Ground, index: number): Reach {
  const boxes = ground.routes[index];
  if (!boxes) return { kind: "undecided" };
  if (boxes.length === 0) return { kind: "empty" };
  const covers = ground.covers.meetingAny(boxes, index);
  const found = findOutsideAny(boxes, covers, ground.whole, budget());
  switch (found.kind) {
    case "covered":
      return { kind: "covered", by: leastBlockers(ground, boxes, covers, found.owners) };
    case "found":
      return index > ground.firstUnknown
        ? { kind: "undecided" }
        : { kind: "reached", box: found.box };
    case "undecided":
      return found;
  }
}

/**
 * Tells whether a route that is reached makes no difference: without it each of its requests would meet a later route
 * that does the same.
 *
 * @param reached some requests that get to it
 * @returns the indexes of the routes that would take them; `undefined` where it makes a difference, or that is not sure
 */
export function takeover(
  ground: Ground,
  index: number,
  reached: Box,
): readonly number[] | undefined {
  const region = regionOf(ground, index);
  if (!region || ground.firstUnknown !== Number.POSITIVE_INFINITY) return undefined;
  const later = ground.covers.meetingAny(region.boxes).filter(({ owner }) => owner > index);
  const tuple = tupleIn(ground, reached);
  const next = later.find(({ box }) => boxHas(box, tuple));
  if (!next || !doTheSame(ground, index, next.owner)) return undefined;
  return sameAfter(ground, region, later);
}

/** Walks the later routes in order: one that does something else must find nothing left, in the end nothing may be. */
function sameAfter(
  ground: Ground,
  region: Region,
  later: readonly Cover[],
): readonly number[] | undefined {
  const spend = budget();
  const same: Cover[] = [];
  for (const cover of later) {
    if (doTheSame(ground, region.index, cover.owner)) {
      same.push(cover);
      continue;
    }
    const part = region.boxes.filter((box) => boxesMeet(box, cover.box));
    const earlier = same.filter(({ owner }) => owner < cover.owner);
    const found = findIn(ground, { ...region, boxes: part }, [cover.box], earlier, spend);
    if (found.kind !== "covered") return undefined;
  }
  const left = findIn(ground, region, undefined, same, spend);
  return left.kind === "covered" ? left.owners.filter((owner) => owner > region.index) : undefined;
}

function doTheSame({ program }: Ground, one: number, other: number): boolean {
  const left = program.routes[one]?.action;
  const right = program.routes[other]?.action;
  if (!left || !right) return false;
  if (left.kind === "use") return right.kind === "use" && left.chain === right.chain;
  return right.kind === "deny" && left.reason === right.reason;
}

/** Looks for a request that meets no route, among those of some boxes. */
export function findGap(ground: Ground, among: readonly Box[] = [ground.everything]): Reach {
  const boxes = intersections([ground.everything], among);
  const found = findOutsideAny(boxes, ground.covers.meetingAny(boxes), ground.whole, budget());
  if (found.kind === "covered") return { kind: "covered", by: found.owners };
  if (found.kind === "undecided" || ground.firstUnknown !== Number.POSITIVE_INFINITY)
    return { kind: "undecided" };
  return { kind: "reached", box: found.box };
}
