import type { Command } from "commander";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { printable } from "../../diagnostics/printable.ts";
import type { CliIo } from "./io.ts";
import { loadProgram } from "./load-program.ts";
import { offeredNames } from "./offered-names.ts";
import { shellWord } from "./shell-word.ts";
import { typeLanguages, typesText } from "./types-text.ts";
import { UsageError } from "./usage-error.ts";
import { type WriteFile, writeWhole } from "./write-whole.ts";

interface TypesOptions {
  readonly language: string;
  readonly output?: string;
}

const examples = `
Examples:
  signalbox types policy.yaml -o model-names.ts
  signalbox types policy.yaml --language python -o model_names.py
  signalbox types policy.yaml

The names are the literals of \`match.model\`, and the models of the catalog that a \`requested\` step admits. The same
policy gives the same text, so that a check for differences can hold it in a build.

Exit codes: 0 written, 1 the policy has errors, 2 usage, unreadable or unwritable file, 3 internal error.`;

/** Adds `signalbox types POLICY`: the names that a policy offers, as types. */
export function registerTypes(program: Command, io: CliIo, write: WriteFile = writeWhole): void {
  program
    .command("types")
    .description("write the names that a policy offers as TypeScript or Python")
    .argument("<policy>", "policy file, or - for standard input")
    .option("--language <language>", "ts or python", "ts")
    .option("-o, --output <file>", "where to write them, or - for standard output", "-")
    .addHelpText("after", examples)
    .action((file: string, options: TypesOptions) => typesCommand(file, options, io, write));
}

async function typesCommand(
  file: string,
  { language: written, output = "-" }: TypesOptions,
  io: CliIo,
  write: WriteFile,
): Promise<void> {
  const language = typeLanguages.find((each) => each === written);
  if (!language) throw new UsageError(`--language is ts or python, not \`${written}\``);
  const program = await loadProgram(file, io);
  if (!program) return io.exit(1);
  const to = output === "-" ? "" : ` -o ${shellWord(output)}`;
  const command = `signalbox types ${shellWord(file)} --language ${language}${to}`;
  const comment = printable(command).replace(/\s/g, " ");
  const text = typesText(language, offeredNames(program, builtInCatalog), comment);
  if (output === "-") return io.stdout(text);
  await write(output, text);
  io.stdout(`wrote ${output}\n`);
}
