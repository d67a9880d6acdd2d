import { type Move, moves } from "../../analyze/diff-moves.ts";
import type { MovedGroup, Tallied } from "../../analyze/diff-tally.ts";
import { printable } from "../../diagnostics/printable.ts";
import type { JsonValue } from "../../terms/json.ts";
import { formatUsd, type NanoUsd } from "../../terms/money.ts";
import { columns, type Paint } from "./paint.ts";
import type { PlacedProblem, PlacedRecord, ReplayReport } from "./replay-records.ts";

/** What is needed to write about a log. */
export interface ReplayPage {
  /** The log, as it was named. */
  readonly file: string;
  /** How many groups are told. */
  readonly top: number;
  readonly paint: Paint;
  /** The calls that show an example, each a line. */
  readonly calls: (example: PlacedRecord) => readonly string[];
}

/** Draws a replay for people: what is wrong first, then what moves, then the verdict. */
export function replayText(report: ReplayReport, page: ReplayPage): string {
  const { held, broken, unreadable, problems, others } = report;
  const blocks = [
    ...problems.map((problem) => problemText(problem, page)),
    restOfProblems(report),
    others.decisions > 0 ? movedText(others, page) : "",
    [
      held + broken > 0 || others.decisions === 0 ? heldText(held, broken, page.paint) : "",
      unreadable > 0 ? page.paint("red", `${counted(unreadable, "line")} could not be read`) : "",
    ]
      .filter((line) => line !== "")
      .join("\n"),
  ];
  return `${blocks.filter((text) => text !== "").join("\n\n")}\n`;
}

function problemText(problem: PlacedProblem, { file, paint }: ReplayPage): string {
  const { line, code, message, requestId, differences = [] } = problem;
  const whose = requestId === undefined ? "" : ` (request ${printable(requestId)})`;
  const rows = differences
    .slice(0, mostFields)
    .map(({ path, left, right }) => [
      path.join(".") || "decision",
      `recorded ${short(left)}`,
      `made again ${short(right)}`,
    ]);
  const left = differences.length - rows.length;
  return [
    `${printable(file)}:${line} ${paint("red", `error ${code}`)}: ${message}${whose}`,
    ...columns(rows, 4),
    ...(left > 0 ? [`    and ${counted(left, "more difference")}`] : []),
  ].join("\n");
}

const mostFields = 8;

function restOfProblems({ broken, unreadable, problems }: ReplayReport): string {
  const left = broken + unreadable - problems.length;
  return left > 0 ? `and ${counted(left, "more line")} with errors` : "";
}

function heldText(held: number, broken: number, paint: Paint): string {
  if (broken > 0)
    return paint("red", `${broken} of ${counted(held + broken, "decision")} not made again`);
  if (held === 0) return "no decisions";
  return paint("green", `${counted(held, "decision")} made again to the last bit`);
}

const words: Readonly<Record<Move, string>> = {
  route: "by another route",
  denial: "denied or no longer denied",
  target: "to another first target",
  plan: "with another plan behind it",
  cost: "with another worst cost",
};

/** Draws how decisions move from one policy to another. */
export function movedText(tallied: Tallied<PlacedRecord>, page: ReplayPage): string {
  const { decisions, moved, byMove, money, groups } = tallied;
  const { paint } = page;
  const kinds = moves
    .filter((move) => byMove[move] > 0)
    .map((move) => [words[move], String(byMove[move]), share(byMove[move], decisions)]);
  const told = groups.slice(0, page.top);
  const left = moved - told.reduce((sum, group) => sum + group.decisions, 0);
  const lines = [
    paint("bold", `${moved} of ${counted(decisions, "decision")} move, ${share(moved, decisions)}`),
    ...columns(kinds),
    ...columns([moneyRow(money)]),
    ...asides(tallied).map((aside) => paint("dim", `  ${aside}`)),
  ];
  const groupTexts = told.map((group) => groupText(group, page));
  const more = left > 0 ? [`and ${counted(left, "decision")} that move in other ways`] : [];
  return [lines.join("\n"), ...groupTexts, ...more].join("\n\n");
}

function asides({ money, reworded, assuming }: Tallied<unknown>): readonly string[] {
  return [
    money.unknown > 0 ? `${counted(money.unknown, "decision")} of unknown cost in neither` : "",
    reworded > 0
      ? `${counted(reworded, "decision")} the same but for what is left under ceilings, or a reason`
      : "",
    assuming > 0
      ? `${counted(assuming, "decision")} asked what no record says: taken to be well`
      : "",
  ].filter((aside) => aside !== "");
}

function moneyRow({ before, after }: Tallied<unknown>["money"]): readonly string[] {
  return ["cost", `$${formatUsd(before)} becomes $${formatUsd(after)}`, change(after - before)];
}

function groupText(group: MovedGroup<PlacedRecord>, { file, paint, calls }: ReplayPage): string {
  const { from, to, decisions, costChange, example } = group;
  const cost = costChange === 0 ? "" : `  ${change(costChange)}`;
  const to2 = from === to ? `${paint("yellow", to)}, with ${detail(group)}` : paint("yellow", to);
  return [
    `${paint("bold", String(decisions))}  ${from}`,
    `${" ".repeat(String(decisions).length)}  becomes ${to2}${cost}`,
    `   such as ${printable(file)}:${example.line}, request ${printable(example.record.requestId)}`,
    ...calls(example).map((call) => paint("dim", `   ${call}`)),
  ].join("\n");
}

function detail({ moves: moved }: MovedGroup<unknown>): string {
  return moved
    .map((move) => (move === "plan" ? "another plan" : words[move].replace(/^with /, "")))
    .join(" and ");
}

/** `+$1.2`, `-$0.5`, or that nothing changes. */
export function change(nano: NanoUsd): string {
  if (nano === 0) return "no change";
  return nano < 0 ? `-$${formatUsd(-nano)}` : `+$${formatUsd(nano)}`;
}

/** A share that is never rounded up: less than all is never 100 %. */
export function share(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const tenths = Math.floor((part / whole) * 1000);
  if (part > 0 && tenths === 0) return "less than 0.1 %";
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

/** `1 line`, `3 lines`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function short(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
