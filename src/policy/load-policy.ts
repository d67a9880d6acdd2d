import type { KindSpec } from "../catalog/catalog.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { baseUrlsOf } from "./check/check-base-urls.ts";
import { checkPolicy } from "./check/check-policy.ts";
import { checkWrittenKeys } from "./check/check-written-keys.ts";
import { keyPlace, type Subject, valuePlace } from "./check/subject.ts";
import type { LoadedPolicy, LoadOutcome } from "./loaded-policy.ts";
import type { Policy } from "./policy.generated.ts";
import { checkShape } from "./shape/check-shape.ts";
import { mostFindings } from "./shape/reporter.ts";
import { keySpan, type Located, plainData, valueSpan } from "./yaml/located.ts";
import { readYaml } from "./yaml/read-yaml.ts";

export interface LoadOptions {
  /** What findings call the text; `-` is standard input. */
  readonly file: string;
  /** The environment, as far as the policy may read it. Secrets are never read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kinds: Readonly<Record<string, KindSpec>>;
}

/**
 * Reads a policy's text: YAML, then shape, then references and values from outside; each stage only where the one before
 * found no error. Pure; never throws.
 *
 * @param text decoded by `decodeUtf8`; a byte order mark is left out
 */
export function loadPolicy(text: string, options: LoadOptions): LoadOutcome {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const { root, found } = readYaml(body, options.file);
  if (!root) return { diagnostics: sortDiagnostics(found) };
  const data = plainData(root);
  const shape = checkShape(root, data, options.file);
  const subject: Subject = { policy: data as Policy, root, ...options };
  const checked = hasErrors(shape) ? shape : checkPolicy(subject, mostFindings);
  const diagnostics = sortDiagnostics([...checked, ...otherKeys(root, options.file, checked)]);
  if (hasErrors(diagnostics)) return { diagnostics };
  return { policy: loaded(subject, body), diagnostics };
}

/** Keys that are written where no finding points already. */
function otherKeys(
  root: Located,
  file: string,
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  const taken = new Set(found.map(({ span }) => span.start));
  return [...checkWrittenKeys(root, file)]
    .filter(({ span }) => !taken.has(span.start))
    .slice(0, mostFindings);
}

function loaded(subject: Subject, text: string): LoadedPolicy {
  const { policy, root, file } = subject;
  return {
    policy,
    text,
    file,
    placeOf: (path) => valuePlace(subject, path),
    keyPlaceOf: (path) => keyPlace(subject, path),
    spanOf: (path) => valueSpan(root, path),
    keySpanOf: (path) => keySpan(root, path),
    baseUrls: baseUrlsOf(subject),
  };
}
