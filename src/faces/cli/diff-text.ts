import {
  type ChangedCase,
  type ChangedRegion,
  isSame,
  type OutcomeWords,
  type PolicyDiff,
} from "../../analyze/diff.ts";
import type { RegionChange } from "../../analyze/diff-evaluate.ts";
import type { SettingChange } from "../../analyze/diff-settings.ts";
import { printable } from "../../diagnostics/printable.ts";
import { formatUsd, type NanoUsd } from "../../terms/money.ts";
import { columns, type Paint } from "./paint.ts";
import { counted } from "./replay-text.ts";

export interface DiffPage {
  /** How many regions and settings are told. */
  readonly top: number;
  readonly paint: Paint;
  /** The calls that show a case under both policies, each a line. */
  readonly calls: (shown: ChangedCase) => readonly string[];
}

/** Draws what changes from one policy to another, for people. */
export function diffText(diff: PolicyDiff, page: DiffPage): string {
  const { paint } = page;
  if (isSame(diff)) {
    return `${paint("green", "same")}: every request has the same route, plan, worst cost and ceilings\n`;
  }
  const { regions, undecided, settings } = diff;
  const told = regions.slice(0, page.top);
  const blocks = [
    ...told.map((region) => regionText(region, page)),
    regions.length > told.length
      ? `and requests between ${counted(regions.length - told.length, "more pair")} of routes; --top ${regions.length} tells all`
      : "",
    settings.length > 0 ? settingsText(settings, page) : "",
    ...undecided.map(({ left, right }) =>
      paint(
        "yellow",
        `undecided: requests that go from ${left ?? "no route"} to ${right ?? "no route"} are too many to tell apart`,
      ),
    ),
    paint("bold", summary(diff)),
  ];
  return `${blocks.filter((text) => text !== "").join("\n\n")}\n`;
}

function summary({ regions, undecided, settings }: PolicyDiff): string {
  const parts = [
    regions.length > 0
      ? `${counted(regions.length, "set")} of requests ${regions.length === 1 ? "changes" : "change"}`
      : "",
    settings.length > 0 ? counted(settings.length, "changed setting") : "",
    undecided.length > 0 ? `${undecided.length} undecided` : "",
  ];
  const none =
    regions.length === 0 && undecided.length === 0 ? "no request is treated otherwise, " : "";
  return none + parts.filter((part) => part !== "").join(", ");
}

const words: Readonly<Record<Exclude<RegionChange, "denial">, string>> = {
  route: "another route",
  target: "another first target",
  plan: "another plan",
  cost: "another worst cost",
  ceilings: "other ceilings",
};

function changeWords(change: RegionChange, { left, right }: ChangedCase): string {
  if (change !== "denial") return words[change];
  if (left.denied === undefined) return "denied now";
  return right.denied === undefined ? "no longer denied" : "denied for another reason";
}

const mostSets = 3;
const mostCases = 3;

function regionText(
  { leftRoute, rightRoute, where, cases }: ChangedRegion,
  page: DiffPage,
): string {
  const { paint } = page;
  const from = leftRoute ?? "no route";
  const to = rightRoute ?? "no route";
  const sets = where.length > mostSets ? where.slice(0, mostSets - 1) : where;
  const rows = sets.map((set, at) => `  ${paint("dim", at === 0 ? "where" : "or   ")}   ${set}`);
  const told = cases.slice(0, mostCases);
  return [
    paint("bold", from === to ? from : `${from} → ${to}`),
    ...rows,
    ...(where.length > sets.length
      ? [`  ${paint("dim", "or   ")}   ${where.length - sets.length} more such sets of requests`]
      : []),
    ...told.map((each) => caseText(each, page)),
    ...(cases.length > told.length
      ? [`  and ${counted(cases.length - told.length, "rarer case")}; --format json tells all`]
      : []),
  ].join("\n");
}

function caseText(shown: ChangedCase, { paint, calls }: DiffPage): string {
  const { changes, left, right, variants, cost } = shown;
  const rows = [
    ...outcomeRows("before", left, changes),
    ...outcomeRows("after", right, changes),
    ...(variants > 0 ? [["", `and ${counted(variants, "plan")} more that change likewise`]] : []),
    ...(cost
      ? [["cost", `${cost.target} ${costWords(cost.left)} → ${costWords(cost.right)} at worst`]]
      : []),
  ].map(([name = "", text = ""]) => [paint("dim", name), text]);
  return [
    `  ${changes.map((change) => changeWords(change, shown)).join(", ")}`,
    ...columns(rows, 4),
    ...calls(shown).map((call) => `    ${paint("dim", call)}`),
  ].join("\n");
}

/** What a request gets, as far as it is not the same before and after. */
function outcomeRows(
  name: string,
  { denied, plan, ceilings }: OutcomeWords,
  changes: readonly RegionChange[],
): readonly (readonly string[])[] {
  if (denied !== undefined) return [[name, `denied: ${denied}`]];
  const counting = changes.includes("ceilings")
    ? [`under ${ceilings.length === 0 ? "no ceiling" : ceilings.join(", ")}`]
    : [];
  const isTold = changes.some((change) => change !== "ceilings" && change !== "cost");
  const texts = isTold ? [plan.join(", "), ...counting] : counting;
  return texts.map((text, at) => [at === 0 ? name : "", text]);
}

function costWords(cost: NanoUsd | null): string {
  return cost === null ? "unknown" : `$${formatUsd(cost)}`;
}

function settingsText(settings: readonly SettingChange[], { top, paint }: DiffPage): string {
  const told = settings.slice(0, Math.max(top, 1));
  const rows = told.map(({ setting, of, left, right }) => [
    placeWords(of, setting),
    `${short(left)} → ${short(right)}`,
  ]);
  const left = settings.length - told.length;
  return [
    paint("bold", "settings"),
    ...columns(rows),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ].join("\n");
}

function placeWords([first = "", ...others]: readonly string[], setting: string): string {
  const place = setting === "" ? first : `${first} ${setting}`;
  return printable(others.length === 0 ? place : `${place} (and ${others.length} more)`);
}

function short(text: string | undefined): string {
  if (text === undefined) return "none";
  const line = printable(text);
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
