import type { Facts } from "../terms/facts.ts";
import type { Condition, FieldName, FieldTest, Test } from "../terms/program.ts";

/** The fields of a condition without `anyOf`, and the condition that it stands for, whole or as one way to meet it. */
export interface Entry {
  readonly condition: number;
  readonly fields: readonly FieldTest[];
}

/**
 * Conditions as entries, in order: one for each way through their `anyOf`s. There are no more of them than match blocks,
 * for a block holds one `anyOf` at most.
 */
export function entriesOf(conditions: readonly Condition[]): readonly Entry[] {
  const entries: Entry[] = [];
  const add = (condition: number, outer: readonly FieldTest[], { fields, anyOf }: Condition) => {
    const both = outer.length === 0 ? fields : [...outer, ...fields];
    if (!anyOf) entries.push({ condition, fields: both });
    for (const branch of anyOf ?? []) add(condition, both, branch);
  };
  conditions.forEach((condition, at) => {
    add(at, [], condition);
  });
  return entries;
}

/** What the entries ask of one field: for each entry that mentions it, its tests, all of which must hold. */
export interface FieldUse {
  readonly field: FieldName;
  /** In order. */
  readonly entries: readonly number[];
  /** By entry. */
  readonly tests: readonly (readonly Test[] | undefined)[];
}

/** The fields that entries mention, each with its uses, the most used first. */
export function usesOf(entries: readonly Entry[]): readonly FieldUse[] {
  const uses = new Map<FieldName, { readonly entries: number[]; readonly tests: Test[][] }>();
  entries.forEach(({ fields }, entry) => {
    for (const { field, test } of fields) {
      const use = uses.get(field) ?? { entries: [], tests: [] };
      const known = use.tests[entry];
      if (known) {
        known.push(test);
        continue;
      }
      use.entries.push(entry);
      use.tests[entry] = [test];
      uses.set(field, use);
    }
  });
  return [...uses]
    .map(([field, use]) => ({ field, ...use }))
    .sort((left, right) => right.entries.length - left.entries.length);
}

/** Finds, for one field, the row of the entries that a request meets as far as that field goes. */
export interface FieldRows {
  readonly rowOf: (facts: Facts, minute: number) => number;
  /** Drops what was remembered of requests: the rows made since all fields were ready are about to go. */
  readonly forget?: () => void;
}
