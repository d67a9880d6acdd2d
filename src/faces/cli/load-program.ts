import { codeFrameColumns } from "@babel/code-frame";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { compile } from "../../compile/compile.ts";
import { renderPretty } from "../../diagnostics/render-pretty.ts";
import type { Program } from "../../terms/program.ts";
import type { CliIo } from "./io.ts";
import { type ReadPolicy, readPolicy } from "./read-policy.ts";
import { isFileError, unreadableReason } from "./unreadable-reason.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Reads and compiles the policy that a command works on.
 *
 * @returns `undefined` where the policy has errors; they then stand on standard error, and warnings are left to `validate`
 * @throws UsageError where the file cannot be read
 */
export async function loadProgram(file: string, io: CliIo): Promise<Program | undefined> {
  const read = await readOrRefuse(file, io);
  if (read.policy) return compile(read.policy, builtInCatalog).program;
  const errors = read.diagnostics.filter(({ severity }) => severity === "error");
  const { sources } = read;
  io.stderr(renderPretty(errors, { sources, codeFrame: codeFrameColumns, colour: io.colour }));
  return undefined;
}

/** @throws UsageError where the file cannot be read */
export async function readOrRefuse(file: string, io: CliIo): Promise<ReadPolicy> {
  try {
    return await readPolicy(file, io);
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new UsageError(`cannot read ${file}: ${unreadableReason(error)}`);
  }
}
