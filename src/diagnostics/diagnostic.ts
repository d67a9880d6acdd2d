import { type Code, codes, type Severity } from "./codes.ts";
import type { Span } from "./span.ts";

/** A place in a file. */
export interface Place {
  /** The file as it was named to us; `-` is standard input. */
  readonly file: string;
  readonly span: Span;
}

/** Something found in a policy. Plain data; the renderers turn it into text. */
export interface Diagnostic extends Place {
  readonly code: Code;
  readonly severity: Severity;
  /** One line, lower case, no full stop; the policy's own text in backticks. */
  readonly message: string;
  /** Other places that belong to it, such as the first of two equal names. */
  readonly related: readonly Related[];
  /** What to do about it, in one line. */
  readonly help?: string;
}

export interface Related extends Place {
  readonly message: string;
}

/** What a finding may say beyond its message. */
export interface DiagnosticExtras {
  readonly help?: string | undefined;
  readonly related?: readonly Related[];
}

/** Builds a finding; its severity comes from the table of codes. */
export function diagnostic(
  code: Code,
  message: string,
  place: Place,
  extras: DiagnosticExtras = {},
): Diagnostic {
  const { help, related = [] } = extras;
  const { file, span } = place;
  const found = { code, severity: codes[code].severity, message, file, span, related };
  return help === undefined ? found : { ...found, help };
}

/** Orders findings by file, place and code; equal ones stay in the order they were found. */
export function sortDiagnostics(found: readonly Diagnostic[]): Diagnostic[] {
  return found.toSorted(
    (a, b) =>
      compare(a.file, b.file) ||
      a.span.start - b.span.start ||
      a.span.end - b.span.end ||
      compare(a.code, b.code),
  );
}

/** Tells whether any finding is an error. */
export function hasErrors(found: readonly Diagnostic[]): boolean {
  return found.some((each) => each.severity === "error");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
