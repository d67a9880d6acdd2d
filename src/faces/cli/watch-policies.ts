import { printable } from "../../diagnostics/printable.ts";
import type { CliIo, ExitCode } from "./io.ts";
import { painter } from "./paint.ts";
import { UsageError } from "./usage-error.ts";
import type { ValidateArgs } from "./validate.ts";
import { type OnInterrupt, onSignal, watchFiles } from "./watch-files.ts";

/**
 * Validates once, and again whenever one of the files changes, or one that they include, until Ctrl-C; then exits with 0.
 *
 * @throws UsageError for standard input, which does not change, and for formats that are one document
 */
export async function watchPolicies(
  { files, format }: ValidateArgs,
  io: CliIo,
  validate: (io: CliIo) => Promise<ExitCode>,
  onInterrupt: OnInterrupt = onSignal,
): Promise<void> {
  if (files.includes("-")) throw new UsageError("--watch watches files, not standard input");
  if (format !== "pretty") throw new UsageError("--watch prints for people: leave --format out");
  const paint = painter(io.colour);
  const work = async (changed?: string) => {
    if (changed !== undefined) {
      const at = new Date(io.now()).toISOString().slice(11, 19);
      io.stdout(`\n${paint("dim", `──── ${at} UTC ${printable(changed)} ────`)}\n`);
    }
    const read = new Set(files);
    const readNow = (path: string) => {
      read.add(path);
      return io.readNow?.(path);
    };
    await validate({ ...io, readNow });
    io.stderr(`${paint("dim", "watching; Ctrl-C ends")}\n`);
    return [...read];
  };
  await watchFiles(files, work, onInterrupt);
  io.exit(0);
}
