import { maskSecrets } from "../../diagnostics/mask-keys.ts";
import { printable } from "../../diagnostics/printable.ts";
import { locator } from "../../diagnostics/span.ts";
import { percentText, type Share } from "../../testing/coverage/percentage.ts";
import type { CoveredItem } from "../../testing/coverage/report.ts";
import { testText } from "../../testing/suggest/write-test.ts";
import type { Paint } from "./paint.ts";
import type { PolicyCoverage } from "./test-report.ts";

/**
 * Draws what tests cover of a policy on its own text: `✓` before a line whose routes, steps and ceilings are all put to
 * use, `✗` before one where any is not, with how many are where the line holds several. Below it stands what is not
 * covered, with a test for it where one was found.
 */
export function coverageText(coverage: PolicyCoverage, paint: Paint): string {
  const { policy } = coverage;
  const percent = percentText(coverage);
  const title = `coverage of ${printable(policy.file)}: ${share(coverage)} (${percent})`;
  const kinds = (["route", "step", "ceiling"] as const).map((kind) => {
    const own = coverage.items.filter((item) => item.kind === kind);
    return `${kind}s ${share({ covered: own.filter(isCovered).length, total: own.length })}`;
  });
  return [
    paint("bold", title),
    `  ${kinds.join(", ")}`,
    "",
    ...drawing(coverage, paint),
    ...missing(coverage, paint),
  ].join("\n");
}

function share({ covered, total }: Share): string {
  return `${covered} of ${total}`;
}

function isCovered({ by }: CoveredItem): boolean {
  return by.length > 0;
}

/** The items of each line of the policy. */
function itemsByLine({ items, policy }: PolicyCoverage): ReadonlyMap<number, CoveredItem[]> {
  const locate = locator(policy.loaded.text);
  return Map.groupBy(items, ({ path }) => locate(policy.loaded.keySpanOf(path).start).line);
}

function drawing(coverage: PolicyCoverage, paint: Paint): readonly string[] {
  const byLine = itemsByLine(coverage);
  const lines = coverage.policy.loaded.text.replace(/\n$/, "").split("\n");
  const width = String(lines.length).length;
  return lines.map((line, index) => {
    const number = String(index + 1).padStart(width);
    const shown = printable(maskSecrets(line.replace(/\r$/, "")));
    return `${gutter(byLine.get(index + 1) ?? [], paint)} ${paint("dim", `${number} |`)} ${shown}`.trimEnd();
  });
}

const gutterWidth = 5;

function gutter(items: readonly CoveredItem[], paint: Paint): string {
  if (items.length === 0) return " ".repeat(gutterWidth + 2);
  const covered = items.filter(isCovered).length;
  const isWhole = covered === items.length;
  const count = items.length === 1 ? "" : `${covered}/${items.length}`;
  const mark = isWhole ? paint("green", "✓") : paint("red", "✗");
  return `${mark} ${count.padEnd(gutterWidth)}`;
}

function missing(coverage: PolicyCoverage, paint: Paint): readonly string[] {
  const { items, suggestions, policy } = coverage;
  const uncovered = items.filter((item) => !isCovered(item));
  if (uncovered.length === 0) return [];
  const locate = locator(policy.loaded.text);
  const suggested = new Set(suggestions.flatMap((each) => each.items.map(({ id }) => id)));
  const lines = uncovered.map((item) => {
    const { line } = locate(policy.loaded.keySpanOf(item.path).start);
    const note = suggested.has(item.id)
      ? ""
      : paint("dim", "  (no request was found that puts it to use)");
    return `  ${paint("red", "✗")} ${printable(`${policy.file}:${line} ${item.label}`)}${note}`;
  });
  const tests = suggestions.map((each) => printable(testText(each)).trimEnd());
  return [
    "",
    paint("bold", "not covered"),
    ...lines,
    ...(tests.length === 0
      ? []
      : ["", paint("bold", "tests that would cover it, as the policy stands"), ...tests]),
  ];
}
