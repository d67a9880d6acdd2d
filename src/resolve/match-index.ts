import type { Facts } from "../terms/facts.ts";
import type { Condition } from "../terms/program.ts";
import { matcherOf } from "./condition.ts";
import { entriesOf, type FieldRows, type FieldUse, usesOf } from "./match-index-field.ts";
import { needsRows } from "./match-index-needs.ts";
import { createRows, type Rows, truncateRows } from "./match-index-rows.ts";
import { numberRows, timeRows } from "./match-index-stretches.ts";
import { valueRows } from "./match-index-values.ts";

/** The place of the first condition that holds for a request at a minute of the week; -1 where none does. */
export type FirstMatch = (facts: Facts, minute: number) => number;

/** Up to so many conditions it is about as quick to ask one after the other, and a request may meet the first. */
const mostLinear = 8;

/** Rows made for what callers sent are dropped once there are so many. */
const mostNewRows = 4096;

/** Makes conditions ready to find the first that holds. Pure but for memos of the values that requests brought. */
export function firstMatch(conditions: readonly Condition[]): FirstMatch {
  return conditions.length > mostLinear ? indexedMatch(conditions) : linearMatch(conditions);
}

/** Asks the conditions one after the other. */
export function linearMatch(conditions: readonly Condition[]): FirstMatch {
  const matchers = conditions.map(matcherOf);
  return (facts, minute) => {
    for (let at = 0; at < matchers.length; at++) if (matchers[at]?.(facts, minute)) return at;
    return -1;
  };
}

/**
 * Looks up for each field that any condition mentions which of them its value admits, as a row of bits, and takes the
 * first that all rows have. What no condition mentions is not looked at.
 */
export function indexedMatch(conditions: readonly Condition[]): FirstMatch {
  const entries = entriesOf(conditions);
  const rows = createRows(entries.length);
  const fields = usesOf(entries).map((use) => fieldRows(rows, use));
  const { rowCount, wordCount } = rows;
  const conditionOf = Int32Array.from(entries, ({ condition }) => condition);
  const starts = new Uint32Array(Math.max(1, fields.length));
  return (facts, minute) => {
    if (rows.rowCount > rowCount + mostNewRows) {
      for (const { forget } of fields) forget?.();
      truncateRows(rows, rowCount, wordCount);
    }
    for (let at = 0; at < fields.length; at++) {
      starts[at] = (fields[at]?.rowOf(facts, minute) ?? 0) * rows.chunks;
    }
    return conditionOf[firstInAll(rows, starts)] ?? -1;
  };
}

function fieldRows(rows: Rows, use: FieldUse): FieldRows {
  if (use.field === "needs") return needsRows(rows, use);
  if (use.field === "time") return timeRows(rows, use);
  const hasRange = use.tests.some((tests) => tests?.some(({ kind }) => kind === "range"));
  return hasRange ? numberRows(rows, use) : valueRows(rows, use);
}

/** The first entry that all rows hold, -1 where there is none; a row is given by where its chunks start. */
function firstInAll({ chunks, summaries, places, words }: Rows, starts: Uint32Array): number {
  for (let chunk = 0; chunk < chunks; chunk++) {
    let live = -1;
    for (const start of starts) live &= summaries[start + chunk] ?? 0;
    for (; live !== 0; live &= live - 1) {
      const at = 31 - Math.clz32(live & -live);
      let word = -1;
      for (const start of starts) word &= words[(places[start + chunk] ?? 0) + at] ?? 0;
      if (word !== 0) return (chunk * 32 + at) * 32 + 31 - Math.clz32(word & -word);
    }
  }
  return -1;
}
