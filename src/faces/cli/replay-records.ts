import { costElsewhere, recordedCost } from "../../analyze/diff-money.ts";
import { outcomeOf, remadeOutcome } from "../../analyze/diff-moves.ts";
import { createTally, type Tallied } from "../../analyze/diff-tally.ts";
import type { Linked } from "../../resolve/link.ts";
import type { DecisionRecord } from "../../resolve/record.types.ts";
import type { Difference } from "../../resolve/record-differences.ts";
import { type RecordProblem, readRecord } from "../../resolve/record-read.ts";
import { remake, replayDifferences } from "../../resolve/record-remake.ts";
import type { CliIo } from "./io.ts";
import { type Line, readLines } from "./read-lines.ts";

/** Where a record stands, and what it is of. */
export interface PlacedRecord {
  readonly line: number;
  readonly record: DecisionRecord;
}

/** A line that is no record, or whose decision its own policy does not make again. */
export interface PlacedProblem extends RecordProblem {
  readonly line: number;
  readonly requestId?: string;
  readonly differences?: readonly Difference[];
}

export interface ReplayReport {
  /** Decisions made by this very policy, and made again to the last bit. */
  readonly held: number;
  /** Decisions that this very policy made and does not make again. */
  readonly broken: number;
  /** Lines that are no records. */
  readonly unreadable: number;
  /** The first of the broken and the unreadable. */
  readonly problems: readonly PlacedProblem[];
  /** Decisions of other revisions, made again by this policy. */
  readonly others: Tallied<PlacedRecord>;
}

/** As many problems as are kept; the others are counted. */
export const mostProblems = 20;

/** Makes every decision of a log again. Reads the log once, and holds one line of it at a time. */
export async function replayRecords(
  file: string,
  linked: Linked,
  io: CliIo,
): Promise<ReplayReport> {
  const { revision } = linked.program;
  const tally = createTally<PlacedRecord>();
  const problems: PlacedProblem[] = [];
  const counts = { held: 0, broken: 0, unreadable: 0 };
  const note = (kind: "broken" | "unreadable", problem: PlacedProblem) => {
    counts[kind] += 1;
    if (problems.length < mostProblems) problems.push(problem);
  };
  for await (const read of records(file, io)) {
    if ("code" in read) {
      note("unreadable", read);
      continue;
    }
    const { record, line } = read;
    const remade = remake(linked, record);
    if (record.revision !== revision) {
      tally.add({
        before: outcomeOf(record.decision),
        after: remadeOutcome(remade),
        costBefore: recordedCost(record),
        costAfter: costElsewhere(linked, record, remade),
        assumes: remade.kind === "decision" && remade.assumed > 0,
        example: () => read,
      });
      continue;
    }
    const differences = replayDifferences(record, remade);
    if (differences.length === 0) counts.held += 1;
    else note("broken", { ...brokenProblem, line, requestId: record.requestId, differences });
  }
  return { ...counts, problems, others: tally.tallied() };
}

const brokenProblem = {
  code: "DR101",
  message: "the policy that made this decision makes another one now",
} as const;

/** The records of a log, each with its line; a line that is none as what is wrong with it. */
export async function* records(
  file: string,
  io: CliIo,
): AsyncGenerator<PlacedRecord | PlacedProblem> {
  for await (const line of readLines(file, io)) yield recordAt(line);
}

function recordAt({ number: line, text, problem = "" }: Line): PlacedRecord | PlacedProblem {
  if (text === undefined) return { line, code: "DR001", message: problem };
  const read = readRecord(text);
  return read.kind === "record" ? { line, record: read.record } : { line, ...read.problem };
}
