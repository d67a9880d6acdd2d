import type { Code } from "../diagnostics/codes.ts";
import {
  type Diagnostic,
  type DiagnosticExtras,
  diagnostic,
  type Related,
} from "../diagnostics/diagnostic.ts";
import { quote } from "../diagnostics/quote.ts";
import type { LoadedPolicy, Path } from "../policy/loaded-policy.ts";
import { type Evidence, explainCommand } from "./evidence.ts";

/** A finding at the key of a value, or at the value itself where it is a list's item. */
export function atKey(
  { keyPlaceOf }: LoadedPolicy,
  path: Path,
  [code, message]: readonly [Code, string],
  extras: DiagnosticExtras = {},
): Diagnostic {
  return diagnostic(code, message, keyPlaceOf(path), extras);
}

/** A finding at a value. */
export function atValue(
  { placeOf }: LoadedPolicy,
  path: Path,
  [code, message]: readonly [Code, string],
  extras: DiagnosticExtras = {},
): Diagnostic {
  return diagnostic(code, message, placeOf(path), extras);
}

/** The names of some routes with what they have to do with a finding; at most three are pointed at. */
export function relatedRoutes(
  { policy, placeOf }: LoadedPolicy,
  indexes: readonly number[],
  what: string,
): readonly Related[] {
  return indexes.slice(0, 3).map((index) => ({
    ...placeOf(["routes", index, "name"]),
    message: `${quote(policy.routes[index]?.name ?? "")} ${what}`,
  }));
}

/** Names some routes in a sentence: `a`, `b`, `c` and 2 more. */
export function routeNames({ policy }: LoadedPolicy, indexes: readonly number[]): string {
  const names = indexes.slice(0, 3).map((index) => quote(policy.routes[index]?.name ?? ""));
  const more = indexes.length - names.length;
  const parts = more > 0 ? [...names, `${more} more`] : names;
  const last = parts.pop() ?? "";
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
}

/** The help that shows a finding: a call to try. */
export function replayHelp({ file }: LoadedPolicy, evidence: Evidence): string {
  return `see it with \`${explainCommand(file, evidence)}\``;
}
