import type { Command } from "commander";
import { type Code, codes } from "../../diagnostics/codes.ts";
import { didYouMean } from "../../diagnostics/nearest.ts";
import { quote } from "../../diagnostics/quote.ts";
import { canBeIgnored } from "../../policy/check/read-ignores.ts";
import type { CliIo } from "./io.ts";
import { columns, type Paint, painter } from "./paint.ts";
import { readRulePage } from "./rule-pages.ts";
import { UsageError } from "./usage-error.ts";

const examples = `
Examples:
  signalbox rule SB202
  signalbox rule

Without a code all are listed. The pages are part of the package: nothing is called.

Exit codes: 0 shown, 2 there is no such code, 3 internal error.`;

/** Adds `signalbox rule [CODE]`: the page of a code, or the list of all. */
export function registerRule(program: Command, io: CliIo): void {
  program
    .command("rule")
    .description("show the page of a code: an example, why, and what to do; or list all codes")
    .argument("[code]", "a code such as SB202")
    .addHelpText("after", examples)
    .action((code?: string) => ruleCommand(code, io));
}

async function ruleCommand(written: string | undefined, io: CliIo): Promise<void> {
  const paint = painter(io.colour);
  if (written === undefined) return io.stdout(list(paint));
  const code = codeOf(written);
  io.stdout(plainPage(await readRulePage(code), paint));
  if (canBeIgnored(code)) {
    io.stdout(
      `\n${paint("dim", `On one line, with a reason: # signalbox-ignore ${code}: reason`)}\n`,
    );
  }
}

/** The first digit of a code says what it is about. */
const families = [
  "YAML",
  "Schema",
  "References",
  "Reachability",
  "Promises",
  "Cost, ceilings and limits",
  "Resilience",
  "Secrets and environment",
  "Style",
] as const;

function list(paint: Paint): string {
  const blocks = families.map((title, digit) => {
    const rows = Object.entries(codes)
      .filter(([code]) => code.startsWith(`SB${digit}`))
      .map(([code, { severity, summary }]) => {
        return [code, paint(severity === "error" ? "red" : "yellow", severity), summary];
      });
    return [paint("bold", title), ...columns(rows)].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}

/** Reads `SB202`, `sb202` or `202`. */
function codeOf(written: string): Code {
  const code = written.toUpperCase().replace(/^(?=\d{3}$)/, "SB");
  if (isCode(code)) return code;
  throw new UsageError(`there is no code ${quote(written)}`, whichCode(code));
}

/** Codes differ in digits alone, so that many are near: a letter for a digit is told apart, else the family is named. */
function whichCode(code: string): string {
  const digits = code.replaceAll(/(?<!^)O/g, "0").replaceAll(/[IL]/g, "1");
  if (isCode(digits)) return `did you mean ${quote(digits)}?`;
  const near = didYouMean(code, Object.keys(codes));
  if (near !== undefined) return near;
  const [, digit] = /^SB(\d)/.exec(code) ?? [];
  const family = digit === undefined ? undefined : families[Number(digit)];
  if (family === undefined) return "`signalbox rule` lists all codes";
  const known = Object.keys(codes).filter((each) => each.startsWith(`SB${digit}`));
  return `did you mean one on ${family}? ${known.join(", ")}`;
}

function isCode(text: string): text is Code {
  return Object.hasOwn(codes, text);
}

/** A page without its Markdown: headings without marks, examples indented. */
function plainPage(markdown: string, paint: Paint): string {
  let isExample = false;
  const lines = markdown.split("\n").flatMap((line) => {
    if (line.startsWith("```")) {
      isExample = !isExample;
      return [];
    }
    if (isExample) return [line === "" ? "" : `  ${line}`];
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    return [heading === undefined ? line : paint("bold", heading)];
  });
  return `${lines.join("\n").trimEnd()}\n`;
}
