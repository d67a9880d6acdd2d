import type { Recordings } from "./recordings.ts";

/** Counts what became of each exchange of a file, and prints it as one short table. */
export interface Tally {
  readonly replayed: (what: string) => void;
  readonly refused: (why: string) => void;
  readonly print: () => void;
}

export function tallyOf({ file, exchanges, unplayable }: Recordings): Tally {
  const replayed = new Map<string, number>();
  const refused = new Map<string, number>();
  const lost = [...unplayable.values()].reduce((sum, count) => sum + count, 0);
  const lines = (title: string, counts: ReadonlyMap<string, number>) =>
    [...counts].map(
      ([what, count]) => `  ${title.padEnd(14)}${String(count).padStart(5)}  ${what}`,
    );
  return {
    replayed: (what) => void bump(replayed, what),
    refused: (why) => void bump(refused, why),
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

function bump(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
