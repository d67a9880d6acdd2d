import { codeFrameColumns } from "@babel/code-frame";
import type { Command } from "commander";
import { analyze } from "../../analyze/analyze.ts";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { compile } from "../../compile/compile.ts";
import { type Diagnostic, sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { printable } from "../../diagnostics/printable.ts";
import { renderJson } from "../../diagnostics/render-json.ts";
import { renderPretty } from "../../diagnostics/render-pretty.ts";
import type { LoadedPolicy } from "../../policy/loaded-policy.ts";
import type { CliIo, ExitCode } from "./io.ts";
import { bytesOf, policyFrom, type ReadPolicy } from "./read-policy.ts";
import { createPolicyReader, holdsTests, type PolicyReader, testsFrom } from "./read-tests.ts";
import { UsageError } from "./usage-error.ts";

export interface ValidateArgs {
  /** Paths of policies; `-` is standard input. At least one. */
  readonly files: readonly string[];
  readonly format: "pretty" | "json";
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
      unreadable.push(`error: cannot read ${printable(file)}: ${reasonOf(error)}\n`);
    }
  }
  const findings = sortDiagnostics(read.flatMap((each) => findingsOf(each, checkPolicy)));
  if (read.length > 0) io.stdout(report(args, read, findings, io));
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
  return { file, text, diagnostics, holds: "tests" };
}

/** Adds the validation of policies to a command: `signalbox validate FILES…`, or the whole of `validate-policy`. */
export function describeValidate(command: Command, io: CliIo): Command {
  return command
    .description("check policies and their tests, and say what is wrong with them, and where")
    .argument("<files...>", "policy files and test files (*.test.yaml), or - for standard input")
    .option("--format <format>", "pretty or json", "pretty")
    .option("--fail-level <level>", "exit with 1 from this severity on: error or warning", "error")
    .addHelpText(
      "after",
      examples(command.name() === "validate" ? "signalbox validate" : "validate-policy"),
    )
    .action(async (files: readonly string[], options: { format: string; failLevel: string }) => {
      io.exit(await validateCommand(argsFrom(files, options), io));
    });
}

/** Adds `signalbox validate FILES…`. */
export function registerValidate(program: Command, io: CliIo): void {
  describeValidate(program.command("validate"), io);
}

function argsFrom(
  files: readonly string[],
  options: { format: string; failLevel: string },
): ValidateArgs {
  const { format, failLevel } = options;
  if (format !== "pretty" && format !== "json") {
    throw new UsageError(`--format is pretty or json, not \`${format}\``);
  }
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

function report(
  { format }: ValidateArgs,
  read: readonly ReadDocument[],
  findings: readonly Diagnostic[],
  io: CliIo,
): string {
  const sources = new Map(read.map(({ file, text }) => [file, text]));
  if (format === "json") return renderJson(findings, sources);
  const pretty = renderPretty(findings, {
    sources,
    codeFrame: codeFrameColumns,
    colour: io.colour,
  });
  return `${pretty}${summary(read, findings)}\n`;
}

/** `3 policies, no findings`, or `1 policy, 2 test files, 2 errors, 1 warning`. */
function summary(read: readonly ReadDocument[], findings: readonly Diagnostic[]): string {
  const policies = read.filter(({ holds }) => holds === "policy").length;
  const tests = read.length - policies;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const parts = [
    ...(policies > 0 ? [policies === 1 ? "1 policy" : `${policies} policies`] : []),
    ...(tests > 0 ? [tests === 1 ? "1 test file" : `${tests} test files`] : []),
    ...(errors > 0 ? [errors === 1 ? "1 error" : `${errors} errors`] : []),
    ...(warnings > 0 ? [warnings === 1 ? "1 warning" : `${warnings} warnings`] : []),
    ...(findings.length === 0 ? ["no findings"] : []),
  ];
  return parts.join(", ");
}

function fails(severity: Diagnostic["severity"], { failLevel }: ValidateArgs): boolean {
  return severity === "error" || failLevel === "warning";
}

function reasonOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
    case "EPERM":
      return "it may not be read";
    default:
      return typeof code === "string" ? code : String(error);
  }
}

function examples(name: string): string {
  return `
Examples:
  ${name} policies/*.yaml
  ${name} --fail-level warning policy.yaml
  ${name} --format json policy.yaml
  ${name} - < policy.yaml

Secrets are not read, and nothing is called. Exit codes: 0 clean, 1 findings, 2 usage or unreadable input, 3 internal
error. Warnings alone exit with 0 unless --fail-level is warning. Each code has a page docs/rules/SBnnn.md.`;
}
