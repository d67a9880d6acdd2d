import { join, relative } from "node:path";
import type { Command } from "commander";
import type { CliIo } from "../io.ts";

const examples = `
Examples:
  signalbox demo
  NO_COLOR=1 signalbox demo`;

/** The package's own examples: this file lies as deep in `dist` as it does in `src`. */
const examplesFolder = join(import.meta.dirname, "../../../../policies");

/** Adds `signalbox demo`: the example policies validated, and one of them played with invented providers. */
export function registerDemo(program: Command, io: CliIo): void {
  program
    .command("demo")
    .description("play a policy with providers that answer in-process: no key, no network")
    .addHelpText("after", examples)
    .action(async () => {
      // Other commands start faster without the router.
      const { playDemo } = await import("./play-demo.ts");
      await playDemo(relative(io.cwd, examplesFolder) || ".", io);
    });
}
