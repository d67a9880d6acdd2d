import { needs as allNeeds, type Need } from "../terms/api.ts";
import type { Test } from "../terms/program.ts";
import type { FieldRows, FieldUse } from "./match-index-field.ts";
import { deriveRow, everyEntry, type Rows } from "./match-index-rows.ts";

/** The row of `needs` for each way in which the needs that tests mention can be there or not: at most 128. */
export function needsRows(rows: Rows, use: FieldUse): FieldRows {
  const masks = use.tests.map((tests) =>
    tests?.flatMap((test) => (test.kind === "needs" ? [masksOf(test)] : [])),
  );
  const mentioned = masks
    .flatMap((each) => each ?? [])
    .reduce((mask, { all, any, none }) => mask | all | any | none, 0);
  const rowOf = Array.from({ length: 2 ** allNeeds.length }, (_, mask) =>
    (mask & ~mentioned) !== 0
      ? everyEntry
      : deriveRow(rows, everyEntry, use.entries, (entry) =>
          (masks[entry] ?? []).every((test) => holds(test, mask)),
        ),
  );
  return { rowOf: ({ needs }) => rowOf[maskOf(needs) & mentioned] ?? everyEntry };
}

interface Masks {
  readonly all: number;
  readonly any: number;
  readonly none: number;
}

function masksOf(test: Extract<Test, { kind: "needs" }>): Masks {
  return { all: maskOf(test.all), any: maskOf(test.any), none: maskOf(test.none) };
}

function maskOf(needs: readonly Need[]): number {
  let mask = 0;
  for (const need of needs) mask |= 1 << allNeeds.indexOf(need);
  return mask;
}

function holds({ all, any, none }: Masks, mask: number): boolean {
  return (mask & all) === all && (any === 0 || (mask & any) !== 0) && (mask & none) === 0;
}
