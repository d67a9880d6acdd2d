import { quote } from "./quote.ts";

const longestCompared = 64;

/**
 * Finds what was probably meant: the one candidate within a third of its length in edits (at least one), regardless of
 * case. `undefined` where none is near, or where two are equally near.
 */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length > longestCompared) return undefined;
  let best: { readonly text: string; readonly edits: number } | undefined;
  let tied = false;
  for (const candidate of new Set(candidates)) {
    const edits = distance(text.toLowerCase(), candidate.toLowerCase());
    if (edits > Math.max(1, Math.floor(candidate.length / 3))) continue;
    if (best && edits > best.edits) continue;
    tied = best !== undefined && edits === best.edits;
    best = { text: candidate, edits };
  }
  return tied ? undefined : best?.text;
}

/** The help line for {@link nearest}: `did you mean` and the candidate. */
export function didYouMean(text: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(text, candidates);
  return near === undefined ? undefined : `did you mean ${quote(near)}?`;
}

/** Edits between two texts: insertions, deletions, replacements, and swaps of neighbours. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      current.push(cheapest({ from, to, row, column, before, above, current }));
    }
    before = above;
    above = current;
  }
  return above[to.length] ?? 0;
}

interface Cell {
  readonly from: string;
  readonly to: string;
  readonly row: number;
  readonly column: number;
  readonly before: readonly number[];
  readonly above: readonly number[];
  readonly current: readonly number[];
}

function cheapest({ from, to, row, column, before, above, current }: Cell): number {
  const same = from[row - 1] === to[column - 1];
  const edits = [
    (above[column] ?? 0) + 1,
    (current[column - 1] ?? 0) + 1,
    (above[column - 1] ?? 0) + (same ? 0 : 1),
  ];
  const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
  if (row > 1 && column > 1 && swapped) edits.push((before[column - 2] ?? 0) + 1);
  return Math.min(...edits);
}
