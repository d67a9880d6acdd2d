import type { ClassSet } from "../resolve/classes/class-set.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import { boxesMeet, boxesMeetIn, boxWithin, boxWithout, exceeds, slabsOf } from "./box.ts";
import { quickWitness } from "./quick-witness.ts";

/** How many boxes a search may look at before it says that it does not know. */
export interface Budget {
  left: number;
}

/** Enough for every policy that people write, and about a third of a second for one made to be hard. */
export const nodesPerQuestion = 20_000;

export function budget(nodes: number = nodesPerQuestion): Budget {
  return { left: nodes };
}

/** A set of requests with the mark of whoever takes them: the index of a route. */
export interface Cover {
  readonly box: Box;
  readonly owner: number;
}

export type Search =
  /** A part of the box that no cover meets. */
  | { readonly kind: "found"; readonly box: Box }
  /** The covers take every request of the box; `owners` are those that the proof used, in rising order. */
  | { readonly kind: "covered"; readonly owners: readonly number[] }
  | { readonly kind: "undecided" };

/**
 * Looks for requests of a box that none of the covers takes. Exact, as far as the budget reaches.
 *
 * The cover that leaves least is cut off first: the one beyond which the box reaches in the fewest fields. What is left
 * is one slab for each such field, and each is searched with the covers that still meet it.
 *
 * @param whole all classes of each field
 */
export function findOutside(
  box: Box,
  covers: readonly Cover[],
  whole: readonly ClassSet[],
  spend: Budget,
): Search {
  const meeting = covers.filter((cover) => boxesMeet(box, cover.box));
  const first = best(box, meeting, whole);
  if (first && boxWithin(box, first.box, whole)) return { kind: "covered", owners: [first.owner] };
  const guess = meeting.length < fewCovers ? undefined : quickWitness(box, meeting, whole);
  if (guess) return { kind: "found", box: guess };
  const used = new Set<number>();
  const found = search(box, meeting, whole, spend, used);
  if (found === "undecided") return { kind: "undecided" };
  if (found) return { kind: "found", box: found };
  return { kind: "covered", owners: [...used].sort((left, right) => left - right) };
}

/** Where covers are fewer, the search finds a witness as soon as a guess would. */
const fewCovers = 24;

/**
 * Lists what covers leave of a box, as boxes that do not meet; ends with `undecided` where the budget does.
 */
export function* partsOutside(
  box: Box,
  covers: readonly Cover[],
  whole: readonly ClassSet[],
  spend: Budget,
): Generator<Box | "undecided"> {
  if (--spend.left < 0) {
    yield "undecided";
    return;
  }
  const meeting = covers.filter((cover) => boxesMeet(box, cover.box));
  const first = best(box, meeting, whole);
  if (!first) {
    yield box;
    return;
  }
  for (const slab of boxWithout(box, first.box, whole)) {
    yield* partsOutside(slab, meeting, whole, spend);
    if (spend.left < 0) return;
  }
}

/** {@link findOutside} for a union of boxes: found in any of them, or covered in all. */
export function findOutsideAny(
  boxes: readonly Box[],
  covers: readonly Cover[],
  whole: readonly ClassSet[],
  spend: Budget,
): Search {
  const owners = new Set<number>();
  let undecided = false;
  for (const box of boxes) {
    const found = findOutside(box, covers, whole, spend);
    if (found.kind === "found") return found;
    if (found.kind === "undecided") undecided = true;
    else for (const owner of found.owners) owners.add(owner);
  }
  if (undecided) return { kind: "undecided" };
  return { kind: "covered", owners: [...owners].sort((left, right) => left - right) };
}

/**
 * The part of the box that is free, `undefined` where there is none.
 *
 * @param meeting covers that meet the box, all of them
 */
function search(
  box: Box,
  meeting: readonly Cover[],
  whole: readonly ClassSet[],
  spend: Budget,
  used: Set<number>,
): Box | "undecided" | undefined {
  if (--spend.left < 0) return "undecided";
  const first = best(box, meeting, whole);
  if (!first) return box;
  used.add(first.owner);
  let undecided = false;
  for (const slab of slabsOf(box, first.box, whole)) {
    const rest = meeting.filter((cover) => boxesMeetIn(slab.box, cover.box, slab.fields));
    const found = search(slab.box, rest, whole, spend, used);
    if (found === "undecided") undecided = true;
    else if (found) return found;
    if (spend.left < 0) break;
  }
  return undecided ? "undecided" : undefined;
}

/** The cover beyond which the box reaches in the fewest fields; the first of equals. */
function best(box: Box, covers: readonly Cover[], whole: readonly ClassSet[]): Cover | undefined {
  let least = Number.POSITIVE_INFINITY;
  let found: Cover | undefined;
  for (const cover of covers) {
    const fields = reach(box, cover.box, whole, least);
    if (fields >= least) continue;
    least = fields;
    found = cover;
    if (fields === 0) break;
  }
  return found;
}

/** In how many fields the box reaches beyond the cover, counted no further than `enough`. */
function reach(box: Box, cover: Box, whole: readonly ClassSet[], enough: number): number {
  let fields = 0;
  for (let field = 0; field < box.length && fields < enough; field++) {
    if (exceeds(box, cover, field, whole)) fields++;
  }
  return fields;
}
