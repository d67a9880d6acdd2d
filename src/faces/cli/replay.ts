import type { Command } from "commander";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { link } from "../../resolve/link.ts";
import type { CliIo } from "./io.ts";
import { loadProgram } from "./load-program.ts";
import { painter } from "./paint.ts";
import { recordCall } from "./record-call.ts";
import { replayJson } from "./replay-json.ts";
import { type PlacedRecord, type ReplayReport, replayRecords } from "./replay-records.ts";
import { replayText } from "./replay-text.ts";
import { UsageError } from "./usage-error.ts";

interface ReplayOptions {
  readonly format: string;
  readonly top: string;
}

const examples = `
Examples:
  signalbox replay decisions.jsonl policy.yaml
  signalbox replay decisions.jsonl policy.yaml --top 20
  zcat decisions-*.jsonl.gz | signalbox replay - policy.yaml --format json

A decision that this very policy made must come out the same to the last bit; of decisions that another revision made it
is told what moves, and what they would have cost. The log is read line by line and may be of any size; nothing is
called. Exit codes: 0 no decision moves; 1 one does, or is not made again, or a line is no record; 2 usage, unreadable
input, or a policy with errors; 3 internal error.`;

/** Adds `signalbox replay FILE.jsonl POLICY`: every recorded decision, made again. */
export function registerReplay(program: Command, io: CliIo): void {
  program
    .command("replay")
    .description("make recorded decisions again, and say which come out otherwise")
    .argument("<records>", "decision records, one JSON line each, or - for standard input")
    .argument("<policy>", "policy file")
    .option("--top <count>", "how many ways to move are told, most decisions first", "5")
    .option("--format <format>", "pretty or json", "pretty")
    .addHelpText("after", examples)
    .action((file: string, policy: string, options: ReplayOptions) =>
      replayCommand(file, policy, options, io),
    );
}

async function replayCommand(
  file: string,
  policy: string,
  { format, top }: ReplayOptions,
  io: CliIo,
): Promise<void> {
  if (format !== "pretty" && format !== "json") {
    throw new UsageError(`--format is pretty or json, not \`${format}\``);
  }
  if (file === "-" && policy === "-") throw new UsageError("standard input can be read once");
  const groups = topOf(top);
  const program = await loadProgram(policy, io);
  if (!program) return io.exit(2);
  const report = await replayRecords(file, link(program, builtInCatalog), io);
  const calls = ({ record }: PlacedRecord) => [recordCall(policy, program, record)];
  io.stdout(
    format === "json"
      ? replayJson(report, { file, revision: program.revision, calls })
      : replayText(report, { file, top: groups, paint: painter(io.colour), calls }),
  );
  io.exit(comesOutTheSame(report) ? 0 : 1);
}

function comesOutTheSame({ broken, unreadable, others }: ReplayReport): boolean {
  return broken === 0 && unreadable === 0 && others.moved === 0;
}

/**
 * Reads how many groups are told.
 *
 * @throws UsageError
 */
export function topOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError(`--top is a whole number up to 9999, not \`${text}\``);
}
