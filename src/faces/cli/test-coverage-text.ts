import { maskKeys } from "../../diagnostics/mask-keys.ts";
import { printable } from "../../diagnostics/printable.ts";
import { percentText, type Share } from "../../testing/coverage/percentage.ts";
import type { CoveredItem } from "../../testing/coverage/report.ts";
import { testText } from "../../testing/suggest/write-test.ts";
import type { Paint } from "./paint.ts";
import { itemPlaces } from "./test-item-places.ts";
import type { PolicyCoverage } from "./test-report.ts";

/**
 * Draws what tests cover of a policy on its own text: `✓` before a line whose routes, steps and ceilings are all put to
 * use, `✗` before one where any is not, with how many are where the line holds several. Files that the policy includes
 * follow where they hold any. Below stands what is not covered, with a test for it where one was found.
 */
export function coverageText(coverage: PolicyCoverage, paint: Paint): string {
  const { policy, items } = coverage;
  const title = `coverage of ${printable(policy.file)}: ${share(coverage)} (${percentText(coverage)})`;
  const kinds = (["route", "step", "ceiling"] as const).map((kind) => {
    const own = items.filter((item) => item.kind === kind);
    return `${kind}s ${share({ covered: own.filter(isCovered).length, total: own.length })}`;
  });
  return [
    paint("bold", title),
    `  ${kinds.join(", ")}`,
    "",
    ...drawings(coverage, paint),
    ...missing(coverage, paint),
  ].join("\n");
}

function share({ covered, total }: Share): string {
  return `${covered} of ${total}`;
}

function isCovered({ by }: CoveredItem): boolean {
  return by.length > 0;
}

/** The policy's own file, then each included one that holds anything to cover. */
function drawings({ items, policy }: PolicyCoverage, paint: Paint): readonly string[] {
  const placeOf = itemPlaces(policy);
  const byFile = Map.groupBy(items, (item) => placeOf(item).file);
  return [...policy.loaded.sources].flatMap(([file, text]) => {
    const own = byFile.get(file);
    const isMain = file === policy.loaded.file;
    if (!own && !isMain) return [];
    const byLine = Map.groupBy(own ?? [], (item) => placeOf(item).line);
    const heading = isMain ? [] : ["", paint("bold", printable(file))];
    return [...heading, ...drawing(text, byLine, paint)];
  });
}

function drawing(
  text: string,
  byLine: ReadonlyMap<number, readonly CoveredItem[]>,
  paint: Paint,
): readonly string[] {
  const lines = text.replace(/\n$/, "").split("\n");
  const width = String(lines.length).length;
  return lines.map((line, index) => {
    const number = String(index + 1).padStart(width);
    const shown = printable(maskKeys(line.replace(/\r$/, "")));
    const mark = gutter(byLine.get(index + 1) ?? [], paint);
    return `${mark} ${paint("dim", `${number} |`)} ${shown}`.trimEnd();
  });
}

const gutterWidth = 5;

function gutter(items: readonly CoveredItem[], paint: Paint): string {
  if (items.length === 0) return " ".repeat(gutterWidth + 2);
  const covered = items.filter(isCovered).length;
  const mark = covered === items.length ? paint("green", "✓") : paint("red", "✗");
  const count = items.length === 1 ? "" : `${covered}/${items.length}`;
  return `${mark} ${count.padEnd(gutterWidth)}`;
}

function missing({ items, suggestions, policy }: PolicyCoverage, paint: Paint): readonly string[] {
  const uncovered = items.filter((item) => !isCovered(item));
  if (uncovered.length === 0) return [];
  const placeOf = itemPlaces(policy);
  const suggested = new Set(suggestions.flatMap((each) => each.items.map(({ id }) => id)));
  const lines = uncovered.map((item) => {
    const { file, line } = placeOf(item);
    const isFound = suggested.has(item.id);
    const note = isFound ? "" : paint("dim", "  (no request was found that puts it to use)");
    return `  ${paint("red", "✗")} ${printable(`${file}:${line} ${item.label}`)}${note}`;
  });
  const tests = suggestions.map((each) => printable(testText(each)).trimEnd());
  const heading = ["", paint("bold", "tests that would cover it, as the policy stands")];
  return [
    "",
    paint("bold", "not covered"),
    ...lines,
    ...(tests.length === 0 ? [] : [...heading, ...tests]),
  ];
}
