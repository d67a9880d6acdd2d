import type { ClassSet } from "../resolve/classes/class-set.ts";
import type { Box, ClassSpace } from "../resolve/classes/class-space.ts";
import type { Condition } from "../terms/program.ts";
import { boxWithin, intersections } from "./box.ts";
import { type CoverIndex, coverIndex } from "./cover-index.ts";
import type { Side, Taker } from "./diff-takers.ts";
import type { Cover } from "./witness.ts";

/** Requests that one policy gives to one taker and the other policy to another, before earlier takers have theirs. */
export interface TakerPair {
  readonly left: Taker;
  readonly right: Taker;
  readonly boxes: readonly Box[];
  /** What the earlier takers of both policies take of them. */
  readonly taken: readonly Box[];
}

interface Takers {
  readonly list: readonly Taker[];
  readonly boxes: readonly (readonly Box[])[];
  readonly index: CoverIndex;
}

/**
 * Lists the pairs of takers that may have requests in common and may treat them differently. Of two policies that hardly
 * differ these are few: what a route of one matches as a whole is never taken by later routes of the other.
 */
export function takerPairs(
  space: ClassSpace,
  whole: readonly ClassSet[],
  left: Side,
  right: Side,
): readonly TakerPair[] {
  const boxesOf = remembered(space);
  const mine = takersOf(left, boxesOf, whole);
  const theirs = takersOf(right, boxesOf, whole);
  const changed = changedCeilings(left, right).flatMap(boxesOf);
  const lastLeft = theirs.boxes.map((boxes) => lastToMeet(mine, boxes, whole));
  return mine.list.flatMap((taker, at) => {
    const boxes = mine.boxes[at] ?? [];
    const last = lastToMeet(theirs, boxes, whole);
    const owners = new Set(earlier(theirs, boxes, last + 1).map(({ owner }) => owner));
    return [...owners].flatMap((to): readonly TakerPair[] => {
      const other = theirs.list[to];
      if (!other || at > (lastLeft[to] ?? at)) return [];
      const both = intersections(boxes, theirs.boxes[to] ?? []);
      const asked = taker.key === other.key ? intersections(both, changed) : both;
      if (asked.length === 0) return [];
      const taken = [...earlier(mine, asked, at), ...earlier(theirs, asked, to)].map(
        ({ box }) => box,
      );
      return [{ left: taker, right: other, boxes: asked, taken }];
    });
  });
}

/** The conditions of the ceilings that only one policy has, or that count otherwise in it. */
function changedCeilings(left: Side, right: Side): readonly Condition[] {
  const order = (side: Side) => side.ceilings.map(({ key }) => key);
  const shared = order(left).filter((key) => order(right).includes(key));
  const isMoved =
    shared.join() !==
    order(right)
      .filter((key) => shared.includes(key))
      .join();
  return [left, right].flatMap(({ ceilings }) =>
    ceilings.filter(({ key }) => isMoved || !shared.includes(key)).map(({ when }) => when),
  );
}

function remembered(space: ClassSpace): (condition: Condition) => readonly Box[] {
  const known = new Map<Condition, readonly Box[]>();
  return (condition) => {
    const boxes = known.get(condition) ?? space.boxesOf(condition) ?? [];
    known.set(condition, boxes);
    return boxes;
  };
}

function takersOf(
  { takers }: Side,
  boxesOf: (condition: Condition) => readonly Box[],
  whole: readonly ClassSet[],
): Takers {
  const boxes = takers.map(({ when }) => boxesOf(when));
  const covers = boxes.flatMap((own, owner): readonly Cover[] =>
    own.map((box) => ({ box, owner })),
  );
  return { list: takers, boxes, index: coverIndex(covers, whole, new Set()) };
}

/** What takers before one take of some boxes. */
function earlier({ index }: Takers, boxes: readonly Box[], before: number): readonly Cover[] {
  return index.meetingAny(boxes).filter(({ owner }) => owner < before);
}

/** The first taker that takes all of some boxes by itself: no later one gets any of them. */
function lastToMeet(
  { boxes: known, index }: Takers,
  boxes: readonly Box[],
  whole: readonly ClassSet[],
): number {
  for (const owner of new Set(index.meetingAny(boxes).map((cover) => cover.owner))) {
    const own = known[owner] ?? [];
    if (boxes.every((box) => own.some((outer) => boxWithin(box, outer, whole)))) return owner;
  }
  return known.length;
}
