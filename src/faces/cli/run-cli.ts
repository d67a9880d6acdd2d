import { type Command, CommanderError } from "commander";
import type { CliIo } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs a command line to its end. Never rejects: a call that is not understood exits 2, a fault of ours 3.
 *
 * @param args without the interpreter and the script
 */
export async function runCli(program: Command, args: readonly string[], io: CliIo): Promise<void> {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  }
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    reportError(error, io);
  }
}

function reportError(error: unknown, io: CliIo): void {
  if (error instanceof CommanderError) {
    io.exit(error.exitCode === 0 ? 0 : 2);
  } else if (error instanceof UsageError) {
    io.stderr(
      `error: ${error.message}\n${error.help === undefined ? "" : `  help: ${error.help}\n`}`,
    );
    io.exit(2);
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr(
      `internal error: ${text}\nthis is a fault of signalbox, not of your policy; please report it\n`,
    );
    io.exit(3);
  }
}
