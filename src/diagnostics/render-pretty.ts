import { pageOf, type Severity } from "./codes.ts";
import type { Diagnostic, Place } from "./diagnostic.ts";
import { excerpt } from "./excerpt.ts";
import { printable } from "./printable.ts";
import { type Locate, locator } from "./span.ts";

/** Draws lines of a file with a mark under a place, columns from 0; `codeFrameColumns` of `@babel/code-frame` 8 is one. */
export type CodeFrame = (
  lines: string,
  location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  },
  options: { readonly startLine: number },
) => string;

export interface PrettyOptions {
  /** Texts by file; a finding in a file that is not here is shown without its lines. */
  readonly sources: ReadonlyMap<string, string>;
  readonly codeFrame: CodeFrame;
  /** Whether to write ANSI colours. */
  readonly colour: boolean;
}

/**
 * Writes findings for people: `file:line:column`, severity, code and message; the lines; help; the page to read. A blank
 * line follows each. Keys in the lines are masked.
 */
export function renderPretty(findings: readonly Diagnostic[], options: PrettyOptions): string {
  const files = new Map(
    Array.from(options.sources, ([file, text]) => [file, sourceOf(text, findings, file)]),
  );
  return findings.map((finding) => `${block(finding, files, options).join("\n")}\n\n`).join("");
}

interface Source {
  readonly lines: readonly string[];
  readonly locate: Locate;
}

/** A file's lines, with every key that a finding points at masked, whatever its form. */
function sourceOf(text: string, findings: readonly Diagnostic[], file: string): Source {
  let masked = text;
  for (const { code, span, file: at } of findings) {
    if (code !== "SB702" || at !== file) continue;
    masked =
      masked.slice(0, span.start) +
      hidden(text.slice(span.start, span.end)) +
      masked.slice(span.end);
  }
  return { lines: masked.replace(/\n$/, "").split("\n"), locate: locator(text) };
}

function hidden(key: string): string {
  return key.replace(/[^\n]/g, "*");
}

function block(
  finding: Diagnostic,
  files: ReadonlyMap<string, Source>,
  options: PrettyOptions,
): readonly string[] {
  const { code, severity, message, related, help } = finding;
  const paint = options.colour ? painted : plain;
  const source = files.get(finding.file);
  const title = `${paint(severity, severity)} ${code}: ${paint("bold", printable(message))}`;
  return [
    `${place(finding, source)} ${title}`,
    ...(source ? [frame(finding, source, options)] : []),
    ...related.map((each) => `  ${place(each, files.get(each.file))} ${each.message}`),
    ...(help === undefined ? [] : [`  help: ${printable(help)}`]),
    `  see ${pageOf(code)}`,
  ];
}

function place({ file, span }: Place, source: Source | undefined): string {
  const { line, column } = source?.locate(span.start) ?? { line: 1, column: 1 };
  return `${printable(file)}:${line}:${column}`;
}

function frame({ span, severity }: Diagnostic, source: Source, options: PrettyOptions): string {
  const { text, firstLine, line, startColumn, endColumn } = excerpt(
    source.lines,
    source.locate(span.start),
    span,
  );
  const location = { start: { line, column: startColumn }, end: { line, column: endColumn } };
  const drawn = options.codeFrame(text, location, { startLine: firstLine });
  return options.colour ? drawn.replace(/\^+/, (mark) => painted(severity, mark)) : drawn;
}

type Style = Severity | "bold";

const ansi: Readonly<Record<Style, string>> = { error: "31", warning: "33", bold: "1" };

function painted(style: Style, text: string): string {
  return `\u001B[${ansi[style]}m${text}\u001B[0m`;
}

function plain(_style: Style, text: string): string {
  return text;
}
