import { readFile } from "node:fs/promises";
import { createSystemClock } from "../../run/system-clock.ts";
import { watchFile } from "../reload/watch-file.ts";

/** Calls back once when the user wants it to end; the answer stops listening. */
export type OnInterrupt = (callback: () => void) => () => void;

/** Ctrl-C, and the end of the terminal or the container. */
export const onSignal: OnInterrupt = (callback) => {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, callback);
  return () => {
    for (const signal of signals) process.off(signal, callback);
  };
};

/**
 * Works once, and again whenever one of the files changes, one round after the other, until it is interrupted. What
 * changes during a round leads to one more. Resolves at the end of the last round.
 *
 * @param work does a round, the first without a change, and says which files it read; those are watched from then on
 */
export async function watchFiles(
  files: readonly string[],
  work: (changed?: string) => Promise<readonly string[]>,
  onInterrupt: OnInterrupt = onSignal,
): Promise<void> {
  // Not a background clock: its timers keep the process alive, and it ends by being interrupted.
  const clock = createSystemClock();
  const watched = new Map<string, () => Promise<void>>();
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  const stopListening = onInterrupt(end);
  let working: Promise<void> = Promise.resolve();

  const follow = async (paths: readonly string[]): Promise<void> => {
    for (const [path, stop] of watched) {
      if (paths.includes(path)) continue;
      watched.delete(path);
      await stop();
    }
    for (const path of paths) {
      if (watched.has(path)) continue;
      const bytes = await readFile(path).catch(() => new Uint8Array());
      watched.set(path, watchFile({ path, bytes, clock, onChange: async () => round(path) }));
    }
  };
  const round = (changed?: string): void => {
    working = working.then(async () => follow(await work(changed))).catch(fail);
  };

  try {
    // Watched before they are read for the first time, so that no change is missed in between.
    await follow(files);
    round();
    await ended;
    await working;
  } finally {
    stopListening();
    await Promise.all(Array.from(watched.values(), (stop) => stop()));
  }
}
