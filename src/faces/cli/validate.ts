import type { Command } from "commander";
import { analyze } from "../../analyze/analyze.ts";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { compile } from "../../compile/compile.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { printable } from "../../diagnostics/printable.ts";
import { applyIgnores } from "../../policy/check/apply-ignores.ts";
import type { LoadedPolicy } from "../../policy/loaded-policy.ts";
import { type FindingFormat, findingFormat, reportFindings } from "./findings-report.ts";
import type { CliIo, ExitCode } from "./io.ts";
import { bytesOf, policyFrom, type ReadPolicy } from "./read-policy.ts";
import { createPolicyReader, holdsTests, type PolicyReader, testsFrom } from "./read-tests.ts";
import { isFileError, unreadableReason } from "./unreadable-reason.ts";
import { UsageError } from "./usage-error.ts";
import { watchPolicies } from "./watch-policies.ts";

export interface ValidateArgs {
  /** Paths of policies; `-` is standard input. At least one. */
  readonly files: readonly string[];
  readonly format: FindingFormat;
  /** The least severity that makes the exit code 1. */
  readonly failLevel: "error" | "warning";
}

/** What is found in a policy that loaded without errors. */
export type CheckPolicy = (policy: LoadedPolicy) => readonly Diagnostic[];

/** Findings that need the catalog (prices, output limits, API formats), and what is true of all requests. */
export const compileFindings: CheckPolicy = (policy) => {
  const { program, diagnostics } = compile(policy, builtInCatalog);
  return [...diagnostics, ...analyze(policy, program, builtInCatalog)];
};

/**
 * Validates policies and prints what it finds: on standard output findings alone, and files that cannot be read on
 * standard error.
 *
 * @returns 0 without findings of the fail level, 1 with some, 2 where a file cannot be read
 */
export async function validateCommand(
  args: ValidateArgs,
  io: CliIo,
  checkPolicy: CheckPolicy = compileFindings,
): Promise<ExitCode> {
  const read: ReadDocument[] = [];
  const policyReader = createPolicyReader(io);
  const unreadable: string[] = [];
  for (const file of args.files) {
    try {
      read.push(await readDocument(file, io, policyReader));
    } catch (error) {
      if (!isFileError(error)) throw error;
      unreadable.push(`error: cannot read ${printable(file)}: ${unreadableReason(error)}\n`);
    }
  }
  const found = sortDiagnostics(read.flatMap((each) => findingsOf(each, checkPolicy)));
  const sources = new Map(read.flatMap((each) => [...each.sources]));
  const { findings, ignored } = applyIgnores(found, sources, (file) =>
    read.some((each) => each.sources.has(file) && !hasErrors(each.diagnostics)),
  );
  const subject = subjectOf(read);
  if (read.length > 0) {
    io.stdout(await reportFindings(args.format, { findings, ignored, sources, subject }, io));
  }
  for (const line of unreadable) io.stderr(line);
  if (unreadable.length > 0) return 2;
  return findings.some(({ severity }) => fails(severity, args)) ? 1 : 0;
}

/** A policy or a file of tests; the latter never has a `policy` to look into further. */
interface ReadDocument extends ReadPolicy {
  readonly holds: "policy" | "tests";
}

async function readDocument(
  file: string,
  io: CliIo,
  policyReader: PolicyReader,
): Promise<ReadDocument> {
  const bytes = await bytesOf(file, io);
  if (!holdsTests(file, bytes)) return { ...policyFrom(file, bytes, io), holds: "policy" };
  const { text, diagnostics } = await testsFrom(file, bytes, policyReader);
  return { file, text, sources: new Map([[file, text]]), diagnostics, holds: "tests" };
}

/** Adds the validation of policies to a command: `signalbox validate FILES…`, or the whole of `validate-policy`. */
export function describeValidate(command: Command, io: CliIo): Command {
  return command
    .description("check policies and their tests, and say what is wrong with them, and where")
    .argument("<files...>", "policy files and test files (*.test.yaml), or - for standard input")
    .option("--format <format>", "pretty, json, sarif or github", "pretty")
    .option("--fail-level <level>", "exit with 1 from this severity on: error or warning", "error")
    .option("--watch", "stay, and check again whenever a file changes")
    .addHelpText(
      "after",
      examples(command.name() === "validate" ? "signalbox validate" : "validate-policy"),
    )
    .action(async (files: readonly string[], options: ValidateOptions) => {
      const args = argsFrom(files, options);
      if (options.watch)
        return watchPolicies(args, io, (watched) => validateCommand(args, watched));
      io.exit(await validateCommand(args, io));
    });
}

/** Adds `signalbox validate FILES…`. */
export function registerValidate(program: Command, io: CliIo): void {
  describeValidate(program.command("validate"), io);
}

interface ValidateOptions {
  readonly format: string;
  readonly failLevel: string;
  readonly watch?: boolean;
}

function argsFrom(
  files: readonly string[],
  { format: written, failLevel }: ValidateOptions,
): ValidateArgs {
  const format = findingFormat(written);
  if (failLevel !== "error" && failLevel !== "warning") {
    throw new UsageError(`--fail-level is error or warning, not \`${failLevel}\``);
  }
  if (files.filter((file) => file === "-").length > 1) {
    throw new UsageError("standard input can be read once");
  }
  return { files, format, failLevel };
}

function findingsOf(
  { policy, diagnostics }: ReadPolicy,
  checkPolicy: CheckPolicy,
): readonly Diagnostic[] {
  return policy ? [...diagnostics, ...checkPolicy(policy)] : diagnostics;
}

/** `3 policies`, or `1 policy, 2 test files`. */
function subjectOf(read: readonly ReadDocument[]): string {
  const policies = read.filter(({ holds }) => holds === "policy").length;
  const tests = read.length - policies;
  const parts = [
    ...(policies > 0 ? [policies === 1 ? "1 policy" : `${policies} policies`] : []),
    ...(tests > 0 ? [tests === 1 ? "1 test file" : `${tests} test files`] : []),
  ];
  return parts.join(", ");
}

function fails(severity: Diagnostic["severity"], { failLevel }: ValidateArgs): boolean {
  return severity === "error" || failLevel === "warning";
}

function examples(name: string): string {
  return `
Examples:
  ${name} policies/*.yaml
  ${name} --fail-level warning policy.yaml
  ${name} --format sarif policy.yaml > findings.sarif
  ${name} --watch policy.yaml
  ${name} - < policy.yaml

Secrets are not read, and nothing is called. A comment \`# signalbox-ignore SB602: reason\` at the end of a line, or above
it, silences that warning there. \`signalbox rule SBnnn\` shows the page of a code.

Exit codes: 0 clean, 1 findings, 2 usage or unreadable input, 3 internal error. Warnings alone exit with 0 unless
--fail-level is warning. With --watch it ends with Ctrl-C and exits with 0.`;
}
