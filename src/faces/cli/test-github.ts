import { findingCommand, mostAnnotations } from "../../diagnostics/render-github.ts";
import { type Locate, locator } from "../../diagnostics/span.ts";
import { workflowCommand } from "../../diagnostics/workflow-command.ts";
import { type PercentBound, percentText } from "../../testing/coverage/percentage.ts";
import { fallsShort, summaryText, type TestReport } from "./test-report.ts";

/**
 * Writes a run of tests as workflow commands of GitHub Actions: findings, failures and too little coverage in their
 * lines, nine at most; then the sum, a notice where anything was left out.
 */
export function testsGithub(report: TestReport, bound: PercentBound | undefined): string {
  const all = [...findings(report), ...failures(report), ...shortfalls(report, bound)];
  const shown = all.slice(0, mostAnnotations);
  const rest = all.length - shown.length;
  const summary = summaryText(report);
  const last =
    rest === 0
      ? summary
      : workflowCommand("notice", { title: "signalbox" }, `${summary}; ${rest} not shown here`);
  return `${[...shown, last].join("\n")}\n`;
}

function findings({ findings: found, sources }: TestReport): readonly string[] {
  const locators = new Map<string, Locate>();
  for (const [file, text] of sources) locators.set(file, locator(text));
  return found.map((finding) => findingCommand(finding, locators.get(finding.file)));
}

function failures({ results }: TestReport): readonly string[] {
  return results
    .filter(({ diff }) => diff.length > 0)
    .map(({ file, line, test, diff }) => {
      const rows = diff.map(
        ({ field, expected, found }) => `${field}: expected ${expected}, found ${found}`,
      );
      return workflowCommand("error", { file, line, title: test.name }, rows.join("\n"));
    });
}

function shortfalls(report: TestReport, bound: PercentBound | undefined): readonly string[] {
  return fallsShort(report, bound).map((coverage) => {
    const missing = coverage.items.filter(({ by }) => by.length === 0).map(({ label }) => label);
    const text = `${percentText(coverage)} of the policy is covered by tests; missing: ${missing.join("; ")}`;
    return workflowCommand(
      "error",
      { file: coverage.policy.file, line: 1, title: "coverage" },
      text,
    );
  });
}
