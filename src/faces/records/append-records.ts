import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import type { DecisionRecord } from "../../resolve/record.types.ts";

/** A file that records are added to. */
export interface RecordFile {
  /** Adds one record; what `createRouter` takes as `record`. */
  readonly record: (record: DecisionRecord) => void;
  readonly close: () => void;
}

/**
 * Opens a file that decision records are appended to, one JSON line each.
 *
 * A new file is readable by its owner alone: records name who asked. Each line is written at once and in one write, at
 * the file's end wherever others have written in between, so that several processes can share a file and a crash loses
 * none but the line it cuts. Where the file is moved away, records still go to it until it is opened anew.
 *
 * @throws the file system's error where the file cannot be opened, and from `record` where it cannot be written
 */
export function appendRecords(path: string): RecordFile {
  let file: number | undefined = openSync(path, "a+", 0o600);
  let start = endsInLine(file) ? "" : "\n";
  return {
    record: (record) => {
      if (file === undefined) return;
      writeWhole(file, Buffer.from(`${start}${JSON.stringify(record)}\n`));
      start = "";
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** Whether the next line may begin right away: a line that a crash has cut must not swallow it. */
function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}

/** One write, as good as always; a file system that takes less is given the rest. */
function writeWhole(file: number, bytes: Buffer): void {
  let written = writeSync(file, bytes);
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
