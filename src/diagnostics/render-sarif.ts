import { type Code, codes } from "./codes.ts";
import type { Diagnostic, Place } from "./diagnostic.ts";
import type { IgnoredFinding } from "./ignored-finding.ts";
import { printable } from "./printable.ts";
import { type Locate, locator } from "./span.ts";

export interface SarifOptions {
  readonly sources: ReadonlyMap<string, string>;
  /** Warnings that the policies ignore; reported as suppressed. */
  readonly ignored?: readonly IgnoredFinding[];
  /** Version of this program. */
  readonly version: string;
  /** The pages of codes in Markdown, as far as they are at hand. */
  readonly pages?: ReadonlyMap<Code, string>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Writes findings as SARIF 2.1.0, the form that code scanning takes: one run, columns in UTF-16 code units, the page of
 * each code that occurs with it, ignored warnings as suppressed results.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, read 2026-11-22
 */
export function renderSarif(findings: readonly Diagnostic[], options: SarifOptions): string {
  const { sources, ignored = [], version } = options;
  const locators = new Map(Array.from(sources, ([file, text]) => [file, locator(text)]));
  const occurring = [...findings, ...ignored.map(({ finding }) => finding)];
  const rules = [...new Set(occurring.map(({ code }) => code))].sort();
  const run = {
    tool: {
      driver: {
        name: "signalbox",
        semanticVersion: version,
        rules: rules.map((code) => ruleOf(code, options)),
      },
    },
    columnKind: "utf16CodeUnits",
    results: [
      ...findings.map((finding) => resultOf(finding, rules, locators)),
      ...ignored.map(({ finding, reason }) => ({
        ...resultOf(finding, rules, locators),
        suppressions: [{ kind: "inSource", justification: printable(reason) }],
      })),
    ],
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(code: Code, { version, pages }: SarifOptions): Json {
  const { severity, summary } = codes[code];
  const page = pages?.get(code);
  return {
    id: code,
    shortDescription: { text: summary },
    // A package URL: the page is a file of this very version of the package.
    helpUri: `pkg:npm/signalbox@${encodeURIComponent(version)}#docs/rules/${code}.md`,
    ...(page !== undefined && { help: { text: page, markdown: page } }),
    defaultConfiguration: { level: severity },
  };
}

function resultOf(
  finding: Diagnostic,
  rules: readonly Code[],
  locators: ReadonlyMap<string, Locate>,
): Json {
  const { code, severity, message, help, related } = finding;
  const text = help === undefined ? message : `${message}; ${help}`;
  return {
    ruleId: code,
    ruleIndex: rules.indexOf(code),
    level: severity,
    message: { text: plain(text) },
    locations: [{ physicalLocation: physical(finding, locators) }],
    ...(related.length > 0 && {
      relatedLocations: related.map((each, id) => ({
        id,
        message: { text: plain(each.message) },
        physicalLocation: physical(each, locators),
      })),
    }),
  };
}

/** A message that holds no link of SARIF's: what a policy says is not to be followed. */
function plain(text: string): string {
  return printable(text).replaceAll("](", "] (");
}

function physical({ file, span }: Place, locators: ReadonlyMap<string, Locate>): Json {
  const locate = locators.get(file);
  const artifactLocation = artifact(file);
  if (!locate) return { artifactLocation };
  const start = locate(span.start);
  const end = locate(span.end);
  const region = {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
    charOffset: span.start,
    charLength: span.end - span.start,
  };
  return { artifactLocation, region };
}

/** A path as a URI reference: relative ones are from the root of the sources, wherever those are looked at. */
function artifact(file: string): Json {
  if (file === "-") return { uri: "stdin", description: { text: "standard input" } };
  const path = file.replaceAll("\\", "/");
  const uri = path.split("/").map(encodeURIComponent).join("/");
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${path.slice(0, 2)}${uri.slice(4)}` };
  if (path.startsWith("/")) return { uri: `file://${uri}` };
  return { uri: uri.replace(/^(\.\/)+/, ""), uriBaseId: "%SRCROOT%" };
}
