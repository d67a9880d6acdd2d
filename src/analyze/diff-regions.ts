import {
  addClass,
  allClasses,
  type ClassSet,
  listClasses,
  noClasses,
} from "../resolve/classes/class-set.ts";
import { type Box, type ClassSpace, encode } from "../resolve/classes/class-space.ts";
import type { Linked } from "../resolve/link.ts";
import type { ChainSpec, Condition } from "../terms/program.ts";
import { jointAttributes } from "./diff-attributes.ts";
import { remainder, split, tupleOf } from "./diff-boxes.ts";
import { planConditions } from "./diff-conditions.ts";
import { type Evaluated, evaluate } from "./diff-evaluate.ts";
import { type TakerPair, takerPairs } from "./diff-pairs.ts";
import { conditionsOf, isTold, type Side, sideOf, type Taker } from "./diff-takers.ts";
import { type Budget, budget } from "./witness.ts";

/** Requests that two policies treat differently, all of them in the same way. */
export interface ChangedPart extends Evaluated {
  readonly box: Box;
}

/** A pair of routes whose requests could not be told apart in time. A missing name is no route. */
export interface UndecidedPair {
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** What changes of the requests that go from one route to one route. */
export interface ChangedPair {
  /** No two of them, of this and of other pairs, have a request in common. */
  readonly parts: readonly ChangedPart[];
  /** The same requests in the space of routes alone, where all that go that way change. */
  readonly whole?: readonly Box[];
}

export interface ChangedPairs {
  /** Told apart by routes, ceilings, and what targets are able to do. */
  readonly fine: Space;
  /** Told apart by routes and ceilings alone. */
  readonly coarse: Space;
  readonly pairs: readonly ChangedPair[];
  readonly undecided: readonly UndecidedPair[];
}

/** Boxes looked at for one pair of routes, and for all of them. */
const nodesPerPair = 20_000;
const nodesInAll = 400_000;

/**
 * Finds every request that two policies treat differently.
 *
 * Exact as far as the budget reaches: requests that are in no part, and in no undecided pair, have the same route, the
 * same plan whatever breakers and draws are, the same worst costs and the same ceilings.
 */
export function changedPairs(left: Linked, right: Linked): ChangedPairs {
  const joint = jointAttributes(left.program, right.program);
  const mine = sideOf(left, joint.left);
  const theirs = sideOf(right, joint.right);
  const program = { ...left.program, attributes: joint.attributes };
  const taking = [...conditionsOf(mine), ...conditionsOf(theirs)];
  const coarse = spaceOf(program, taking);
  if (doTheSame(mine, theirs)) return { ...nothing, coarse, fine: coarse };
  const pairs = isTold(coarse.space, taking)
    ? takerPairs(coarse.space, coarse.whole, mine, theirs)
    : undefined;
  if (!pairs) return { ...nothing, coarse, fine: coarse, undecided: [everyPair] };
  const asked = reachedPairs(pairs, coarse.whole);
  const { undecided } = asked;
  if (asked.reached.length === 0) return { ...nothing, coarse, fine: coarse, undecided };
  const leftChains = chainsOf(
    left,
    asked.reached.map(({ pair }) => pair.left),
  );
  const rightChains = chainsOf(
    right,
    asked.reached.map(({ pair }) => pair.right),
  );
  const finer = [...planConditions(mine, leftChains), ...planConditions(theirs, rightChains)];
  const fine = spaceOf(program, [...taking, ...finer]);
  const found = partsOf({ ...fine, left: mine, right: theirs }, asked.reached);
  return { coarse, fine, pairs: found.pairs, undecided: [...undecided, ...found.undecided] };
}

const nothing = { pairs: [], undecided: [] };
const everyPair: UndecidedPair = { left: undefined, right: undefined };

/** Tells whether two policies have the same routes in the same order, and the same ceilings. */
function doTheSame(left: Side, right: Side): boolean {
  const words = ({ takers, ceilings }: Side) =>
    JSON.stringify([takers.map(({ key, when }) => [key, when]), ceilings.map(({ key }) => key)]);
  return words(left) === words(right);
}

export interface Space {
  readonly space: ClassSpace;
  readonly whole: readonly ClassSet[];
}

function spaceOf(program: Linked["program"], conditions: readonly Condition[]): Space {
  const space = encode(program, conditions);
  return { space, whole: space.fields.map(({ classes }) => allClasses(classes.length)) };
}

/** The pairs that some request meets, earlier takers considered. */
interface ReachedPair {
  readonly pair: TakerPair;
  /** What earlier takers leave of it. */
  readonly left: readonly Box[];
}

function reachedPairs(pairs: readonly TakerPair[], whole: readonly ClassSet[]) {
  const reached: ReachedPair[] = [];
  const undecided: UndecidedPair[] = [];
  const all = budget(nodesInAll);
  for (const pair of pairs) {
    const left = within(all, (spend) => remainder(pair.boxes, pair.taken, whole, spend));
    if (!left) undecided.push(namesOf(pair));
    else if (left.length > 0) reached.push({ pair, left });
  }
  return { reached, undecided };
}

/** Spends of a common budget, and not too much of it at once. */
function within<T>(all: Budget, work: (spend: Budget) => T): T {
  const spend = budget(Math.min(nodesPerPair, all.left));
  const before = spend.left;
  const result = work(spend);
  all.left -= before - Math.max(0, spend.left);
  return result;
}

function namesOf({ left, right }: TakerPair): UndecidedPair {
  return { left: left.route?.name, right: right.route?.name };
}

function chainsOf({ chain }: Linked, takers: readonly Taker[]): ReadonlySet<ChainSpec> {
  const names = takers.flatMap(({ route }) =>
    route?.action.kind === "use" ? [route.action.chain] : [],
  );
  return new Set(names.map(chain));
}

interface Fine extends Space {
  readonly left: Side;
  readonly right: Side;
}

/** More boxes of one pair than this are not looked at one by one. */
const mostBoxes = 5_000;

/** Splits what the pairs share until each part is treated alike by both policies, and compares what they do with it. */
function partsOf(fine: Fine, asked: readonly ReachedPair[]) {
  const { space, whole, left, right } = fine;
  const known = new Map(asked.map((each) => [pairKey(each.pair), each]));
  const splittersOf = pairSplitters(fine);
  const pairs: ChangedPair[] = [];
  const undecided: UndecidedPair[] = [];
  const all = budget(nodesInAll);
  for (const pair of takerPairs(space, whole, left, right)) {
    const reached = known.get(pairKey(pair));
    if (!reached) continue;
    const splitters = splittersOf(pair);
    const boxes = within(all, (spend) => {
      const rest = splitters && remainder(pair.boxes, pair.taken, whole, spend);
      return rest && split(rest, splitters, whole, spend);
    });
    if (!boxes || boxes.length > mostBoxes) {
      undecided.push(namesOf(pair));
      continue;
    }
    const found = boxes.flatMap((box) => evaluatedParts(fine, box));
    const parts = found.filter(({ changes }) => changes.length > 0);
    const rest = parts.length === found.length ? { whole: reached.left } : {};
    if (parts.length > 0) pairs.push({ parts, ...rest });
  }
  return { pairs, undecided };
}

/**
 * Compares what is done with the requests of a box. Where a caller names the target, each name is looked at by itself, as
 * each may have a price of its own; those with which the same is done are one part again.
 */
function evaluatedParts({ space, left, right }: Fine, box: Box): readonly ChangedPart[] {
  const tuple = tupleOf(space, box);
  const first = evaluate(space, tuple, left, right);
  const at = space.fields.findIndex(({ field }) => field === "model");
  const field = space.fields[at];
  const isNamed = [first.left, first.right].some(({ hasNamed }) => hasNamed);
  const among = field && (box[at] ? listClasses(box[at]) : field.classes.map((_, index) => index));
  if (!field || !among || !isNamed || among.length === 1) return [{ box, ...first }];
  const each = among.map((index) => ({
    index,
    found: evaluate(space, tuple.with(at, index), left, right),
  }));
  return [...Map.groupBy(each, ({ found }) => sameDone(found)).values()].flatMap((alike) => {
    const set = noClasses(field.classes.length);
    for (const { index } of alike) addClass(set, index);
    return alike[0] ? [{ box: box.with(at, set), ...alike[0].found }] : [];
  });
}

function sameDone({ changes, left, right }: Evaluated): string {
  const done = [left, right].map(({ route, denied, shownPlan }) => [route, denied, shownPlan]);
  return JSON.stringify([changes, done]);
}

/** The boxes that can make a difference to the plans of a pair; `undefined` where they cannot be told. */
function pairSplitters({
  space,
  left,
  right,
}: Fine): (pair: TakerPair) => readonly Box[] | undefined {
  const known = new Map<string, readonly Box[] | undefined>();
  const ceilings = [...left.ceilings, ...right.ceilings].map(({ when }) => when);
  return (pair) => {
    const mine = chainsOf(left.linked, [pair.left]);
    const theirs = chainsOf(right.linked, [pair.right]);
    if (mine.size === 0 && theirs.size === 0) return [];
    const key = JSON.stringify([...mine, ...theirs].map(({ name }) => name));
    if (known.has(key)) return known.get(key);
    const finer = [...planConditions(left, mine), ...planConditions(right, theirs)];
    const boxes = [...ceilings, ...finer].map(space.boxesOf);
    const all = boxes.some((each) => !each) ? undefined : boxes.flatMap((each) => each ?? []);
    const distinct = all && [...new Map(all.map((box) => [boxKey(box), box])).values()];
    known.set(key, distinct);
    return distinct;
  };
}

function pairKey({ left, right }: TakerPair): string {
  return JSON.stringify([left.key, right.key]);
}

function boxKey(box: Box): string {
  return box.map((set) => set?.join() ?? "").join(" ");
}
