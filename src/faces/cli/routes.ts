import type { Command } from "commander";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { didYouMean } from "../../diagnostics/nearest.ts";
import { printable } from "../../diagnostics/printable.ts";
import { link } from "../../resolve/link.ts";
import type { Program } from "../../terms/program.ts";
import type { CliIo } from "./io.ts";
import { loadProgram } from "./load-program.ts";
import { painter } from "./paint.ts";
import { type RouteNode, routeTree } from "./route-tree.ts";
import { routeTreeJson } from "./route-tree-json.ts";
import { routeTreeText } from "./route-tree-text.ts";
import { UsageError } from "./usage-error.ts";

interface RoutesOptions {
  readonly target?: string;
  readonly format: string;
}

const examples = `
Examples:
  signalbox routes policies/deepresearcher2.yaml
  signalbox routes policies/design.yaml --target 'openai:*'
  signalbox routes policies/design.yaml --target ollama --format json

With --target only what can come to such a target is shown, in whatever state breakers and budgets are: own chains, the
chains of ceilings that its requests can meet, and targets that callers name. Routes that no request gets to are left
out, and each of the others comes with a request that takes it. Prices are dollars for a million tokens.

Exit codes: 0 shown, 1 the policy has errors, 2 usage or unreadable input, 3 internal error.`;

/** Adds `signalbox routes POLICY`: the tree of routes, chains and steps, and who can come to a target. */
export function registerRoutes(program: Command, io: CliIo): void {
  program
    .command("routes")
    .description("show the routes of a policy as a tree, or what can come to a target")
    .argument("<policy>", "policy file, or - for standard input")
    .option(
      "--target <glob>",
      "only what can come to such a target: openai:*, openai:gpt-5, openai",
    )
    .option("--format <format>", "pretty or json", "pretty")
    .addHelpText("after", examples)
    .action((file: string, options: RoutesOptions) => routesCommand(file, options, io));
}

async function routesCommand(
  file: string,
  { target: wanted, format }: RoutesOptions,
  io: CliIo,
): Promise<void> {
  if (format !== "pretty" && format !== "json") {
    throw new UsageError(`--format is pretty or json, not \`${format}\``);
  }
  const program = await loadProgram(file, io);
  if (!program) return io.exit(1);
  const target = wanted === undefined ? undefined : targetGlob(wanted, program);
  const nodes = routeTree(link(program, builtInCatalog), { target, file });
  if (format === "json") {
    return io.stdout(`${JSON.stringify(routeTreeJson(program, nodes, target), null, 2)}\n`);
  }
  const paint = painter(io.colour);
  io.stdout(`${paint("dim", heading(file, program, nodes, target))}\n`);
  if (nodes.length > 0) io.stdout(`\n${routeTreeText(program, nodes, paint)}`);
}

function heading(
  file: string,
  { routes }: Program,
  nodes: readonly RouteNode[],
  target: string | undefined,
): string {
  const count = routes.length === 1 ? "1 route" : `${routes.length} routes`;
  const name = printable(file);
  if (target === undefined) return `${name}: ${count}, the first that matches is taken`;
  const glob = printable(target);
  if (nodes.length === 0) return `${name}: no request can come to ${glob}`;
  return `${name}: requests come to ${glob} by ${nodes.length} of ${count}, the first that matches is taken`;
}

/**
 * A provider's name alone stands for all its targets. One that is not declared is refused: nothing comes to it, but that
 * is not what was asked.
 */
function targetGlob(wanted: string, { providers }: Program): string {
  const glob = Object.hasOwn(providers, wanted) ? `${wanted}:*` : wanted;
  if (glob.split("*").length > 2) throw new UsageError("--target takes one `*` at most");
  const [provider = ""] = glob.split(":");
  if (!provider.includes("*") && !Object.hasOwn(providers, provider)) {
    throw new UsageError(
      `the policy has no provider \`${provider}\``,
      didYouMean(provider, Object.keys(providers)) ?? "a target is written `provider:model`",
    );
  }
  return glob;
}
