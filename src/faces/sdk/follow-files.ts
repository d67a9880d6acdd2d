import type { Clock } from "../../run/ports.ts";
import { type FileChange, watchFile } from "../reload/watch-file.ts";

/** What was read of each file, by its path; `undefined` where it could not be read. */
export type FilesRead = ReadonlyMap<string, Uint8Array | undefined>;

/** Watches the files of a policy, which may be others after each change. */
export interface FileFollower {
  /** Watches these files and no others from now on. */
  readonly follow: (files: FilesRead) => void;
  /** Resolves when the change that is being told, if any, was told to its end. */
  readonly close: () => Promise<void>;
}

/**
 * Tells changes of files one after the other. A file that holds what was read of it since is no change.
 *
 * @param onChange answers with what it read, which is watched from then on
 */
export function createFollower(clock: Clock, onChange: () => Promise<FilesRead>): FileFollower {
  const watchers = new Map<string, () => Promise<void>>();
  let known: FilesRead = new Map();
  let working: Promise<void> = Promise.resolve();
  let closed = false;

  const told = (path: string, change: FileChange): Promise<void> => {
    working = working.then(async () => {
      if (closed || isKnown(change, known.get(path))) return;
      follow(await onChange());
    });
    return working;
  };
  const follow = (files: FilesRead): void => {
    known = files;
    for (const [path, stop] of watchers) {
      if (files.has(path)) continue;
      watchers.delete(path);
      // Not waited for: it may be the one whose change is being told.
      void stop();
    }
    for (const [path, bytes] of files) {
      if (closed || watchers.has(path)) continue;
      const onFileChange = (change: FileChange) => told(path, change);
      watchers.set(path, watchFile({ path, bytes, onChange: onFileChange, clock }));
    }
  };
  const close = async (): Promise<void> => {
    closed = true;
    await Promise.all(Array.from(watchers.values(), (stop) => stop()));
    await working;
  };
  return { follow, close };
}

function isKnown(change: FileChange, known: Uint8Array | undefined): boolean {
  return (
    change.kind === "content" && known !== undefined && Buffer.compare(change.bytes, known) === 0
  );
}
