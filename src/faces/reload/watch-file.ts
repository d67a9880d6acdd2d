import { createHash } from "node:crypto";
import { watch } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "../../run/ports.ts";

/** What became of a watched file. */
export type FileChange =
  | { readonly kind: "content"; readonly bytes: Uint8Array }
  /** It cannot be read; `code` is the system's word for it. */
  | { readonly kind: "unreadable"; readonly code: string };

export interface WatchOptions {
  readonly path: string;
  /** What the file holds now, as far as its watcher knows; `undefined` where it was not there. */
  readonly bytes: Uint8Array | undefined;
  /** Told once for each new content, one change after the other. */
  readonly onChange: (change: FileChange) => Promise<void>;
  /** Must not keep the process alive. */
  readonly clock: Clock;
  /** How long the folder must be quiet before the file is read: editors write in several steps. */
  readonly quietMs?: number;
  /** How often the file is looked at without any event: not every file system tells, least of all through links. */
  readonly pollMs?: number;
}

/**
 * Watches one file by its content: whatever happens in its folder, and every few seconds without any sign, the file is
 * read, and what it holds is told where that is new. Files that are replaced, linked anew (as Kubernetes does) or
 * written twice alike are understood. Keeps no process alive.
 *
 * @returns stops it; a change that is being told is told to its end
 */
export function watchFile(options: WatchOptions): () => Promise<void> {
  const { path, onChange, clock, quietMs = 100, pollMs = 2000 } = options;
  const { bytes } = options;
  let seen = digestOf(bytes ? { kind: "content", bytes } : { kind: "unreadable", code: "ENOENT" });
  let stopped = false;
  let working: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    const change = await read(path);
    const digest = digestOf(change);
    if (stopped || digest === seen) return;
    seen = digest;
    await onChange(change);
  };
  const check = () => {
    working = working.then(() => (stopped ? undefined : look())).catch(() => undefined);
  };

  const stir = whenQuiet(clock, quietMs, check);
  const stopFolder = watchFolder(dirname(path), stir.now);
  const stopPoll = poll(path, clock, pollMs, stir.now);

  return async () => {
    stopped = true;
    stopFolder();
    stopPoll();
    stir.stop();
    await working;
  };
}

/** A folder that is never quiet is waited for this many times as long, and no longer. */
const mostQuiets = 10;

/** Calls back once things have been quiet for a while. */
function whenQuiet(clock: Clock, quietMs: number, callback: () => void) {
  let cancel = () => {};
  let sinceMs: number | undefined;
  const now = () => {
    sinceMs ??= clock.monotonic();
    const leftMs = sinceMs + mostQuiets * quietMs - clock.monotonic();
    cancel();
    cancel = clock.timer(Math.max(0, Math.min(quietMs, leftMs)), () => {
      sinceMs = undefined;
      callback();
    });
  };
  return { now, stop: () => cancel() };
}

/** The folder and not the file: a file that is replaced takes its watcher with it. */
function watchFolder(folder: string, onEvent: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent);
    // A folder that goes away, or a system out of watches: the poll goes on.
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}

/** Looks at the file's stamp, links followed, again and again; the first look counts as a change. */
function poll(path: string, clock: Clock, everyMs: number, onChange: () => void): () => void {
  let stopped = false;
  let cancel = () => {};
  let last: string | undefined;
  const tick = async () => {
    const stamp = await stampOf(path);
    if (stopped) return;
    if (stamp !== last) onChange();
    last = stamp;
    cancel = clock.timer(everyMs, () => void tick());
  };
  void tick();
  return () => {
    stopped = true;
    cancel();
  };
}

async function stampOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, dev } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs].join();
  } catch (error) {
    return codeOf(error);
  }
}

async function read(path: string): Promise<FileChange> {
  try {
    return { kind: "content", bytes: await readFile(path) };
  } catch (error) {
    return { kind: "unreadable", code: codeOf(error) };
  }
}

function digestOf(change: FileChange): string {
  if (change.kind === "unreadable") return `unreadable ${change.code}`;
  return createHash("sha256").update(change.bytes).digest("hex");
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unreadable";
}
