/** A one-star glob, taken apart. A pattern without a star is no glob, and has no place here. */
export interface GlobParts {
  readonly prefix: string;
  readonly suffix: string;
}

/** Takes a one-star glob apart at its star. */
export function globParts(glob: string): GlobParts {
  const star = glob.indexOf("*");
  return { prefix: glob.slice(0, star), suffix: glob.slice(star + 1) };
}

/**
 * Finds which of many globs admit a text, without trying each: by the prefixes, then by the suffixes, of the lengths
 * that globs have. A glob with both is found by its prefix.
 *
 * @returns a function from a text to the indexes of the globs that admit it, in order
 */
export function globSearch(globs: readonly string[]): (text: string) => readonly number[] {
  const byPrefix = new Map<string, Entry[]>();
  const bySuffix = new Map<string, Entry[]>();
  globs.forEach((glob, index) => {
    const { prefix, suffix } = globParts(glob);
    const entry = { index, suffix, least: prefix.length + suffix.length };
    if (prefix === "" && suffix !== "") enter(bySuffix, suffix, entry);
    else enter(byPrefix, prefix, entry);
  });
  const prefixLengths = lengths(byPrefix);
  const suffixLengths = lengths(bySuffix);
  return (text) => {
    const found: number[] = [];
    for (const length of prefixLengths) {
      if (length > text.length) break;
      collect(found, byPrefix.get(text.slice(0, length)), text);
    }
    for (const length of suffixLengths) {
      if (length > text.length) break;
      collect(found, bySuffix.get(text.slice(text.length - length)), text);
    }
    return found.sort((left, right) => left - right);
  };
}

interface Entry {
  readonly index: number;
  readonly suffix: string;
  readonly least: number;
}

function enter(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const entries = map.get(key);
  if (entries) entries.push(entry);
  else map.set(key, [entry]);
}

function lengths(map: ReadonlyMap<string, unknown>): readonly number[] {
  return [...new Set([...map.keys()].map(({ length }) => length))].sort(
    (left, right) => left - right,
  );
}

function collect(found: number[], entries: readonly Entry[] | undefined, text: string): void {
  for (const { index, suffix, least } of entries ?? []) {
    if (text.length >= least && text.endsWith(suffix)) found.push(index);
  }
}
