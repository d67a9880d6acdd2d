import type { Policy } from "../../policy/policy.generated.ts";
import type { Linked } from "../../resolve/link.ts";
import type { TestResult } from "../run-test.ts";
import { coverage } from "./covered.ts";
import { type CoverageItem, coverageItems } from "./items.ts";
import type { Share } from "./percentage.ts";

/** An item with the tests that cover it. */
export interface CoveredItem extends CoverageItem {
  /** Names of the tests, in the order they were run. */
  readonly by: readonly string[];
}

/** What the tests of one policy cover of it. */
export interface CoverageReport extends Share {
  /** Routes, then steps, then ceilings, each in file order. */
  readonly items: readonly CoveredItem[];
}

/** Counts what tests cover of a policy, whether they passed or not. */
export function coverageReport(
  policy: Policy,
  linked: Linked,
  results: readonly TestResult[],
): CoverageReport {
  const coveredBy = coverage(policy, linked);
  const by = new Map<string, string[]>();
  for (const { test, facts, attempts } of results) {
    const attempted = attempts.map(({ target }) => target);
    for (const id of coveredBy({ facts, given: test.given, attempted })) {
      const names = by.get(id);
      if (names) names.push(test.name);
      else by.set(id, [test.name]);
    }
  }
  const items = coverageItems(policy).map((item) => ({ ...item, by: by.get(item.id) ?? [] }));
  return { items, covered: items.filter((item) => item.by.length > 0).length, total: items.length };
}
