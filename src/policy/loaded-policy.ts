import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import type { Policy } from "./policy.generated.ts";

/** Keys and indexes from the document's root: `["routes", 0, "use"]`. */
export type Path = readonly (string | number)[];

/** A policy without errors, in the words it was written in, with the way back to its text. */
export interface LoadedPolicy {
  /**
   * The document as plain data. Every object in it has no prototype, so that no name can reach one: read maps with
   * `Object.entries` or `Object.hasOwn`.
   */
  readonly policy: Policy;
  /** Of the main file. */
  readonly text: string;
  /** The main file. */
  readonly file: string;
  /** The texts of all its files, by what places call them. */
  readonly sources: ReadonlyMap<string, string>;
  /** Where a value stands; of a list or map the whole of it. The nearest parent's, where there is no such value. */
  readonly placeOf: (path: Path) => Place;
  /** Where the key of a value stands; of a list's item the item itself. Best for pointing at maps and lists. */
  readonly keyPlaceOf: (path: Path) => Place;
  /**
   * Base URLs by provider, without a trailing slash, read from the environment where the policy says so; the kind's own
   * where the policy gives none. Providers without one (`sandbox`) are missing.
   */
  readonly baseUrls: ReadonlyMap<string, string>;
}

export interface LoadOutcome {
  /** Missing where any finding is an error. */
  readonly policy?: LoadedPolicy;
  /** Sorted by place, then code. */
  readonly diagnostics: readonly Diagnostic[];
  /** The texts of all files that could be read, by what findings call them. */
  readonly sources: ReadonlyMap<string, string>;
  /** Paths of included files from the main file's folder, also of those that cannot be read: what a reload watches. */
  readonly included: readonly string[];
}
