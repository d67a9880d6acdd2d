import type { AttributeValue } from "../terms/facts.ts";
import type { Test } from "../terms/program.ts";
import { globKey } from "./classes/glob-classes.ts";
import { globSearch } from "./classes/glob-search.ts";
import { readerOf } from "./condition.ts";
import type { FieldRows, FieldUse } from "./match-index-field.ts";
import { deriveRow, everyEntry, type Rows } from "./match-index-rows.ts";

/** Callers choose values, and so sets of globs; this many of each are remembered before the memo starts afresh. */
const mostSeen = 4096;

/** Up to so many values a list is as quick as a set, and smaller. */
const fewValues = 8;

/**
 * The rows of a field that only lists and globs test: one for each listed value, one for the missing value, and as
 * requests bring them one for each set of globs that some other value meets, the empty set among them.
 */
export function valueRows(rows: Rows, use: FieldUse): FieldRows {
  const lists = listsOf(use);
  const { other, absent, rowOfGlobs, forgetGlobs } = openRows(rows, use, lists);
  const search = globSearch([...lists.globs.keys()]);
  const listed = new Map<AttributeValue, number>();
  for (const [value, entries] of lists.byValue) {
    const globs = typeof value === "string" ? search(value) : [];
    const meets = (entry: number) => lists.meets(entry, value, globs);
    listed.set(value, deriveRow(rows, rowOfGlobs(globs), entries, meets));
  }
  forgetGlobs();
  const seen = new Map<string, number>();
  const remember = (text: string) => {
    const row = rowOfGlobs(search(text));
    if (seen.size >= mostSeen) seen.clear();
    seen.set(text, row);
    return row;
  };
  const read = readerOf(use.field);
  const hasGlobs = lists.globs.size > 0;
  return {
    rowOf: (facts) => {
      const value = read(facts);
      if (value === undefined) return absent;
      const row = listed.get(value);
      if (row !== undefined) return row;
      return hasGlobs && typeof value === "string" ? (seen.get(value) ?? remember(value)) : other;
    },
    forget: () => {
      seen.clear();
      forgetGlobs();
    },
  };
}

/** The tests of a field, prepared: values and globs with the entries that mention them. */
interface Lists {
  /** Every glob with its index. */
  readonly globs: ReadonlyMap<string, number>;
  readonly byValue: ReadonlyMap<AttributeValue, readonly number[]>;
  readonly byGlob: ReadonlyMap<number, readonly number[]>;
  /**
   * Tells whether all tests of an entry hold for a value, given the globs that it meets.
   *
   * @param value `undefined` for a value that no test lists
   */
  readonly meets: (
    entry: number,
    value: AttributeValue | undefined,
    globs: readonly number[],
  ) => boolean;
  /** Tells whether all tests of an entry hold where the value is missing. */
  readonly meetsAbsent: (entry: number) => boolean;
}

/** A test with the indexes of its globs. */
interface List {
  readonly test: Extract<Test, { kind: "in" }>;
  readonly globs: readonly number[];
  /** The values again, where they are many. */
  readonly values: ReadonlySet<AttributeValue> | undefined;
}

function listsOf(use: FieldUse): Lists {
  const globs = new Map<string, number>();
  const byValue = new Map<AttributeValue, number[]>();
  const byGlob = new Map<number, number[]>();
  const lists: (readonly List[])[] = [];
  for (const entry of use.entries) {
    const prepared = preparedLists(use.tests[entry] ?? [], globs);
    lists[entry] = prepared;
    for (const { test, globs: indexes } of prepared) {
      for (const value of test.values) append(byValue, value, entry);
      for (const glob of indexes) append(byGlob, glob, entry);
    }
  }
  const listsFor = (entry: number) => lists[entry] ?? [];
  return {
    globs,
    byValue,
    byGlob,
    meets: (entry, value, met) => {
      for (const list of listsFor(entry)) if (!holds(list, value, met)) return false;
      return true;
    },
    meetsAbsent: (entry) => listsFor(entry).every(({ test }) => test.absent !== test.not),
  };
}

function preparedLists(tests: readonly Test[], indexes: Map<string, number>): readonly List[] {
  const lists: List[] = [];
  for (const test of tests) {
    if (test.kind !== "in") continue;
    const globs = test.globs.map((glob) => indexOf(glob, indexes));
    const values = test.values.length > fewValues ? new Set(test.values) : undefined;
    lists.push({ test, globs, values });
  }
  return lists;
}

function indexOf(glob: string, indexes: Map<string, number>): number {
  const index = indexes.get(glob) ?? indexes.size;
  indexes.set(glob, index);
  return index;
}

function holds(
  { test, globs, values }: List,
  value: AttributeValue | undefined,
  met: readonly number[],
): boolean {
  const isListed =
    test.present ||
    (value !== undefined && (values?.has(value) ?? test.values.includes(value))) ||
    (met.length > 0 && globs.some((glob) => met.includes(glob)));
  return isListed !== test.not;
}

function append<Key>(map: Map<Key, number[]>, key: Key, entry: number): void {
  const entries = map.get(key);
  if (entries) entries.push(entry);
  else map.set(key, [entry]);
}

/** The rows of values that no test lists. */
function openRows(rows: Rows, use: FieldUse, lists: Lists) {
  const other = deriveRow(rows, everyEntry, use.entries, (entry) =>
    lists.meets(entry, undefined, []),
  );
  const absent = deriveRow(rows, other, use.entries, lists.meetsAbsent);
  const known = new Map<string, number>();
  return {
    other,
    absent,
    rowOfGlobs: (globs: readonly number[]): number => {
      if (globs.length === 0) return other;
      const key = globKey(globs);
      const found = known.get(key);
      if (found !== undefined) return found;
      const entries = globs.flatMap((glob) => lists.byGlob.get(glob) ?? []);
      const row = deriveRow(rows, other, entries, (entry) => lists.meets(entry, undefined, globs));
      if (known.size >= mostSeen) known.clear();
      known.set(key, row);
      return row;
    },
    forgetGlobs: (): void => known.clear(),
  };
}
