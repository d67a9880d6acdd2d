import { printable } from "../../diagnostics/printable.ts";
import { type Locate, locator } from "../../diagnostics/span.ts";
import { type PercentBound, percentText } from "../../testing/coverage/percentage.ts";
import { fallsShort, summaryText, type TestReport } from "./test-report.ts";

/** GitHub shows ten annotations a step; one is kept for saying that there are more. */
const most = 9;

interface Annotation {
  readonly file: string;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

/** Writes a run of tests as workflow commands of GitHub Actions: errors in their lines, and the sum as a line of the log. */
export function testsGithub(report: TestReport, bound: PercentBound | undefined): string {
  const all = [...findings(report), ...failures(report), ...shortfalls(report, bound)];
  const shown = all.slice(0, most).map(command);
  const rest = all.length - shown.length;
  const more = rest > 0 ? [`::notice::${rest} more not shown; run signalbox test to see them`] : [];
  return `${[...shown, ...more, summaryText(report)].join("\n")}\n`;
}

function findings({ findings: found, sources }: TestReport): readonly Annotation[] {
  const locators = new Map<string, Locate>();
  for (const [file, text] of sources) locators.set(file, locator(text));
  return found.map(({ file, span, code, message, help }) => ({
    file,
    line: locators.get(file)?.(span.start).line ?? 1,
    title: code,
    message: help === undefined ? message : `${message}\nhelp: ${help}`,
  }));
}

function failures({ results }: TestReport): readonly Annotation[] {
  return results
    .filter(({ diff }) => diff.length > 0)
    .map(({ file, line, test, diff }) => ({
      file,
      line,
      title: `policy test: ${test.name}`,
      message: diff
        .map(({ field, expected, found }) => `${field}: expected ${expected}, found ${found}`)
        .join("\n"),
    }));
}

function shortfalls(report: TestReport, bound: PercentBound | undefined): readonly Annotation[] {
  return fallsShort(report, bound).map((coverage) => ({
    file: coverage.policy.file,
    line: 1,
    title: "policy coverage",
    message: `${percentText(coverage)} of the policy is covered: ${coverage.items
      .filter(({ by }) => by.length === 0)
      .map(({ label }) => label)
      .join("; ")}`,
  }));
}

/** @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions for the form and its escapes */
function command({ file, line, title, message }: Annotation): string {
  return `::error file=${property(file)},line=${line},title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
