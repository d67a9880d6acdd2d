import type { Test } from "../../terms/program.ts";
import { noClasses } from "./class-set.ts";
import type { FieldClasses } from "./field-classes.ts";
import { addRange, stretchClasses } from "./number-classes.ts";
import { stretchOf, stretchStarts, wholeNumbers } from "./number-line.ts";

const minutesOfWeek = wholeNumbers(7 * 24 * 60 - 1);

/** The classes of the moment: the stretches of the week between the ends of the windows that conditions name. */
export function timeClasses(tests: readonly Test[]): FieldClasses {
  const starts = stretchStarts(
    minutesOfWeek,
    tests.flatMap(windowsOf).flatMap(({ from, to }) => [from, to]),
  );
  const classes = stretchClasses(minutesOfWeek, starts);
  return {
    field: "time",
    classes,
    classOf: (_, minute) => stretchOf(starts, minute),
    admitted: (test) => {
      const set = noClasses(classes.length);
      for (const window of windowsOf(test)) addRange(set, starts, window);
      return set;
    },
  };
}

function windowsOf(test: Test) {
  return test.kind === "time" ? test.windows : [];
}
