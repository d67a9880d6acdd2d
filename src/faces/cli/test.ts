import { codeFrameColumns } from "@babel/code-frame";
import type { Command } from "commander";
import { sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { printable } from "../../diagnostics/printable.ts";
import { renderPretty } from "../../diagnostics/render-pretty.ts";
import { type PercentBound, parsePercentBound } from "../../testing/coverage/percentage.ts";
import type { CliIo, ExitCode } from "./io.ts";
import { createPolicyReader, type ReadTests, readTests } from "./read-tests.ts";
import { testsGithub } from "./test-github.ts";
import { testsJson } from "./test-json.ts";
import { testsPretty } from "./test-pretty.ts";
import { fallsShort, type TestReport, testReport } from "./test-report.ts";
import { unreadableReason } from "./unreadable-reason.ts";
import { UsageError } from "./usage-error.ts";

export interface TestArgs {
  /** Paths of test files; `-` is standard input. At least one. */
  readonly files: readonly string[];
  readonly format: "pretty" | "json" | "github";
  /** Only tests whose name holds this are run. */
  readonly run?: string;
  readonly coverage: boolean;
  /** The least coverage of each policy. */
  readonly failUnder?: PercentBound;
}

const examples = `
Examples:
  signalbox test policies/*.test.yaml
  signalbox test policies/design.test.yaml --run private
  signalbox test policies/*.test.yaml --coverage --fail-under 100
  signalbox test policies/*.test.yaml --format github

Nothing is called, no secret is read, and time is the tests' own. Exit codes: 0 all tests passed; 1 a test failed, a file
has findings or too little is covered; 2 usage or unreadable input; 3 internal error.`;

/** Adds `signalbox test FILES…`: runs the tests that stand beside policies. */
export function registerTest(program: Command, io: CliIo): void {
  program
    .command("test")
    .description("run the tests of policies, and say what they leave uncovered")
    .argument("<files...>", "test files (*.test.yaml), or - for standard input")
    .option("--run <text>", "run only the tests whose name holds this text")
    .option("--coverage", "show which routes, chain steps and ceilings the tests put to use")
    .option("--fail-under <percent>", "exit with 1 where less of a policy is covered; exact")
    .option("--format <format>", "pretty, json or github", "pretty")
    .addHelpText("after", examples)
    .action(async (files: readonly string[], options: TestOptions) => {
      io.exit(await testCommand(argsFrom(files, options), io));
    });
}

interface TestOptions {
  readonly run?: string;
  readonly coverage?: boolean;
  readonly failUnder?: string;
  readonly format: string;
}

function argsFrom(files: readonly string[], options: TestOptions): TestArgs {
  const { run, coverage = false, failUnder, format } = options;
  if (format !== "pretty" && format !== "json" && format !== "github") {
    throw new UsageError(`--format is pretty, json or github, not \`${format}\``);
  }
  if (files.filter((file) => file === "-").length > 1) {
    throw new UsageError("standard input can be read once");
  }
  const bound = failUnder === undefined ? undefined : parsePercentBound(failUnder);
  if (failUnder !== undefined && !bound) {
    throw new UsageError(`--fail-under is a percentage from 0 to 100, not \`${failUnder}\``);
  }
  return {
    files,
    format,
    ...(run !== undefined && { run }),
    coverage: coverage || bound !== undefined,
    ...(bound && { failUnder: bound }),
  };
}

/**
 * Runs test files and prints what came of it: the report on standard output, files that cannot be read on standard
 * error.
 *
 * @throws UsageError where no test is run although nothing is wrong with the files: that must not look like success
 */
export async function testCommand(args: TestArgs, io: CliIo): Promise<ExitCode> {
  const { read, unreadable } = await readAll(args.files, io);
  const report = await testReport(read, args, settled);
  for (const line of unreadable) io.stderr(line);
  const isClean = report.findings.length === 0 && unreadable.length === 0;
  if (isClean && report.results.length === 0) throw noTests(args);
  if (read.length > 0) io.stdout(text(report, args, io));
  if (unreadable.length > 0) return 2;
  const failed = report.results.some(({ diff }) => diff.length > 0);
  const isShort = fallsShort(report, args.failUnder).length > 0;
  return failed || isShort || !isClean ? 1 : 0;
}

async function readAll(files: readonly string[], io: CliIo) {
  const policyReader = createPolicyReader(io);
  const read: ReadTests[] = [];
  const unreadable: string[] = [];
  for (const file of files) {
    try {
      read.push(await readTests(file, io, policyReader));
    } catch (error) {
      unreadable.push(`error: cannot read ${printable(file)}: ${unreadableReason(error)}\n`);
    }
  }
  return { read, unreadable };
}

/** An immediate runs only when no microtask and no `nextTick` is left. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function noTests({ run }: TestArgs): UsageError {
  return new UsageError(
    run === undefined ? "there are no tests to run" : `no test's name holds \`${run}\``,
    "a run without tests is never a success",
  );
}

function text(report: TestReport, args: TestArgs, io: CliIo): string {
  switch (args.format) {
    case "json":
      return testsJson(report, args.failUnder);
    case "github":
      return testsGithub(report, args.failUnder);
    case "pretty": {
      const findings = renderPretty(sortDiagnostics(report.findings), {
        sources: report.sources,
        codeFrame: codeFrameColumns,
        colour: io.colour,
      });
      return findings + testsPretty(report, args.failUnder, io.colour);
    }
  }
}
