import { globParts, globSearch } from "./glob-search.ts";

/** A set of globs that some text meets, with no other glob. */
export interface GlobClass {
  /** Indexes of the globs, in order; none for a text that no glob admits. */
  readonly members: readonly number[];
  /** A text that meets exactly those, and is not listed. */
  readonly sample: string;
}

/** Pairs of a prefix and a suffix beyond which classes are not told apart. */
const mostPairs = 100_000;

/**
 * The sets of globs that can hold together for a text that is not listed: all of them, each once, and no other.
 *
 * A text meets a glob by its prefix, its suffix and its length. Let `a` be the longest prefix and `b` the longest
 * suffix of any glob that the text has. Where the text is at least as long as both together, it meets what `a`, some
 * letters of no glob, and `b` meet: one candidate for each pair. Where it is shorter, the two overlap in it, and it is
 * determined by `a`, `b` and the overlap: one candidate each. What candidates meet is looked up, so that nothing that
 * no text can do gets in, and by the above nothing that a text can do is left out.
 *
 * @param listed texts that are classes of their own; an overlap may be the only text of its set, and then be listed
 * @returns `undefined` where prefixes and suffixes make too many pairs
 */
export function globClasses(
  globs: readonly string[],
  listed: ReadonlySet<string>,
): readonly GlobClass[] | undefined {
  const parts = globs.map(globParts);
  const prefixes = [...new Set(["", ...parts.map(({ prefix }) => prefix)])];
  const suffixes = [...new Set(["", ...parts.map(({ suffix }) => suffix)])];
  if (prefixes.length * suffixes.length > mostPairs) return undefined;
  const search = globSearch(globs);
  const found = new Map<string, GlobClass>();
  const filler = unusedLetter([...globs, ...listed]);
  for (const prefix of prefixes) {
    for (const suffix of suffixes) {
      const sure = prefix + filler + suffix;
      const members = search(sure);
      const key = globKey(members);
      if (found.has(key)) continue;
      const sample =
        plainTexts(prefix, suffix).find(
          (text) => !listed.has(text) && globKey(search(text)) === key,
        ) ?? sure;
      found.set(key, { members, sample });
    }
  }
  const isTwoSided = parts.some(({ prefix, suffix }) => prefix !== "" && suffix !== "");
  for (const sample of isTwoSided ? overlaps(prefixes, suffixes) : []) {
    if (listed.has(sample)) continue;
    const members = search(sample);
    const key = globKey(members);
    if (!found.has(key)) found.set(key, { members, sample });
  }
  return [...found.values()];
}

/** One key for a set of globs, given in order. */
export function globKey(members: readonly number[]): string {
  return members.join(" ");
}

/** Texts that read better than a made-up letter would, where they do the same. */
function plainTexts(prefix: string, suffix: string): readonly string[] {
  if (prefix === "" && suffix === "") return ["something-else", "x"];
  return [`${prefix}x${suffix}`, `${prefix}1${suffix}`];
}

/** A letter in none of the texts: between a prefix and a suffix it makes neither longer. */
function unusedLetter(texts: readonly string[]): string {
  const used = new Set<number>();
  for (const text of texts) {
    for (let at = 0; at < text.length; at++) used.add(text.charCodeAt(at));
  }
  for (const letter of "xzqwkvyj0123456789_") if (!used.has(letter.charCodeAt(0))) return letter;
  let code = 0xa1;
  while (used.has(code)) code++;
  return String.fromCharCode(code);
}

/** Every text in which a prefix and a suffix share at least one letter. */
function* overlaps(prefixes: readonly string[], suffixes: readonly string[]): Generator<string> {
  for (const prefix of prefixes) {
    for (const suffix of suffixes) {
      const most = Math.min(prefix.length, suffix.length);
      for (let shared = 1; shared <= most; shared++) {
        if (prefix.endsWith(suffix.slice(0, shared))) yield prefix + suffix.slice(shared);
      }
    }
  }
}
