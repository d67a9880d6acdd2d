/**
 * The numbers that a field can hold, such that every bound is the start of a stretch: "more than 5" is "6 or more" in
 * whole numbers, and "the next double or more" in fractions.
 */
export interface NumberLine {
  readonly least: number;
  readonly most: number;
  /** The least number on the line that is not below `bound`. */
  readonly from: (bound: number) => number;
  /** The least number on the line above `bound`. */
  readonly above: (bound: number) => number;
}

/** Whole numbers from 0 to `most`. */
export function wholeNumbers(most: number): NumberLine {
  return { least: 0, most, from: Math.ceil, above: (bound) => Math.floor(bound) + 1 };
}

/** Every finite double. */
export const fractions: NumberLine = {
  least: -Number.MAX_VALUE,
  most: Number.MAX_VALUE,
  from: (bound) => bound,
  above: nextDouble,
};

/** The least double above a finite one. */
function nextDouble(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

/** Where stretches start, in order, the first at the line's least number. Bounds beyond the line make none. */
export function stretchStarts(line: NumberLine, starts: Iterable<number>): readonly number[] {
  const within = [...starts].filter((start) => line.least < start && start <= line.most);
  return [...new Set([line.least, ...within])].sort((left, right) => left - right);
}

/** The last stretch that starts at or below a value; binary search, -1 below the first. */
export function stretchOf(starts: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The stretch `[from, to)` that a range test stands for. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The bounds of a range test as a stretch of the line; `to` is infinite where nothing bounds it above. */
export function stretchOfRange(
  line: NumberLine,
  { gte, gt, lte, lt }: { gte?: number; gt?: number; lte?: number; lt?: number },
): Stretch {
  return {
    from: Math.max(
      gte === undefined ? line.least : line.from(gte),
      gt === undefined ? line.least : line.above(gt),
    ),
    to: Math.min(
      lte === undefined ? Number.POSITIVE_INFINITY : line.above(lte),
      lt === undefined ? Number.POSITIVE_INFINITY : line.from(lt),
    ),
  };
}

/** The roundest number in the stretch from `start` to below `end`; the whole number nearest to 0 where there is one. */
export function sampleOf(line: NumberLine, start: number, end: number): number {
  if (start <= 0 && end > 0) return 0;
  const whole = start > 0 ? Math.ceil(start) : Math.ceil(end) - 1;
  if (whole >= start && whole < end && whole >= line.least && whole <= line.most) return whole;
  return start;
}
