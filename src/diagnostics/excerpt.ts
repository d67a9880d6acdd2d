import { maskSecrets } from "./mask-keys.ts";
import { printable } from "./printable.ts";
import type { Span } from "./span.ts";

/** A few lines of a file around a place in it, fit to be shown. */
export interface Excerpt {
  readonly text: string;
  /** Number of the first line of the excerpt in its file, from 1. */
  readonly firstLine: number;
  /** The place: a line of the file, from 1, and columns of the excerpt's line, from 0; at least one column wide. */
  readonly line: number;
  readonly startColumn: number;
  readonly endColumn: number;
}

const above = 2;
const below = 1;
const widest = 160;

/**
 * Cuts the lines around a place out of a file. Keys are masked, unprintable characters replaced, long lines shortened.
 *
 * @param lines the whole file, split at line ends
 * @param position of the place's beginning
 */
export function excerpt(
  lines: readonly string[],
  position: { readonly line: number; readonly column: number },
  span: Span,
): Excerpt {
  const { line, column } = position;
  const first = Math.max(1, line - above);
  const own = lines[line - 1] ?? "";
  const from = own.length > widest ? Math.max(0, column - 1 - widest / 2) : 0;
  const shown = lines.slice(first - 1, line + below).map((each, index) => {
    return shownLine(each, first + index === line ? from : 0);
  });
  const length = Math.min(span.end - span.start, own.length - column + 1, widest / 2);
  const startColumn = column - 1 - from;
  const endColumn = startColumn + Math.max(1, length);
  return { text: shown.join("\n"), firstLine: first, line, startColumn, endColumn };
}

function shownLine(line: string, from: number): string {
  const masked = printable(maskSecrets(line.endsWith("\r") ? line.slice(0, -1) : line));
  const cut = masked.slice(from, from + widest);
  return masked.length > from + widest ? `${cut}…` : cut;
}
