import { access } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { didYouMean } from "../../diagnostics/nearest.ts";
import { quote } from "../../diagnostics/quote.ts";
import type { CliIo } from "./io.ts";
import { painter } from "./paint.ts";
import { shellWord } from "./shell-word.ts";
import {
  keyOf,
  readStarterProviders,
  type StarterProvider,
  starter,
  starterProviders,
} from "./starter.ts";
import { UsageError } from "./usage-error.ts";
import { type WriteFile, writeWhole } from "./write-whole.ts";

/** What `init` needs of the world beyond {@link CliIo}. */
export interface InitWorld {
  readonly write: WriteFile;
  readonly exists: (path: string) => Promise<boolean>;
  /** Asks the person at the terminal; `undefined` where there is none. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
}

interface InitOptions {
  readonly provider?: string;
  readonly force?: boolean;
}

const providerNames = Object.keys(starterProviders).join(", ");
const defaultProviders = "openai,ollama";

const examples = `
Examples:
  signalbox init
  signalbox init --provider anthropic,groq,ollama
  signalbox init router/policy.yaml --provider openai --force

Writes a policy and tests that cover it, and overwrites neither without --force. Providers: ${providerNames}. Without
--provider a person at a terminal is asked; anybody else gets ${defaultProviders}.

Exit codes: 0 written, 2 usage, a file that is there already or cannot be written, 3 internal error.`;

/** Adds `signalbox init [FILE]`: a policy to begin with, and its tests. */
export function registerInit(program: Command, io: CliIo, world: InitWorld = nodeWorld()): void {
  program
    .command("init")
    .description("write a policy to begin with, and tests that cover it")
    .argument("[file]", "the policy to write", "policy.yaml")
    .option("--provider <names>", `providers, with commas: ${providerNames}`)
    .option("--force", "overwrite what is there")
    .addHelpText("after", examples)
    .action((file: string, options: InitOptions) => initCommand(file, options, io, world));
}

async function initCommand(
  file: string,
  { provider, force = false }: InitOptions,
  io: CliIo,
  { write, exists, ask }: InitWorld,
): Promise<void> {
  const testFile = testFileOf(file);
  if (!force) {
    for (const path of [file, testFile]) {
      if (await exists(path)) {
        throw new UsageError(`${path} is there already`, "name another file, or add --force");
      }
    }
  }
  const providers = providersFrom(provider ?? (await answer(ask)));
  const { policy, tests } = starter(providers, basename(file));
  await write(file, policy);
  await write(testFile, tests);
  io.stdout(nextSteps(file, testFile, providers, io));
}

/** `policy.yaml` has its tests in `policy.test.yaml`. */
function testFileOf(file: string): string {
  const [, stem, ending] = /^(.+)\.(ya?ml)$/.exec(file) ?? [];
  if (stem !== undefined && !stem.endsWith(".test")) return `${stem}.test.${ending}`;
  throw new UsageError(
    `a policy's file ends in .yaml, unlike ${quote(file)}`,
    "its tests are written beside it, in a file that ends in .test.yaml",
  );
}

async function answer(ask: InitWorld["ask"]): Promise<string> {
  const written = await ask?.(`Which of ${providerNames}? [${defaultProviders}] `);
  return written === undefined || written.trim() === "" ? defaultProviders : written;
}

function providersFrom(text: string): readonly StarterProvider[] {
  const read = readStarterProviders(text);
  if ("providers" in read) return read.providers;
  throw new UsageError(
    `init knows no provider ${quote(read.unknown)}`,
    didYouMean(read.unknown, Object.keys(starterProviders)) ??
      `it knows ${providerNames}; others are written by hand, see docs/policy.md`,
  );
}

function nextSteps(
  file: string,
  testFile: string,
  providers: readonly StarterProvider[],
  io: CliIo,
): string {
  const paint = painter(io.colour);
  const missing = providers
    .map(keyOf)
    .filter((key) => key !== undefined)
    .filter((key) => (io.env[key] ?? "") === "");
  const policy = shellWord(file);
  const steps = [
    `signalbox validate ${policy}`,
    `signalbox test ${shellWord(testFile)} --coverage`,
    `signalbox explain ${policy} --model anything`,
  ];
  return [
    `wrote ${file} and ${testFile}`,
    "",
    paint("bold", "next"),
    ...steps.map((step) => `  npx ${step}`),
    ...(missing.length > 0 ? [`  set ${missing.join(" and ")} before you call anybody`] : []),
    "",
  ].join("\n");
}

/** This process. It asks only where both its input and its output are a terminal. */
function nodeWorld(): InitWorld {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return {
    write: writeWhole,
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ask: isTerminal ? askTerminal : undefined,
  };
}

async function askTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
