import { type Diagnostic, sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { locator } from "../../diagnostics/span.ts";
import { type PercentBound, reaches } from "../../testing/coverage/percentage.ts";
import { type CoverageReport, coverageReport } from "../../testing/coverage/report.ts";
import { runTest, type TestResult } from "../../testing/run-test.ts";
import type { Settled } from "../../testing/simulate.ts";
import { type Suggestion, suggestTests } from "../../testing/suggest/suggest.ts";
import type { ReadTests, TestedPolicy } from "./read-tests.ts";

/** One test that was run, with where it stands. */
export interface PlacedResult extends TestResult {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly policy: TestedPolicy;
}

/** What the tests of one policy, from all files together, cover of it. */
export interface PolicyCoverage extends CoverageReport {
  readonly policy: TestedPolicy;
  readonly suggestions: readonly Suggestion[];
}

/** All that is said of a run of tests. */
export interface TestReport {
  /** In the order of the files and of the tests in them. */
  readonly results: readonly PlacedResult[];
  /** Of the test files, and errors of their policies. */
  readonly findings: readonly Diagnostic[];
  /** Missing where nobody asked for it. */
  readonly coverage?: readonly PolicyCoverage[];
  /** Texts by file, for excerpts. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Runs the tests of files that have no errors, and counts what they cover. */
export async function testReport(
  read: readonly ReadTests[],
  { run, coverage }: { readonly run?: string; readonly coverage: boolean },
  settled: Settled,
): Promise<TestReport> {
  const results: PlacedResult[] = [];
  for (const { ready } of read) {
    if (!ready) continue;
    const locate = locator(ready.tests.text);
    for (const test of ready.tests.tests) {
      if (run !== undefined && !test.name.includes(run)) continue;
      const { line } = locate(ready.tests.keySpanOf(["tests", test.index]).start);
      const result = await runTest(ready.policy.linked, test, settled);
      results.push({ ...result, file: ready.tests.file, line, policy: ready.policy });
    }
  }
  const findings = sortDiagnostics(findingsOf(read));
  const sources = new Map<string, string>();
  for (const each of read) {
    sources.set(each.file, each.text);
    for (const [file, text] of each.read?.sources ?? []) sources.set(file, text);
  }
  const report = { results, findings, sources };
  return coverage ? { ...report, coverage: policyCoverages(read, results) } : report;
}

/** A policy that several test files name tells its errors once; its warnings are left to `validate`. */
function findingsOf(read: readonly ReadTests[]): readonly Diagnostic[] {
  const ofPolicies = new Map(
    read.flatMap((each) => (each.read ? [[each.read.file, each.read.diagnostics] as const] : [])),
  );
  const errors = [...ofPolicies.values()].flat().filter(({ severity }) => severity === "error");
  return [...read.flatMap(({ diagnostics }) => diagnostics), ...errors];
}

function policyCoverages(
  read: readonly ReadTests[],
  results: readonly PlacedResult[],
): readonly PolicyCoverage[] {
  const policies = new Map(
    read.flatMap(({ ready }) => (ready ? [[ready.policy.file, ready.policy] as const] : [])),
  );
  return [...policies.values()].map((policy) => {
    const { loaded, linked } = policy;
    const own = results.filter((result) => result.policy.file === policy.file);
    const report = coverageReport(loaded.policy, linked, own);
    const uncovered = report.items.filter(({ by }) => by.length === 0);
    const suggestions =
      uncovered.length === 0 ? [] : suggestTests(loaded.policy, linked, uncovered);
    return { ...report, policy, suggestions };
  });
}

/** The policies of which less is covered than asked for. */
export function fallsShort(
  { coverage = [] }: TestReport,
  bound: PercentBound | undefined,
): readonly PolicyCoverage[] {
  return bound ? coverage.filter((each) => !reaches(each, bound)) : [];
}

/** `7 tests, 6 passed, 1 failed`, and the findings where there are any. */
export function summaryText({ results, findings }: TestReport): string {
  const failed = results.filter(({ diff }) => diff.length > 0).length;
  const passed = results.length - failed;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const parts = [
    results.length === 1 ? "1 test" : `${results.length} tests`,
    ...(passed > 0 || failed === 0 ? [`${passed} passed`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(errors > 0 ? [errors === 1 ? "1 error" : `${errors} errors`] : []),
  ];
  return parts.join(", ");
}
