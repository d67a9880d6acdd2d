import { pageOf } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { printable } from "./printable.ts";
import { type Locate, locator } from "./span.ts";
import { commandData, workflowCommand } from "./workflow-command.ts";

/** GitHub shows ten annotations of a kind in a step; one is kept for saying that there are more. */
export const mostAnnotations = 9;

/** Rows of the job's summary, which may have a mebibyte. */
const mostRows = 200;

/**
 * Writes findings as workflow commands, which GitHub shows beside the lines: errors first, nine at most; then one line
 * that sums up, itself a notice where findings were left out.
 *
 * @param summary one line with the counts
 */
export function renderGithub(
  findings: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  summary: string,
): string {
  const locators = locatorsOf(sources);
  const shown = worstFirst(findings).slice(0, mostAnnotations);
  const lines = shown.map((finding) => findingCommand(finding, locators.get(finding.file)));
  const more = findings.length - shown.length;
  const last =
    more === 0
      ? commandData(summary)
      : workflowCommand("notice", { title: "signalbox" }, `${summary}; ${more} not shown here`);
  return `${[...lines, last].join("\n")}\n`;
}

/** Writes findings as Markdown for the summary of a job: a table, the worst first. */
export function renderGithubSummary(
  findings: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  summary: string,
): string {
  const heading = `### signalbox: ${cell(summary)}\n`;
  if (findings.length === 0) return heading;
  const locators = locatorsOf(sources);
  const rows = worstFirst(findings)
    .slice(0, mostRows)
    .map((finding) => row(finding, locators.get(finding.file)));
  const more = findings.length - rows.length;
  const rest = more > 0 ? `\n${more} more are not shown.\n` : "";
  return `${heading}\n| | Code | Place | Finding |\n|---|---|---|---|\n${rows.join("\n")}\n${rest}`;
}

function locatorsOf(sources: ReadonlyMap<string, string>): ReadonlyMap<string, Locate> {
  return new Map(Array.from(sources, ([file, text]) => [file, locator(text)]));
}

function worstFirst(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  const errors = findings.filter(({ severity }) => severity === "error");
  return [...errors, ...findings.filter(({ severity }) => severity !== "error")];
}

/** Writes one finding as a workflow command, without its line end. */
export function findingCommand(
  { file, span, severity, code, message, help }: Diagnostic,
  locate: Locate | undefined,
): string {
  const start = locate?.(span.start) ?? { line: 1, column: 1 };
  const end = locate?.(span.end) ?? start;
  const place = {
    file: file === "-" ? "standard input" : file,
    line: start.line,
    endLine: end.line,
    // Columns belong to one line; GitHub leaves out an annotation that gives them for two.
    ...(start.line === end.line && { col: start.column, endColumn: end.column }),
    title: code,
  };
  const text = [message, ...(help === undefined ? [] : [`help: ${help}`]), `see ${pageOf(code)}`];
  return workflowCommand(severity, place, text.join("\n"));
}

function row(
  { file, span, severity, code, message, help }: Diagnostic,
  locate: Locate | undefined,
): string {
  const { line, column } = locate?.(span.start) ?? { line: 1, column: 1 };
  const text = help === undefined ? message : `${message}; ${help}`;
  return `| ${severity} | ${code} | ${cell(`${file}:${line}:${column}`)} | ${cell(text)} |`;
}

/** Text in a table: one line that ends no cell and opens no tag. */
function cell(text: string): string {
  return printable(text)
    .replace(/\s+/g, " ")
    .replaceAll("\\", "\\\\")
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;");
}
