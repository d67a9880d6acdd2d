import { type Code, pageOf, type Severity } from "./codes.ts";
import type { Diagnostic, Place } from "./diagnostic.ts";
import type { IgnoredFinding } from "./ignored-finding.ts";
import { type Locate, locator, type Position } from "./span.ts";

/** What `--format json` prints: one JSON document. */
export interface FindingsReport {
  readonly format_version: 1;
  readonly findings: readonly ReportedFinding[];
  readonly errors: number;
  readonly warnings: number;
  /** Warnings that the policies ignore, each with its reason; in no count. */
  readonly ignored: readonly (ReportedFinding & { readonly reason: string })[];
}

export interface ReportedFinding extends ReportedPlace {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  readonly related?: readonly (ReportedPlace & { readonly message: string })[];
  /** Path of the page that explains the code, from the root of the package. */
  readonly docs: string;
}

export interface ReportedPlace {
  readonly file: string;
  readonly range: { readonly start: ReportedPosition; readonly end: ReportedPosition };
}

/** Line and column from 1, offset from 0; column and offset in UTF-16 code units. */
export interface ReportedPosition extends Position {
  readonly offset: number;
}

/** Builds the report that machines read. */
export function findingsReport(
  findings: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  ignored: readonly IgnoredFinding[] = [],
): FindingsReport {
  const locators = new Map(Array.from(sources, ([file, text]) => [file, locator(text)]));
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return {
    format_version: 1,
    findings: findings.map((finding) => reported(finding, locators)),
    errors,
    warnings: findings.length - errors,
    ignored: ignored.map(({ finding, reason }) => ({ ...reported(finding, locators), reason })),
  };
}

/** Writes the report as JSON, indented, with a line end. */
export function renderJson(
  findings: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  ignored: readonly IgnoredFinding[] = [],
): string {
  return `${JSON.stringify(findingsReport(findings, sources, ignored), null, 2)}\n`;
}

type Locators = ReadonlyMap<string, Locate>;

function reported(finding: Diagnostic, locators: Locators): ReportedFinding {
  const { code, severity, message, help, related } = finding;
  return {
    code,
    severity,
    message,
    ...placed(finding, locators),
    ...(help === undefined ? {} : { help }),
    ...(related.length === 0
      ? {}
      : { related: related.map((each) => ({ message: each.message, ...placed(each, locators) })) }),
    docs: pageOf(code),
  };
}

function placed({ file, span }: Place, locators: Locators): ReportedPlace {
  const locate = locators.get(file) ?? (() => ({ line: 1, column: 1 }));
  const position = (offset: number) => ({ ...locate(offset), offset });
  return { file, range: { start: position(span.start), end: position(span.end) } };
}
