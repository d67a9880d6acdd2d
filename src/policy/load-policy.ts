import type { KindSpec } from "../catalog/catalog.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { baseUrlsOf } from "./check/check-base-urls.ts";
import { checkPolicy } from "./check/check-policy.ts";
import { checkWrittenKeys } from "./check/check-written-keys.ts";
import { keyPlace, type Subject, valuePlace } from "./check/subject.ts";
import { checkFiles, checkProviders } from "./include/check-file.ts";
import { gatherFiles, type PolicyFile, type ReadIncluded } from "./include/gather-files.ts";
import { mergeFiles } from "./include/merge-files.ts";
import type { LoadedPolicy, LoadOutcome } from "./loaded-policy.ts";
import type { Policy } from "./policy.generated.ts";
import { checkShape } from "./shape/check-shape.ts";
import { mostFindings } from "./shape/reporter.ts";
import { type Located, plainData } from "./yaml/located.ts";

export interface LoadOptions {
  /** What findings call the text; `-` is standard input. */
  readonly file: string;
  /** The environment, as far as the policy may read it. Secrets are never read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kinds: Readonly<Record<string, KindSpec>>;
  /** Reads what the policy includes; without it, a policy that includes anything is refused. */
  readonly read?: ReadIncluded | undefined;
}

/**
 * Reads a policy's text, with the files that it includes: YAML, then shape, then references and values from outside; each
 * stage only where the one before found no error. Pure; never throws.
 *
 * @param text decoded by `decodeUtf8`; a byte order mark is left out
 */
export function loadPolicy(text: string, options: LoadOptions): LoadOutcome {
  const { files, sources, included, found } = gatherFiles(text, options.file, options.read);
  const around = { sources, included };
  if (found.length > 0) return { diagnostics: sortDiagnostics(found), ...around };
  const checked =
    included.length === 0 ? checkAlone(files, options) : checkTogether(files, options);
  const diagnostics = sortDiagnostics([...checked.found, ...otherKeys(files, checked.found)]);
  if (hasErrors(diagnostics) || !checked.subject) return { diagnostics, ...around };
  return { policy: loaded(checked.subject, sources), diagnostics, ...around };
}

interface Checked {
  /** Missing where the shape has errors. */
  readonly subject?: Subject;
  readonly found: readonly Diagnostic[];
}

function checkAlone(files: readonly PolicyFile[], options: LoadOptions): Checked {
  const root = mainOf(files);
  const data = plainData(root);
  const shape = checkShape(root, data, options.file);
  return hasErrors(shape) ? { found: shape } : checkMeaning(root, data, options);
}

function checkTogether(files: readonly PolicyFile[], options: LoadOptions): Checked {
  const shape = checkFiles(files);
  if (hasErrors(shape)) return { found: shape };
  const { root, found } = mergeFiles(files);
  const together = [...found, ...checkProviders(root, options.file)];
  if (together.length > 0) return { found: together };
  return checkMeaning(root, plainData(root), options);
}

function mainOf(files: readonly PolicyFile[]): Located {
  const main = files.at(-1);
  if (!main) throw new TypeError("expected a main file");
  return main.root;
}

function checkMeaning(root: Located, data: unknown, options: LoadOptions): Checked {
  const subject: Subject = { policy: data as Policy, root, ...options };
  return { subject, found: checkPolicy(subject, mostFindings) };
}

/** Keys that are written where no finding points already. */
function otherKeys(
  files: readonly PolicyFile[],
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  const taken = new Set(found.map(({ file, span }) => `${span.start} ${file}`));
  return files
    .flatMap(({ root, file }) => [...checkWrittenKeys(root, file)])
    .filter(({ file, span }) => !taken.has(`${span.start} ${file}`))
    .slice(0, mostFindings);
}

function loaded(subject: Subject, sources: ReadonlyMap<string, string>): LoadedPolicy {
  const { policy, file } = subject;
  return {
    policy,
    text: sources.get(file) ?? "",
    file,
    sources,
    placeOf: (path) => valuePlace(subject, path),
    keyPlaceOf: (path) => keyPlace(subject, path),
    baseUrls: baseUrlsOf(subject),
  };
}
