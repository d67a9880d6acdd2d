import { findingsReport } from "../../diagnostics/render-json.ts";
import { decisionJson } from "../../resolve/decision-json.ts";
import { attemptWords } from "../../testing/compare.ts";
import { type PercentBound, percentText } from "../../testing/coverage/percentage.ts";
import { testText } from "../../testing/suggest/write-test.ts";
import { itemPlaces } from "./test-item-places.ts";
import {
  fallsShort,
  type PlacedResult,
  type PolicyCoverage,
  type TestReport,
} from "./test-report.ts";

/** Writes a run of tests for machines: one JSON document with a line end. */
export function testsJson(report: TestReport, bound: PercentBound | undefined): string {
  const { results, findings, coverage, sources } = report;
  const failed = results.filter(({ diff }) => diff.length > 0).length;
  const found = findingsReport(findings, sources);
  const document = {
    format_version: 1,
    tests: results.map(testJson),
    passed: results.length - failed,
    failed,
    findings: found.findings,
    errors: found.errors,
    ...(coverage && { coverage: coverage.map(coverageJson) }),
    ...(bound && { short: fallsShort(report, bound).map(({ policy }) => policy.file) }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function testJson({ test, file, line, policy, diff, decision, attempts, notes }: PlacedResult) {
  return {
    file,
    line,
    name: test.name,
    policy: policy.file,
    passed: diff.length === 0,
    diff,
    decision: decisionJson(decision),
    attempts: attempts.map(attemptWords),
    notes,
  };
}

function coverageJson(coverage: PolicyCoverage) {
  const { policy, covered, total, items, suggestions } = coverage;
  const placeOf = itemPlaces(policy);
  return {
    policy: policy.file,
    covered,
    total,
    percent: percentText(coverage),
    items: items.map((item) => {
      const { kind, id, label, by } = item;
      return { kind, id, label, ...placeOf(item), covered: by.length > 0, by };
    }),
    suggestions: suggestions.map((each) => ({
      covers: each.items.map(({ id }) => id),
      test: testText(each),
    })),
  };
}
