import type { Command } from "commander";
import { type ChangedCase, diffPolicies, isSame, type PolicyDiff } from "../../analyze/diff.ts";
import { explainCommand } from "../../analyze/evidence.ts";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { printable } from "../../diagnostics/printable.ts";
import { type Linked, link } from "../../resolve/link.ts";
import { diffJson } from "./diff-json.ts";
import { type DiffReplay, replayBoth } from "./diff-replay.ts";
import { diffText } from "./diff-text.ts";
import type { CliIo, ExitCode } from "./io.ts";
import { loadProgram } from "./load-program.ts";
import { painter } from "./paint.ts";
import { recordCall } from "./record-call.ts";
import { topOf } from "./replay.ts";
import { talliedJson } from "./replay-json.ts";
import type { PlacedRecord } from "./replay-records.ts";
import { counted, movedText } from "./replay-text.ts";
import { UsageError } from "./usage-error.ts";

interface DiffOptions {
  readonly replay?: string;
  readonly top: string;
  readonly format: string;
}

const examples = `
Examples:
  signalbox diff policy.yaml policy-new.yaml
  git show HEAD:policy.yaml | signalbox diff - policy.yaml
  signalbox diff policy.yaml policy-new.yaml --replay decisions.jsonl
  signalbox diff policy.yaml policy-new.yaml --format json

All requests are compared, not a sample: what is not told does not change, and what could not be decided in time is said
to be undecided. With --replay it is told, too, how many recorded decisions move and what they would have cost. Nothing
is called and no secret is read. Exit codes: 0 same; 1 changed, or undecided; 2 usage, unreadable input, or a policy with
errors; 3 internal error.`;

/** Adds `signalbox diff A B`: what a change of policy does to requests. */
export function registerDiff(program: Command, io: CliIo): void {
  program
    .command("diff")
    .description("say what changes from one policy to another, for which requests")
    .argument("<before>", "policy file, or - for standard input")
    .argument("<after>", "policy file, or - for standard input")
    .option("--replay <records>", "decision records to make again under both policies")
    .option("--top <count>", "how many changes are told of each kind", "20")
    .option("--format <format>", "pretty or json", "pretty")
    .addHelpText("after", examples)
    .action(async (before: string, after: string, options: DiffOptions) => {
      io.exit(await diffCommand([before, after], options, io));
    });
}

interface Compared {
  readonly files: readonly [string, string];
  readonly before: Linked;
  readonly after: Linked;
  readonly diff: PolicyDiff;
  readonly log?: { readonly file: string; readonly replay: DiffReplay };
}

async function diffCommand(
  files: readonly [string, string],
  options: DiffOptions,
  io: CliIo,
): Promise<ExitCode> {
  const { format, replay: file } = options;
  if (format !== "pretty" && format !== "json") {
    throw new UsageError(`--format is pretty or json, not \`${format}\``);
  }
  if ([...files, file].filter((each) => each === "-").length > 1) {
    throw new UsageError("standard input can be read once");
  }
  const top = topOf(options.top);
  const [before, after] = [await linked(files[0], io), await linked(files[1], io)];
  if (!before || !after) return 2;
  const diff = diffPolicies(before, after);
  const replay = file === undefined ? undefined : await replayBoth(file, before, after, io);
  const log = file !== undefined && replay ? { log: { file, replay } } : {};
  const compared = { files, before, after, diff, ...log };
  if (format === "json") io.stdout(comparedJson(compared));
  else printCompared(compared, top, io);
  if (replay && replay.unreadable > 0) return 2;
  return isSame(diff) ? 0 : 1;
}

function printCompared(compared: Compared, top: number, io: CliIo): void {
  const { files, diff, log } = compared;
  const paint = painter(io.colour);
  io.stdout(diffText(diff, { top, paint, calls: regionCalls(files) }));
  if (!log) return;
  const { file, replay } = log;
  const page = { file, top, paint, calls: recordCalls(compared) };
  io.stdout(`\n${movedText(replay.tallied, page)}\n`);
  for (const { line, code, message } of replay.problems) {
    io.stderr(`${printable(file)}:${line} error ${code}: ${message}\n`);
  }
  if (replay.unreadable > 0) io.stderr(`${counted(replay.unreadable, "line")} could not be read\n`);
}

function comparedJson(compared: Compared): string {
  const { files, diff, log } = compared;
  const replay = log && replayJson(log.replay, log.file, recordCalls(compared));
  const document = {
    format_version: 1,
    ...diffJson(diff, regionCalls(files)),
    ...(replay && { replay }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function recordCalls({ files, before, after }: Compared) {
  return ({ record }: PlacedRecord): readonly string[] => [
    recordCall(files[0], before.program, record),
    recordCall(files[1], after.program, record),
  ];
}

async function linked(file: string, io: CliIo): Promise<Linked | undefined> {
  const program = await loadProgram(file, io);
  return program && link(program, builtInCatalog);
}

/** The calls of `explain` that show a region, one for each policy; each by the clocks of its own time zone. */
function regionCalls([before, after]: readonly [string, string]) {
  return ({ witness }: ChangedCase): readonly string[] => {
    const { request, leftNowMs, rightNowMs } = witness;
    const given = (nowMs: number | undefined) => (nowMs === undefined ? {} : { nowMs });
    return [
      explainCommand(before, { request, given: given(leftNowMs) }),
      explainCommand(after, { request, given: given(rightNowMs) }),
    ];
  };
}

function replayJson(
  { tallied, problems, unreadable, skewed }: DiffReplay,
  file: string,
  calls: (example: PlacedRecord) => readonly string[],
): object {
  const placed = problems.map((problem) => ({ file, ...problem }));
  return {
    file,
    unreadable,
    problems: placed,
    other_revisions: skewed,
    ...talliedJson(tallied, { file, calls }),
  };
}
