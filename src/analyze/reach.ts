import type { Box } from "../resolve/classes/class-space.ts";
import { leastBlockers } from "./blockers.ts";
import { boxIntersection, intersections } from "./box.ts";
import type { Ground } from "./ground.ts";
import { type Region, regionOf, remember } from "./regions.ts";
import { boxHas, tupleIn } from "./sample-box.ts";
import {
  type Budget,
  budget,
  type Cover,
  findOutside,
  findOutsideAny,
  partsOutside,
} from "./witness.ts";

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
  const covers = ground.covers.before(boxes, index);
  const found = findOutsideAny(boxes, covers, ground.whole, budget());
  switch (found.kind) {
    case "covered":
      ground.idle.add(index);
      return { kind: "covered", by: leastBlockers(ground, boxes, covers, found.owners) };
    case "found":
      if (index > ground.firstUnknown) return { kind: "undecided" };
      remember(ground, index, found.box);
      return { kind: "reached", box: found.box };
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

/** Looks at what gets to the route piece by piece: all of each must meet, next, a route that does the same. */
function sameAfter(
  ground: Ground,
  region: Region,
  later: readonly Cover[],
): readonly number[] | undefined {
  const spend = budget();
  const owners = new Set<number>();
  for (const box of region.boxes) {
    for (const part of partsOutside(box, region.covers, ground.whole, spend)) {
      const next = part === "undecided" ? undefined : sameFor(ground, region, part, later, spend);
      if (!next) return undefined;
      for (const owner of next) owners.add(owner);
    }
  }
  return [...owners].sort((left, right) => left - right);
}

/** The routes that take a piece, where all of them do the same. */
function sameFor(
  ground: Ground,
  { index }: Region,
  part: Box,
  later: readonly Cover[],
  spend: Budget,
): readonly number[] | undefined {
  const same: Cover[] = [];
  for (const cover of later) {
    const both = boxIntersection(part, cover.box);
    if (!both) continue;
    if (doTheSame(ground, index, cover.owner)) same.push(cover);
    else if (findOutside(both, same, ground.whole, spend).kind !== "covered") return undefined;
  }
  const left = findOutside(part, same, ground.whole, spend);
  return left.kind === "covered" ? left.owners : undefined;
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
