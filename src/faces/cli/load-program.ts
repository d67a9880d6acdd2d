import { codeFrameColumns } from "@babel/code-frame";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { compile } from "../../compile/compile.ts";
import { renderPretty } from "../../diagnostics/render-pretty.ts";
import type { Program } from "../../terms/program.ts";
import { requireCatalog } from "../sdk/check-program.ts";
import { PolicyError } from "../sdk/policy-error.ts";
import { programIn } from "../sdk/read-program-json.ts";
import type { CliIo } from "./io.ts";
import { bytesOf, policyFrom, type ReadPolicy } from "./read-policy.ts";
import { isFileError, unreadableReason } from "./unreadable-reason.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Reads and compiles the policy that a command works on, or reads what `signalbox compile` made of one.
 *
 * @returns `undefined` where it has errors; they then stand on standard error, and warnings are left to `validate`
 * @throws UsageError where the file cannot be read
 */
export async function loadProgram(file: string, io: CliIo): Promise<Program | undefined> {
  const bytes = await bytesOrRefuse(file, io);
  try {
    const compiled = programIn(new TextDecoder().decode(bytes), file);
    if (compiled) requireCatalog(compiled.program, builtInCatalog);
    if (compiled) return compiled.program;
  } catch (error) {
    if (!PolicyError.is(error)) throw error;
    io.stderr(`error: ${error.message}\n`);
    return undefined;
  }
  const { policy, diagnostics, sources } = policyFrom(file, bytes, io);
  if (policy) return compile(policy, builtInCatalog).program;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  io.stderr(renderPretty(errors, { sources, codeFrame: codeFrameColumns, colour: io.colour }));
  return undefined;
}

/** @throws UsageError where the file cannot be read */
export async function readOrRefuse(file: string, io: CliIo): Promise<ReadPolicy> {
  return policyFrom(file, await bytesOrRefuse(file, io), io);
}

async function bytesOrRefuse(file: string, io: CliIo): Promise<Uint8Array> {
  try {
    return await bytesOf(file, io);
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new UsageError(`cannot read ${file}: ${unreadableReason(error)}`);
  }
}
