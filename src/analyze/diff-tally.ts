import type { NanoUsd } from "../terms/money.ts";
import { type Move, moves, movesBetween, type Outcome, outcomeWords } from "./diff-moves.ts";

/** One recorded request, decided twice. */
export interface Pair<E> {
  readonly before: Outcome;
  readonly after: Outcome;
  readonly costBefore: NanoUsd | undefined;
  readonly costAfter: NanoUsd | undefined;
  /** Whether either decision rests on what the record does not hold. */
  readonly assumes: boolean;
  /** Whatever shows the request, for those that are told as examples. */
  readonly example: () => E;
}

/** Decisions that moved in the same way. */
export interface MovedGroup<E> {
  readonly from: string;
  readonly to: string;
  readonly moves: readonly Move[];
  readonly decisions: number;
  /** What moves: negative is saved. Of the decisions whose cost is known both times. */
  readonly costChange: NanoUsd;
  /** The first of them. */
  readonly example: E;
}

export interface Tallied<E> {
  readonly decisions: number;
  /** Those that moved at all, and by what moved. */
  readonly moved: number;
  readonly byMove: Readonly<Record<Move, number>>;
  /** Decisions that do not move, and differ in what is left under ceilings or in a reason. */
  readonly reworded: number;
  /** Decisions that rest on what their record does not hold. */
  readonly assuming: number;
  readonly money: {
    readonly before: NanoUsd;
    readonly after: NanoUsd;
    /** Decisions whose cost is not known once or twice; they are in neither sum. */
    readonly unknown: number;
  };
  /** Most decisions first. */
  readonly groups: readonly MovedGroup<E>[];
  /** Decisions that moved in ways too many to tell apart. */
  readonly ungrouped: number;
}

/** Counts pairs as they come. What it holds does not grow with their number, but with the ways in which they move. */
export interface Tally<E> {
  readonly add: (pair: Pair<E>) => readonly Move[];
  readonly tallied: () => Tallied<E>;
}

/** A caller names targets as it likes; beyond this, ways to move are counted and not told apart. */
const mostGroups = 10_000;

export function createTally<E>(): Tally<E> {
  const byMove = Object.fromEntries(moves.map((move) => [move, 0])) as Record<Move, number>;
  const groups = new Map<string, { -readonly [K in keyof MovedGroup<E>]: MovedGroup<E>[K] }>();
  const money = { before: 0, after: 0, unknown: 0 };
  const counts = { decisions: 0, moved: 0, reworded: 0, assuming: 0, ungrouped: 0 };

  const count = (pair: Pair<E>, moved: readonly Move[], change: NanoUsd) => {
    counts.moved += 1;
    for (const move of moved) byMove[move] += 1;
    const from = outcomeWords(pair.before);
    const to = outcomeWords(pair.after);
    const key = JSON.stringify([from, to, moved]);
    const known = groups.get(key);
    if (known) {
      known.decisions += 1;
      known.costChange += change;
    } else if (groups.size < mostGroups) {
      const example = pair.example();
      groups.set(key, { from, to, moves: moved, decisions: 1, costChange: change, example });
    } else {
      counts.ungrouped += 1;
    }
  };

  const add = (pair: Pair<E>): readonly Move[] => {
    const { costBefore, costAfter } = pair;
    counts.decisions += 1;
    if (pair.assumes) counts.assuming += 1;
    const isKnown = costBefore !== undefined && costAfter !== undefined;
    if (isKnown) {
      money.before += costBefore;
      money.after += costAfter;
    } else {
      money.unknown += 1;
    }
    const moved = movesBetween(pair.before, pair.after);
    if (moved.length > 0) count(pair, moved, isKnown ? costAfter - costBefore : 0);
    else if (pair.before.rest !== pair.after.rest) counts.reworded += 1;
    return moved;
  };

  return {
    add,
    tallied: () => ({
      ...counts,
      byMove: { ...byMove },
      money: { ...money },
      groups: [...groups.values()].sort((one, other) => other.decisions - one.decisions),
    }),
  };
}
