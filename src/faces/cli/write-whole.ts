import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unreadableReason } from "./unreadable-reason.ts";
import { UsageError } from "./usage-error.ts";

/** Writes a file, from the working directory. Rejects with a UsageError where it cannot be written. */
export type WriteFile = (path: string, text: string) => Promise<void>;

/**
 * Writes a file whole or not at all: beside it first, flushed to the disk, then renamed over it. A reader sees the old
 * file or the new one, and a watcher one change.
 *
 * @throws UsageError where it cannot be written; nothing is left behind then
 */
export const writeWhole: WriteFile = async (path, text) => {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(draft, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new UsageError(`cannot write ${path}: ${unwritableReason(error)}`);
  }
};

function unwritableReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such folder";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "it may not be written";
  return unreadableReason(error);
}
