import type { AttributeValue, Facts } from "../../terms/facts.ts";
import type { FieldName, Test } from "../../terms/program.ts";
import { readerOf } from "../condition.ts";
import { addClass, type ClassSet, noClasses } from "./class-set.ts";
import type { FieldClass, FieldClasses } from "./field-classes.ts";
import { listedSet } from "./listed-set.ts";
import {
  type NumberLine,
  sampleOf,
  stretchOf,
  stretchOfRange,
  stretchStarts,
} from "./number-line.ts";

/**
 * The classes of a field that holds a number: the stretches between the bounds that tests name, a listed number being a
 * stretch of its own, then `absent` where the field may be.
 */
export function numberClasses(
  field: FieldName,
  line: NumberLine,
  mayBeAbsent: boolean,
  tests: readonly Test[],
): FieldClasses {
  const starts = stretchStarts(
    line,
    tests.flatMap((test) => boundsOf(line, test)),
  );
  const classes: FieldClass[] = starts.map((start, at) =>
    stretchClass(line, start, starts[at + 1]),
  );
  if (mayBeAbsent) classes.push({ label: "absent", value: undefined });
  const count = classes.length;
  const absent = mayBeAbsent ? count - 1 : undefined;
  const read = readerOf(field);
  return {
    field,
    classes,
    classOf: (facts: Facts) => {
      const value = read(facts);
      return typeof value === "number" ? stretchOf(starts, value) : count - 1;
    },
    admitted: (test) => {
      if (test.kind === "in") {
        return listedSet(count, absent, test, (set) => {
          for (const value of numbersOf(test.values)) {
            addRange(set, starts, { from: line.from(value), to: line.above(value) });
          }
        });
      }
      const set = noClasses(count);
      if (test.kind === "range") addRange(set, starts, stretchOfRange(line, test));
      return set;
    },
  };
}

/** The classes of the stretches of a line alone, without a field: for `time`. */
export function stretchClasses(line: NumberLine, starts: readonly number[]): FieldClass[] {
  return starts.map((start, at) => stretchClass(line, start, starts[at + 1]));
}

/** Adds the stretches that lie within `[from, to)`. */
export function addRange(
  set: ClassSet,
  starts: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): void {
  for (let at = stretchOf(starts, from); at < starts.length; at++) {
    const start = starts[at] ?? 0;
    if (start >= to) break;
    if (start >= from) addClass(set, at);
  }
}

function boundsOf(line: NumberLine, test: Test): readonly number[] {
  if (test.kind === "range") {
    const { from, to } = stretchOfRange(line, test);
    return [from, to];
  }
  if (test.kind !== "in") return [];
  return numbersOf(test.values).flatMap((value) => [line.from(value), line.above(value)]);
}

function numbersOf(values: readonly AttributeValue[]): readonly number[] {
  return values.filter((value) => typeof value === "number");
}

function stretchClass(line: NumberLine, start: number, end: number | undefined): FieldClass {
  const value = sampleOf(line, start, end ?? line.above(line.most));
  return { label: stretchLabel(line, start, end), value };
}

function stretchLabel(line: NumberLine, start: number, end: number | undefined): string {
  const isFirst = start === line.least;
  if (end === undefined) return isFirst ? "any number" : `at least ${start}`;
  if (end === line.above(start)) return `${start}`;
  return isFirst ? `below ${end}` : `at least ${start}, below ${end}`;
}
