import { type Diagnostic, diagnostic, type Place } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import type { Located, LocatedEntry, LocatedList, LocatedMap } from "../yaml/located.ts";
import type { PolicyFile } from "./gather-files.ts";

/** Sections whose names are put together; each name stands in one file. */
const maps = ["providers", "models", "attributes", "chains", "breakers", "retries"] as const;

/** Sections whose items are put together, those of included files first. */
const lists = ["keys", "ceilings", "assert"] as const;

export interface MergedFiles {
  /** The main file with the sections of all; what was included knows its file. */
  readonly root: Located;
  readonly found: readonly Diagnostic[];
}

/** Puts the files of a policy together, the main one being the last. Expects files of the right shape. */
export function mergeFiles(files: readonly PolicyFile[]): MergedFiles {
  const main = files.at(-1);
  if (main?.root.kind !== "map") throw new TypeError("expected a main file that is a map");
  const found: Diagnostic[] = [];
  const entries = new Map(main.root.entries);
  for (const section of maps) {
    const merged = mergeMaps(partsOf(files, section, "map"), found);
    if (merged) entries.set(section, merged);
  }
  for (const section of lists) {
    const merged = mergeLists(partsOf(files, section, "list"));
    if (merged) entries.set(section, merged);
  }
  return { root: { ...main.root, entries }, found };
}

/** A section of one file. */
interface Part<T> {
  readonly file: string;
  readonly isMain: boolean;
  readonly key: LocatedEntry["key"];
  readonly value: T;
}

function partsOf<K extends "map" | "list">(
  files: readonly PolicyFile[],
  section: string,
  kind: K,
): readonly Part<Extract<Located, { kind: K }>>[] {
  return files.flatMap(({ file, root }, index) => {
    const entry = root.kind === "map" ? root.entries.get(section) : undefined;
    if (entry?.value.kind !== kind) return [];
    const value = entry.value as Extract<Located, { kind: K }>;
    return [{ file, isMain: index === files.length - 1, key: entry.key, value }];
  });
}

function mergeMaps(
  parts: readonly Part<LocatedMap>[],
  found: Diagnostic[],
): LocatedEntry | undefined {
  const entries = new Map<string, LocatedEntry>();
  const places = new Map<string, Place>();
  for (const part of parts) {
    for (const [name, { key, value }] of part.value.entries) {
      const place = { file: part.file, span: key };
      const first = places.get(name);
      if (first) found.push(declaredTwice(name, place, first));
      places.set(name, first ?? place);
      if (!first) entries.set(name, { key, value: from(part, value) });
    }
  }
  const around = aroundOf(parts);
  return around && { key: around.key, value: { ...from(around, around.value), entries } };
}

function mergeLists(parts: readonly Part<LocatedList>[]): LocatedEntry | undefined {
  const items = parts.flatMap((part) => part.value.items.map((item) => from(part, item)));
  const around = aroundOf(parts);
  return around && { key: around.key, value: { ...from(around, around.value), items } };
}

/** The section to point at as a whole: the main file's, else the first. */
function aroundOf<T>(parts: readonly Part<T>[]): Part<T> | undefined {
  return parts.find(({ isMain }) => isMain) ?? parts[0];
}

function from<T extends Located>({ isMain, file }: Part<unknown>, value: T): T {
  return isMain ? value : { ...value, file };
}

function declaredTwice(name: string, place: Place, first: Place): Diagnostic {
  const related = [{ ...first, message: "first declared here" }];
  return diagnostic("SB214", `${quote(name)} is declared in another file`, place, { related });
}
