import { costElsewhere } from "../../analyze/diff-money.ts";
import { remadeOutcome } from "../../analyze/diff-moves.ts";
import { createTally, type Tallied } from "../../analyze/diff-tally.ts";
import type { Linked } from "../../resolve/link.ts";
import { type Remade, remake } from "../../resolve/record-remake.ts";
import type { CliIo } from "./io.ts";
import { mostProblems, type PlacedProblem, type PlacedRecord, records } from "./replay-records.ts";

/** Recorded requests, decided by two policies. */
export interface DiffReplay {
  readonly tallied: Tallied<PlacedRecord>;
  /** Records that neither policy decided. */
  readonly skewed: number;
  /** Lines that are no records, and the first of them. */
  readonly unreadable: number;
  readonly problems: readonly PlacedProblem[];
}

/** Makes every decision of a log again under both policies; the log is read once, line by line. */
export async function replayBoth(
  file: string,
  before: Linked,
  after: Linked,
  io: CliIo,
): Promise<DiffReplay> {
  const tally = createTally<PlacedRecord>();
  const problems: PlacedProblem[] = [];
  const revisions = [before.program.revision, after.program.revision];
  let unreadable = 0;
  let skewed = 0;
  for await (const read of records(file, io)) {
    if ("code" in read) {
      unreadable += 1;
      if (problems.length < mostProblems) problems.push(read);
      continue;
    }
    const { record } = read;
    if (!revisions.includes(record.revision)) skewed += 1;
    const [mine, theirs] = [remake(before, record), remake(after, record)];
    tally.add({
      before: remadeOutcome(mine),
      after: remadeOutcome(theirs),
      costBefore: costElsewhere(before, record, mine),
      costAfter: costElsewhere(after, record, theirs),
      assumes: assumes(mine) || assumes(theirs),
      example: () => read,
    });
  }
  return { tallied: tally.tallied(), skewed, unreadable, problems };
}

function assumes(remade: Remade): boolean {
  return remade.kind === "decision" && remade.assumed > 0;
}
