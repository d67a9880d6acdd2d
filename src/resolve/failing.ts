import type { AttributeValue, Facts } from "../terms/facts.ts";
import type { Condition, FieldName, Test } from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";

/** The first part of a condition that a request does not meet, in words. */
export interface Failing {
  /** As the policy writes it: `model`, `team`, `anyOf`. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Walks a condition and names the first part that fails, or `undefined` where it holds.
 *
 * Written apart from the compiled matchers on purpose: `explain` must find by itself what `resolve` found.
 */
export function firstFailing(
  condition: Condition,
  facts: Facts,
  minute: number,
): Failing | undefined {
  for (const { field, test } of condition.fields) {
    if (!holds(field, test, facts, minute)) {
      return {
        field: fieldLabel(field),
        expected: testWords(test),
        found: foundWords(field, facts, minute),
      };
    }
  }
  if (!condition.anyOf) return undefined;
  const branches = condition.anyOf.map((branch) => firstFailing(branch, facts, minute));
  if (branches.some((branch) => branch === undefined)) return undefined;
  const found = branches.map((branch) => `${branch?.field}: ${branch?.found}`).join("; ");
  return { field: "anyOf", expected: "one of its blocks", found };
}

/** The field's name as the policy writes it. */
export function fieldLabel(field: FieldName): string {
  return field.startsWith("attributes.") ? field.slice("attributes.".length) : field;
}

function readField(field: FieldName, facts: Facts): AttributeValue | undefined {
  if (field === "needs" || field === "time") return undefined;
  if (field.startsWith("attributes.")) return facts.attributes[field.slice("attributes.".length)];
  return facts[field as Exclude<FieldName, "needs" | "time" | `attributes.${string}`>];
}

function holds(field: FieldName, test: Test, facts: Facts, minute: number): boolean {
  const value = readField(field, facts);
  switch (test.kind) {
    case "in": {
      const inside = value === undefined ? test.absent : isListed(test, value);
      return test.not ? !inside : inside;
    }
    case "range":
      return (
        typeof value === "number" &&
        !(test.gte !== undefined && value < test.gte) &&
        !(test.gt !== undefined && value <= test.gt) &&
        !(test.lte !== undefined && value > test.lte) &&
        !(test.lt !== undefined && value >= test.lt)
      );
    case "time":
      return test.windows.some(({ from, to }) => minute >= from && minute < to);
    case "needs": {
      const has = new Set(facts.needs);
      if (test.all.some((need) => !has.has(need))) return false;
      if (test.none.some((need) => has.has(need))) return false;
      return test.any.length === 0 || test.any.some((need) => has.has(need));
    }
    default:
      return unreachable(test);
  }
}

function isListed(test: Extract<Test, { kind: "in" }>, value: AttributeValue): boolean {
  if (test.present || test.values.includes(value)) return true;
  return typeof value === "string" && test.globs.some((glob) => globMatches(glob, value));
}

function globMatches(glob: string, text: string): boolean {
  const [before = "", after = ""] = glob.split("*");
  if (!glob.includes("*")) return glob === text;
  return text.startsWith(before) && text.slice(before.length).endsWith(after);
}

/** A test in the words of the policy: `one of public, private`, `at least 150000`, `all of tools`. */
export function testWords(test: Test): string {
  switch (test.kind) {
    case "in": {
      const words = [...test.values.map(String), ...test.globs];
      if (test.present) words.push("present");
      if (test.absent) words.push("absent");
      const list = words.length === 1 ? `${words[0]}` : `one of ${words.join(", ")}`;
      return test.not ? `not ${list}` : list;
    }
    case "range":
      return rangeWords(test);
    case "time":
      return test.windows
        .map(({ from, to }) => `${weekTime(from)} to ${weekTime(to)}`)
        .join(" or ");
    case "needs":
      return needsWords(test);
    default:
      return unreachable(test);
  }
}

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** A minute of the week as people say it: `fri 22:00`; the end of the week is `sun 24:00`. */
export function weekTime(minute: number): string {
  const day = Math.min(Math.floor(minute / 1440), days.length - 1);
  const within = minute - day * 1440;
  const two = (number: number) => String(number).padStart(2, "0");
  return `${days[day]} ${two(Math.floor(within / 60))}:${two(within % 60)}`;
}

function rangeWords(test: Extract<Test, { kind: "range" }>): string {
  const words = [
    test.gte === undefined ? "" : `at least ${test.gte}`,
    test.gt === undefined ? "" : `more than ${test.gt}`,
    test.lte === undefined ? "" : `at most ${test.lte}`,
    test.lt === undefined ? "" : `less than ${test.lt}`,
  ];
  return words.filter((word) => word !== "").join(" and ");
}

function needsWords(test: Extract<Test, { kind: "needs" }>): string {
  const words = [
    test.all.length === 0 ? "" : `all of ${test.all.join(", ")}`,
    test.any.length === 0 ? "" : `any of ${test.any.join(", ")}`,
    test.none.length === 0 ? "" : `none of ${test.none.join(", ")}`,
  ];
  return words.filter((word) => word !== "").join(" and ");
}

function foundWords(field: FieldName, facts: Facts, minute: number): string {
  if (field === "time") return weekTime(minute);
  if (field === "needs") return facts.needs.length === 0 ? "none" : facts.needs.join(", ");
  const value = readField(field, facts);
  return value === undefined ? "absent" : String(value);
}
