import type { Command } from "commander";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { decisionJson } from "../../resolve/decision-json.ts";
import { type Explanation, explain } from "../../resolve/explain.ts";
import { readFacts } from "../../resolve/facts.ts";
import { fixedView } from "../../resolve/fixed-view.ts";
import { link } from "../../resolve/link.ts";
import { checkGiven, unusedGiven } from "./check-given.ts";
import { explanationText } from "./explain-text.ts";
import type { CliIo } from "./io.ts";
import { loadProgram } from "./load-program.ts";
import { givenFrom, type RequestOptions, requestFrom } from "./request-options.ts";
import { UsageError } from "./usage-error.ts";

interface ExplainOptions extends RequestOptions {
  readonly format: "pretty" | "json";
}

const examples = `
Examples:
  signalbox explain policies/minimal.yaml --model openai:gpt-5
  signalbox explain policies/deepresearcher2.yaml --request '{"model":"summary","api":"chat"}' --format json
  signalbox explain policies/design.yaml --model research --set needs=tools --set data=public --breaker openai:gpt-5=open
  signalbox explain policies/design.yaml --model research --spend 'project-day{project=(none)}=49.99' --at 2026-11-22T09:00:00Z

The policy's secrets are not read, and nothing is called. Exit code 0 when the request could be explained, whether it
is routed or denied; 1 when the policy has errors; 2 when the call is not understood.`;

/** Adds `signalbox explain POLICY`: what the policy does with a request, and why. */
export function registerExplain(program: Command, io: CliIo): void {
  program
    .command("explain")
    .description("say what a policy does with a request, and why")
    .argument("<policy>", "policy file, or - for standard input")
    .option(
      "--request <json>",
      "the request: model, api, stream, needs, inputTokens, outputTokens, project, user, key, attributes",
    )
    .option("--model <name>", "the request's model")
    .option("--api <format>", "the request's API format: chat, messages or embeddings")
    .option("--set <name=value>", "a field or attribute of the request; may be repeated", collect)
    .option(
      "--breaker <target=state>",
      "state of a target's breaker: open, half-open or closed; may be repeated",
      collect,
    )
    .option("--hold <target=because>", "a target that is held; may be repeated", collect)
    .option("--spend <bucket=usd>", "what a bucket has spent; may be repeated", collect)
    .option(
      "--first-output <target=ms>",
      "a target's median time to first output, for `pick: fastest`; may be repeated",
      collect,
    )
    .option("--without-key <provider>", "a provider that lacks its key; may be repeated", collect)
    .option("--at <time>", "the moment, as 2026-11-22T09:00:00Z (default: now)")
    .option("--seed <number>", "seed of weighted picks (default: 0)")
    .option("--format <format>", "pretty or json", "pretty")
    .addHelpText("after", examples)
    .action((file: string, options: ExplainOptions) => explainCommand(file, options, io));
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/**
 * Explains one request and prints it: on standard output the explanation alone, findings on standard error.
 *
 * @returns the exit code
 */
async function explainCommand(file: string, options: ExplainOptions, io: CliIo): Promise<void> {
  if (options.format !== "pretty" && options.format !== "json") {
    throw new UsageError(`--format is pretty or json, not \`${String(options.format)}\``);
  }
  const request = requestFrom(options);
  const given = givenFrom(options, io.now());
  const program = await loadProgram(file, io);
  if (!program) return io.exit(1);
  const outcome = readFacts(program, request, { nowMs: given.nowMs });
  if (outcome.kind === "problem")
    throw new UsageError(`the request is not one: ${outcome.problems.join("; ")}`);
  checkGiven(program, given);
  const explanation = explain(link(program, builtInCatalog), outcome.facts, fixedView(given));
  const notes = [...outcome.notes, ...unusedGiven(explanation, given)];
  io.stdout(
    options.format === "json"
      ? `${JSON.stringify(explanationJson(explanation, notes), null, 2)}\n`
      : explanationText(explanation, outcome.facts, notes, io.colour),
  );
}

/** The Decision, with the routes walked, the facts of each target and the notes beside it. */
function explanationJson(
  { decision, considered, targets, moment }: Explanation,
  notes: readonly string[],
): object {
  return { ...decisionJson(decision), considered, targets, ...(moment && { moment }), notes };
}
