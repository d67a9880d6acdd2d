import type { Tallied } from "../../analyze/diff-tally.ts";
import { formatUsd, type NanoUsd } from "../../terms/money.ts";
import type { PlacedRecord, ReplayReport } from "./replay-records.ts";

/** What is needed to write about a log for machines. */
export interface ReplayJsonPage {
  readonly file: string;
  readonly revision: string;
  readonly calls: (example: PlacedRecord) => readonly string[];
}

/** Writes a replay for machines: one JSON document with a line end; every group is told. */
export function replayJson(report: ReplayReport, page: ReplayJsonPage): string {
  const { held, broken, unreadable, problems, others } = report;
  const document = {
    format_version: 1,
    file: page.file,
    revision: page.revision,
    held,
    broken,
    unreadable,
    problems: problems.map((problem) => ({ file: page.file, ...problem })),
    others: talliedJson(others, page),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A tally for machines; money as decimal strings of dollars. */
export function talliedJson(
  tallied: Tallied<PlacedRecord>,
  { file, calls }: Pick<ReplayJsonPage, "file" | "calls">,
): object {
  const { decisions, moved, byMove, reworded, assuming, money, groups, ungrouped } = tallied;
  return {
    decisions,
    moved,
    by_move: byMove,
    reworded,
    assuming,
    money: {
      before: formatUsd(money.before),
      after: formatUsd(money.after),
      change: signed(money.after - money.before),
      unknown: money.unknown,
    },
    groups: groups.map(({ costChange, example, ...group }) => ({
      ...group,
      cost_change: signed(costChange),
      example: {
        file,
        line: example.line,
        request_id: example.record.requestId,
        explain: calls(example),
      },
    })),
    ungrouped,
  };
}

function signed(nano: NanoUsd): string {
  return nano < 0 ? `-${formatUsd(-nano)}` : formatUsd(nano);
}
