import type { Test } from "../terms/program.ts";
import {
  fractions,
  type NumberLine,
  stretchOf,
  stretchOfRange,
  stretchStarts,
  wholeNumbers,
} from "./classes/number-line.ts";
import { readerOf, valueTest } from "./condition.ts";
import type { FieldRows, FieldUse } from "./match-index-field.ts";
import { deriveRow, everyEntry, type Rows } from "./match-index-rows.ts";

/**
 * The rows of a field that ranges test: one for each stretch between bounds, one for the missing value. A listed number
 * is a stretch of its own.
 */
export function numberRows(rows: Rows, use: FieldUse): FieldRows {
  const tests = use.tests.map((each) => each?.map(valueTest));
  const meets = (value: number | undefined) => (entry: number) =>
    (tests[entry] ?? []).every((holds) => holds(value));
  const { starts, rowOf } = stretchRows(rows, use, fractions, numberBounds, meets);
  const absent = deriveRow(rows, everyEntry, use.entries, meets(undefined));
  const read = readerOf(use.field);
  return {
    rowOf: (facts) => {
      const value = read(facts);
      return typeof value === "number" ? (rowOf[stretchOf(starts, value)] ?? absent) : absent;
    },
  };
}

/** The rows of the moment: one for each stretch of the week between the ends of windows. */
export function timeRows(rows: Rows, use: FieldUse): FieldRows {
  const week = wholeNumbers(7 * 24 * 60 - 1);
  const meets = (minute: number) => (entry: number) =>
    (use.tests[entry] ?? []).every((test) =>
      windowsOf(test).some(({ from, to }) => from <= minute && minute < to),
    );
  const { starts, rowOf } = stretchRows(rows, use, week, timeBounds, meets);
  return { rowOf: (_, minute) => rowOf[stretchOf(starts, minute)] ?? everyEntry };
}

/** Walks a line once from its least number: a row differs from the one before in the entries with a bound there. */
function stretchRows(
  rows: Rows,
  use: FieldUse,
  line: NumberLine,
  boundsOf: (test: Test) => readonly number[],
  meets: (value: number) => (entry: number) => boolean,
): { readonly starts: Float64Array; readonly rowOf: readonly number[] } {
  const bounding = new Map<number, number[]>();
  for (const entry of use.entries) {
    for (const bound of (use.tests[entry] ?? []).flatMap(boundsOf)) {
      const entries = bounding.get(bound);
      if (entries) entries.push(entry);
      else bounding.set(bound, [entry]);
    }
  }
  const starts = stretchStarts(line, bounding.keys());
  const rowOf: number[] = [];
  let row = everyEntry;
  starts.forEach((start, at) => {
    const changing = at === 0 ? use.entries : (bounding.get(start) ?? []);
    row = deriveRow(rows, row, changing, meets(start));
    rowOf.push(row);
  });
  return { starts: Float64Array.from(starts), rowOf };
}

function numberBounds(test: Test): readonly number[] {
  if (test.kind === "range") {
    const { from, to } = stretchOfRange(fractions, test);
    return [from, to];
  }
  if (test.kind !== "in") return [];
  const numbers = test.values.filter((value) => typeof value === "number");
  return numbers.flatMap((value) => [fractions.from(value), fractions.above(value)]);
}

function timeBounds(test: Test): readonly number[] {
  return windowsOf(test).flatMap(({ from, to }) => [from, to]);
}

function windowsOf(test: Test) {
  return test.kind === "time" ? test.windows : [];
}
