import { codeFrameColumns } from "@babel/code-frame";
import type { Command } from "commander";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { compile } from "../../compile/compile.ts";
import { originsOf } from "../../compile/origins.ts";
import { programJson } from "../../compile/program-json.ts";
import { renderPretty } from "../../diagnostics/render-pretty.ts";
import type { CliIo } from "./io.ts";
import { readOrRefuse } from "./load-program.ts";
import { columns } from "./paint.ts";
import { type WriteFile, writeWhole } from "./write-whole.ts";

interface CompileOptions {
  readonly output: string;
}

const examples = `
Examples:
  signalbox compile policy.yaml -o policy.json
  signalbox compile policy.yaml -o - | jq .revision
  node -e 'import("signalbox").then(({ createRouter }) => createRouter("policy.json"))'

The file holds the compiled policy, its revision, and for every route, step, ceiling and provider the file and line it
came from. It loads without a YAML parser. Keys are not in it: they are read where it runs; base URLs that the policy
takes from the environment are. A policy with errors writes nothing and leaves an earlier file as it is.

Exit codes: 0 written, 1 the policy has errors, 2 usage, unreadable or unwritable file, 3 internal error.`;

/** Adds `signalbox compile POLICY -o FILE`: writes the Program, for an agent that loads it as it is. */
export function registerCompile(program: Command, io: CliIo, write: WriteFile = writeWhole): void {
  program
    .command("compile")
    .description("write the compiled policy as JSON, with the places its parts came from")
    .argument("<policy>", "policy file, or - for standard input")
    .requiredOption("-o, --output <file>", "where to write it, or - for standard output")
    .addHelpText("after", examples)
    .action((file: string, options: CompileOptions) => compileCommand(file, options, io, write));
}

async function compileCommand(
  file: string,
  { output }: CompileOptions,
  io: CliIo,
  write: WriteFile,
): Promise<void> {
  const read = await readOrRefuse(file, io);
  if (!read.policy) {
    const errors = read.diagnostics.filter(({ severity }) => severity === "error");
    const { sources } = read;
    io.stderr(renderPretty(errors, { sources, codeFrame: codeFrameColumns, colour: io.colour }));
    io.stderr(`nothing was written: mend the policy first\n`);
    return io.exit(1);
  }
  const { policy } = read;
  const { program } = compile(policy, builtInCatalog);
  const text = programJson(program, originsOf(policy, program), policy.sources);
  if (output === "-") return io.stdout(text);
  await write(output, text);
  const rows = [
    ["revision", program.revision],
    ["catalog", program.catalog],
    ["routes", `${program.routes.length}`],
  ];
  io.stdout(`wrote ${output}\n${columns(rows).join("\n")}\n`);
}
