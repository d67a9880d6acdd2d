import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CliIo, ExitCode } from "../../src/faces/cli/io.ts";
import { readNow } from "../../src/faces/reload/read-now.ts";

/** The project's folder. */
export const projectRoot = join(import.meta.dirname, "../..");

/** A command's surroundings that remember what was written. */
export interface RecordedIo extends CliIo {
  readonly written: { out: string; err: string; code: ExitCode | undefined };
}

/** Surroundings in which files are texts or bytes by path; paths that are not given are read from the project's folder. */
export function recordedIo(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  overrides: Partial<CliIo> = {},
): RecordedIo {
  const written: RecordedIo["written"] = { out: "", err: "", code: undefined };
  const bytes = async (path: string): Promise<Uint8Array> => {
    const given = Object.hasOwn(files, path) ? files[path] : undefined;
    if (given === undefined) return readFile(join(projectRoot, path));
    return typeof given === "string" ? new TextEncoder().encode(given) : given;
  };
  return {
    written,
    readFile: bytes,
    readNow: (path) => {
      const given = Object.hasOwn(files, path) ? files[path] : undefined;
      if (given === undefined) return readNow(join(projectRoot, path));
      return typeof given === "string" ? new TextEncoder().encode(given) : given;
    },
    stdin: () => bytes("-"),
    stdout: (text) => {
      written.out += text;
    },
    stderr: (text) => {
      written.err += text;
    },
    env: {},
    colour: false,
    cwd: projectRoot,
    now: () => 0,
    exit: (code) => {
      written.code = code;
    },
    ...overrides,
  };
}
