import type { Recordings } from "./recordings.ts";

/** Counts what became of each exchange of a file, and prints it as one short table. */
export interface Tally {
  readonly replayed: (what: string) => void;
  readonly refused: (why: string) => void;
  /** Exchanges that could be played and of which nothing was said yet. */
  readonly missing: () => number;
  readonly print: () => void;
}

export function tallyOf({ file, exchanges, unplayable }: Recordings): Tally {
  const replayed = new Map<string, number>();
  const refused = new Map<string, number>();
  const lost = sum(unplayable);
  const lines = (title: string, counts: ReadonlyMap<string, number>) =>
    [...counts].map(
      ([what, count]) => `  ${title.padEnd(14)}${String(count).padStart(5)}  ${what}`,
    );
  return {
    replayed: (what) => void bump(replayed, what),
    refused: (why) => void bump(refused, why),
    missing: () => exchanges.length - sum(replayed) - sum(refused),
    print: () => {
      const shortened = exchanges.filter((exchange) => exchange.shortened).length;
      const head = `${file}: ${exchanges.length + lost} exchanges, ${lost} not replayable`;
      const note = `  ${shortened} hold data that was shortened when it was stored; played as stored`;
      console.log(
        [
          head,
          ...lines("replayed", replayed),
          ...lines("refused", refused),
          ...lines("not replayed", unplayable),
          ...(shortened === 0 ? [] : [note]),
        ].join("\n"),
      );
    },
  };
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}

function bump(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
