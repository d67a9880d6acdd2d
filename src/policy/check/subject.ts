import type { KindSpec } from "../../catalog/catalog.ts";
import type { Code } from "../../diagnostics/codes.ts";
import {
  type Diagnostic,
  type DiagnosticExtras,
  diagnostic,
  type Place,
} from "../../diagnostics/diagnostic.ts";
import type { Path } from "../loaded-policy.ts";
import type { Policy } from "../policy.generated.ts";
import { keyPlace as keyAt, type Located, valuePlace as valueAt } from "../yaml/located.ts";

/** What a check looks at: a policy of the right shape, its document, and what it may know of the world. */
export interface Subject {
  readonly policy: Policy;
  readonly root: Located;
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kinds: Readonly<Record<string, KindSpec>>;
}

/** One check: yields what it finds, in document order as far as it goes. */
export type Check = (subject: Subject) => Iterable<Diagnostic>;

/** A finding at a value; `help` and `related` as in {@link diagnostic}. */
export function atValue(
  subject: Subject,
  path: Path,
  [code, message]: readonly [Code, string],
  extras: DiagnosticExtras = {},
): Diagnostic {
  return diagnostic(code, message, valuePlace(subject, path), extras);
}

/** A finding at a key. */
export function atKey(
  subject: Subject,
  path: Path,
  [code, message]: readonly [Code, string],
  extras: DiagnosticExtras = {},
): Diagnostic {
  return diagnostic(code, message, keyPlace(subject, path), extras);
}

export function valuePlace({ root, file }: Subject, path: Path): Place {
  return valueAt(root, path, file);
}

export function keyPlace({ root, file }: Subject, path: Path): Place {
  return keyAt(root, path, file);
}

/** Names declared in a map of the policy, in file order. */
export function namesOf(map: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return Object.keys(map ?? {});
}

/** What a map of the policy holds under a name; own members only. */
export function named<T>(
  map: Readonly<Record<string, T>> | undefined,
  name: string,
): T | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined;
}
