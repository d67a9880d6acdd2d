import { printable } from "../../diagnostics/printable.ts";
import type { PercentBound } from "../../testing/coverage/percentage.ts";
import { percentText } from "../../testing/coverage/percentage.ts";
import { explanationText } from "./explain-text.ts";
import { columns, type Paint, painter } from "./paint.ts";
import { coverageText } from "./test-coverage-text.ts";
import { fallsShort, type PlacedResult, summaryText, type TestReport } from "./test-report.ts";

/** Writes a run of tests for people: a line for each test, what is wrong with those that fail, coverage, the sum. */
export function testsPretty(
  report: TestReport,
  bound: PercentBound | undefined,
  colour: boolean,
): string {
  const paint = painter(colour);
  const byFile = Map.groupBy(report.results, ({ file }) => file);
  const files = [...byFile].map(([file, results]) =>
    [paint("bold", printable(file)), ...results.map((each) => resultText(each, paint, colour))]
      .join("\n")
      .trimEnd(),
  );
  const blocks = [
    ...files,
    ...(report.coverage ?? []).map((each) => coverageText(each, paint)),
    closing(report, bound, paint),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function resultText(result: PlacedResult, paint: Paint, colour: boolean): string {
  const { test, diff, file, line } = result;
  const name = printable(test.name);
  if (diff.length === 0) return `${paint("green", "✓")} ${name}`;
  const rows = [
    ["", "expected", "found"],
    ...diff.map(({ field, expected, found }) => [field, expected, found]),
  ];
  const { explanation, facts, notes } = result;
  const explained = explanationText(explanation, facts, notes, colour).trimEnd();
  return [
    `${paint("red", "✗")} ${name}  ${paint("dim", `${printable(file)}:${line}`)}`,
    ...columns(rows, 4).map(printable),
    "",
    ...explained.split("\n").map((each) => (each === "" ? "" : `    ${each}`)),
    "",
  ].join("\n");
}

function closing(report: TestReport, bound: PercentBound | undefined, paint: Paint): string {
  const short = fallsShort(report, bound).map(({ policy, covered, total }) => {
    const share = percentText({ covered, total });
    const least = bound ? `${bound.amount / bound.scale}%` : "";
    return paint("red", `${printable(policy.file)} is covered to ${share}, less than ${least}`);
  });
  return [...short, summaryText(report)].join("\n");
}
