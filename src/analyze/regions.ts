import type { Box } from "../resolve/classes/class-space.ts";
import type { RouteSpec } from "../terms/program.ts";
import { intersections } from "./box.ts";
import type { Ground } from "./ground.ts";
import { budget, type Cover, findOutsideAny, type Search } from "./witness.ts";

/** The requests that get to a route: those of its boxes that no earlier route takes. */
export interface Region {
  readonly index: number;
  readonly route: RouteSpec;
  readonly boxes: readonly Box[];
  /** The earlier routes' boxes that meet these. */
  readonly covers: readonly Cover[];
}

/**
 * The part of a route's requests that lies in some boxes.
 *
 * @returns `undefined` where the route's condition, or that of an earlier one, cannot be told
 */
export function regionOf(ground: Ground, index: number, part?: readonly Box[]): Region | undefined {
  const route = ground.program.routes[index];
  const own = ground.routes[index];
  if (!route || !own || index > ground.firstUnknown) return undefined;
  const boxes = part ? intersections(own, part) : own;
  const covers = ground.idle.has(index) ? [] : ground.covers.before(boxes, index);
  return { index, route, boxes, covers };
}

/**
 * Looks for a request of a region; among those found before first.
 *
 * @param part narrows the region
 * @param without covers of requests that are not wanted
 */
export function findIn(
  ground: Ground,
  region: Region,
  part?: readonly Box[],
  without: readonly Cover[] = [],
  spend = budget(),
): Search {
  if (ground.idle.has(region.index)) return { kind: "covered", owners: [] };
  const boxes = part ? intersections(region.boxes, part) : region.boxes;
  const known = intersections(ground.free.get(region.index) ?? [], boxes);
  const again = findOutsideAny(known, without, ground.whole, spend);
  if (again.kind === "found") return again;
  const found = findOutsideAny(boxes, [...region.covers, ...without], ground.whole, spend);
  if (found.kind === "found") remember(ground, region.index, found.box);
  return found;
}

/** More than these are not remembered of one route. */
const mostRemembered = 8;

/** Notes requests that get to a route. */
export function remember({ free }: Ground, index: number, box: Box): void {
  const known = free.get(index) ?? [];
  if (known.length < mostRemembered) free.set(index, [...known, box]);
}

/** Boxes as covers that belong to no route. */
export function coversOf(boxes: readonly Box[]): readonly Cover[] {
  return boxes.map((box) => ({ box, owner: -1 }));
}
