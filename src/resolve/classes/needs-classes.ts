import { needs as allNeeds, type Need } from "../../terms/api.ts";
import type { Test } from "../../terms/program.ts";
import { addClass, noClasses } from "./class-set.ts";
import type { FieldClasses } from "./field-classes.ts";

/**
 * The classes of `needs`: each way in which the needs that conditions mention can be there or not. With seven needs in
 * all these are at most 128, and a test is then a set of classes like any other.
 */
export function needsClasses(tests: readonly Test[]): FieldClasses {
  const mentioned = allNeeds.filter((need) => tests.some((test) => mentions(test, need)));
  const count = 2 ** mentioned.length;
  const needsOf = (index: number) => mentioned.filter((_, at) => ((index >> at) & 1) === 1);
  return {
    field: "needs",
    classes: Array.from({ length: count }, (_, index) => ({
      label: labelOf(mentioned, needsOf(index)),
      value: needsOf(index),
    })),
    classOf: ({ needs }) =>
      mentioned.reduce((index, need, at) => index | (needs.includes(need) ? 1 << at : 0), 0),
    admitted: (test) => {
      const set = noClasses(count);
      for (let index = 0; index < count; index++) {
        if (holds(test, needsOf(index))) addClass(set, index);
      }
      return set;
    },
  };
}

function mentions(test: Test, need: Need): boolean {
  if (test.kind !== "needs") return false;
  return [test.all, test.any, test.none].some((list) => list.includes(need));
}

function holds(test: Test, needs: readonly Need[]): boolean {
  if (test.kind !== "needs") return false;
  return (
    test.all.every((need) => needs.includes(need)) &&
    (test.any.length === 0 || test.any.some((need) => needs.includes(need))) &&
    !test.none.some((need) => needs.includes(need))
  );
}

function labelOf(mentioned: readonly Need[], present: readonly Need[]): string {
  return mentioned.map((need) => (present.includes(need) ? need : `no ${need}`)).join(", ");
}
