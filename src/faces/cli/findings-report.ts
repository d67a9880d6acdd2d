import { appendFile } from "node:fs/promises";
import { codeFrameColumns } from "@babel/code-frame";
import packageJson from "../../../package.json" with { type: "json" };
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { IgnoredFinding } from "../../diagnostics/ignored-finding.ts";
import { renderGithub, renderGithubSummary } from "../../diagnostics/render-github.ts";
import { renderJson } from "../../diagnostics/render-json.ts";
import { renderPretty } from "../../diagnostics/render-pretty.ts";
import { renderSarif } from "../../diagnostics/render-sarif.ts";
import { unreachable } from "../../terms/unreachable.ts";
import type { CliIo } from "./io.ts";
import { readRulePages } from "./rule-pages.ts";
import { unreadableReason } from "./unreadable-reason.ts";
import { UsageError } from "./usage-error.ts";

/** The forms that findings are printed in. */
export const findingFormats = ["pretty", "json", "sarif", "github"] as const;

export type FindingFormat = (typeof findingFormats)[number];

/** @throws UsageError for any other word */
export function findingFormat(text: string): FindingFormat {
  const format = findingFormats.find((each) => each === text);
  if (format) return format;
  throw new UsageError(`--format is pretty, json, sarif or github, not \`${text}\``);
}

export interface Findings {
  readonly findings: readonly Diagnostic[];
  readonly ignored: readonly IgnoredFinding[];
  /** Texts by file, of all files that were read. */
  readonly sources: ReadonlyMap<string, string>;
  /** What was looked at: `2 policies`. */
  readonly subject: string;
}

/**
 * Writes findings in one of the formats. With `github`, a summary is added to the file that `GITHUB_STEP_SUMMARY` names.
 *
 * @throws UsageError where that file cannot be written
 */
export async function reportFindings(
  format: FindingFormat,
  found: Findings,
  io: CliIo,
): Promise<string> {
  const { findings, ignored, sources } = found;
  switch (format) {
    case "pretty": {
      const options = { sources, codeFrame: codeFrameColumns, colour: io.colour };
      return `${renderPretty(findings, options)}${summary(found)}\n`;
    }
    case "json":
      return renderJson(findings, sources, ignored);
    case "sarif": {
      const occurring = [...findings, ...ignored.map(({ finding }) => finding)];
      const pages = await readRulePages(occurring.map(({ code }) => code));
      return renderSarif(findings, { sources, ignored, pages, version: packageJson.version });
    }
    case "github":
      await addJobSummary(renderGithubSummary(findings, sources, summary(found)), io);
      return renderGithub(findings, sources, summary(found));
    default:
      return unreachable(format);
  }
}

/** `3 policies, no findings` or `1 policy, 2 errors, 1 warning, 1 ignored`. */
function summary({ findings, ignored, subject }: Findings): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const parts = [
    subject,
    ...(errors > 0 ? [errors === 1 ? "1 error" : `${errors} errors`] : []),
    ...(warnings > 0 ? [warnings === 1 ? "1 warning" : `${warnings} warnings`] : []),
    ...(findings.length === 0 ? ["no findings"] : []),
    ...(ignored.length > 0 ? [`${ignored.length} ignored`] : []),
  ];
  return parts.join(", ");
}

async function addJobSummary(markdown: string, { env }: CliIo): Promise<void> {
  const file = env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === "") return;
  try {
    await appendFile(file, `${markdown}\n`);
  } catch (error) {
    throw new UsageError(
      `cannot write the job summary ${file}: ${unreadableReason(error)}`,
      "it is the file that GITHUB_STEP_SUMMARY names",
    );
  }
}
