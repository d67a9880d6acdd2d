import { type Diagnostic, diagnostic, sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import type { IgnoredFinding } from "../../diagnostics/ignored-finding.ts";
import { locator } from "../../diagnostics/span.ts";
import { type Ignore, readIgnores } from "./read-ignores.ts";

export interface AppliedIgnores {
  /** What is left, and what is wrong with the ignores themselves; sorted. */
  readonly findings: readonly Diagnostic[];
  /** What was silenced, in the order it was found. */
  readonly ignored: readonly IgnoredFinding[];
}

/**
 * Takes out of what was found the warnings that the policies ignore, each by its code on its line.
 *
 * @param sources texts of the files by the names that findings give them
 * @param wasChecked whether everything was looked for in a file; elsewhere an ignore may be of use later
 */
export function applyIgnores(
  findings: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  wasChecked: (file: string) => boolean,
): AppliedIgnores {
  const read = Array.from(sources, ([file, text]) => readIgnores(text, file));
  const ignores = read.flatMap((each) => each.ignores);
  const about = read.flatMap(({ found }) => found);
  if (ignores.length === 0) {
    return {
      findings: about.length === 0 ? findings : sortDiagnostics([...findings, ...about]),
      ignored: [],
    };
  }
  const used = new Set<Ignore>();
  const ignored: IgnoredFinding[] = [];
  const lineOf = lines(sources);
  const kept = findings.filter((finding) => {
    const line = lineOf(finding);
    const ignore = ignores.find(
      ({ code, place, line: at }) =>
        code === finding.code && place.file === finding.file && at === line,
    );
    if (!ignore) return true;
    used.add(ignore);
    ignored.push({ finding, reason: ignore.reason });
    return false;
  });
  const unused = ignores.filter((ignore) => !used.has(ignore) && wasChecked(ignore.place.file));
  return { findings: sortDiagnostics([...kept, ...about, ...unused.map(unusedIgnore)]), ignored };
}

function lines(sources: ReadonlyMap<string, string>): (finding: Diagnostic) => number | undefined {
  const locators = new Map(Array.from(sources, ([file, text]) => [file, locator(text)]));
  return ({ file, span }) => locators.get(file)?.(span.start).line;
}

function unusedIgnore({ code, place, line }: Ignore): Diagnostic {
  return diagnostic("SB805", `there is no ${code} on line ${line}`, place, {
    help: "delete the comment, or move it to the line that the finding points at",
  });
}
