import {
  addClass,
  bothClasses,
  type ClassSet,
  listClasses,
  noClasses,
} from "../resolve/classes/class-set.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import { boxesMeet } from "./box.ts";
import type { Cover } from "./witness.ts";

/** Covers by the classes that they hold, so that those which meet a box are found without a look at each. */
export interface CoverIndex {
  /** The covers that meet any of some boxes, in order, each once, up to and without the first of owner `before`. */
  readonly meetingAny: (boxes: readonly Box[], before?: number) => readonly Cover[];
  /** Those of owners before one, without those of idle owners: what idle ones have, others before them have too. */
  readonly before: (boxes: readonly Box[], owner: number) => readonly Cover[];
}

/** A set of more classes than this is not looked up class by class: most covers meet it. */
const mostLooked = 48;

/**
 * Builds the index; covers come in the order of their owners.
 *
 * @param idle owners whose covers are covered by those of owners before them; looked at anew each time
 */
export function coverIndex(
  covers: readonly Cover[],
  whole: readonly ClassSet[],
  idle: ReadonlySet<number> = new Set(),
): CoverIndex {
  const rows = whole.map((set, field) => rowsOf(covers, field, set.length * 32));
  const candidates = (box: Box): readonly Cover[] => {
    let mask: ClassSet | undefined;
    for (const [field, set] of box.entries()) {
      const row = set && unionOf(rows[field], set, covers.length);
      if (row) mask = mask ? bothClasses(mask, row) : row;
    }
    return mask ? listClasses(mask).flatMap((at) => covers[at] ?? []) : covers;
  };
  const among = (boxes: readonly Box[], isWanted: (cover: Cover) => boolean) => {
    const [only] = boxes;
    const meeting = (box: Box) =>
      candidates(box).filter((cover) => isWanted(cover) && boxesMeet(box, cover.box));
    if (only && boxes.length === 1) return meeting(only);
    const found = new Set(boxes.flatMap(meeting));
    return [...found].sort((left, right) => left.owner - right.owner);
  };
  return {
    meetingAny: (boxes, before = Number.POSITIVE_INFINITY) =>
      among(boxes, ({ owner }) => owner < before),
    before: (boxes, last) => among(boxes, ({ owner }) => owner < last && !idle.has(owner)),
  };
}

interface Rows {
  /** For each class the covers that name it. */
  readonly byClass: ReadonlyMap<number, ClassSet>;
  /** The covers that take the whole field, or too much of it to be listed. */
  readonly always: ClassSet;
}

function rowsOf(covers: readonly Cover[], field: number, classes: number): Rows {
  const byClass = new Map<number, ClassSet>();
  const always = noClasses(covers.length);
  for (const [at, { box }] of covers.entries()) {
    const set = box[field];
    const listed = set && fewClasses(set, classes);
    if (!listed) addClass(always, at);
    for (const each of listed ?? []) {
      const row = byClass.get(each) ?? noClasses(covers.length);
      addClass(row, at);
      byClass.set(each, row);
    }
  }
  return { byClass, always };
}

/** The covers that may meet a set of one field; `undefined` where a look would not pay. */
function unionOf(rows: Rows | undefined, set: ClassSet, covers: number): ClassSet | undefined {
  const listed = rows && covers > mostLooked ? fewClasses(set, set.length * 32) : undefined;
  if (!rows || !listed) return undefined;
  const union = rows.always.slice();
  for (const each of listed) {
    const row = rows.byClass.get(each);
    for (let at = 0; row && at < union.length; at++) union[at] = (union[at] ?? 0) | (row[at] ?? 0);
  }
  return union;
}

function fewClasses(set: ClassSet, classes: number): readonly number[] | undefined {
  let count = 0;
  for (const word of set) {
    for (let rest = word; rest !== 0; rest &= rest - 1) if (++count > mostLooked) return undefined;
  }
  return count < classes ? listClasses(set) : undefined;
}
