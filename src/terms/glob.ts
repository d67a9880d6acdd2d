/** Tells whether a pattern holds the one wildcard of the policy language. */
export function isGlob(pattern: string): boolean {
  return pattern.includes("*");
}

/** Tells whether some text is admitted by both of two patterns, each with at most one `*`. */
export function globsMeet(one: string, other: string): boolean {
  if (!isGlob(one)) return globTest(other)(one);
  if (!isGlob(other)) return globTest(one)(other);
  const [before = "", after = ""] = one.split("*");
  const [otherBefore = "", otherAfter = ""] = other.split("*");
  // The longer beginning followed by the longer end is such a text.
  return (
    (before.startsWith(otherBefore) || otherBefore.startsWith(before)) &&
    (after.endsWith(otherAfter) || otherAfter.endsWith(after))
  );
}

/**
 * Compiles a pattern with at most one `*` to a test of the whole string, case-sensitive; `*` stands for any run, also
 * an empty one. Linear in the text: no backtracking. Two stars are refused before they get here.
 */
export function globTest(pattern: string): (text: string) => boolean {
  const star = pattern.indexOf("*");
  if (star === -1) return (text) => text === pattern;
  const prefix = pattern.slice(0, star);
  const suffix = pattern.slice(star + 1);
  const least = prefix.length + suffix.length;
  return (text) => text.length >= least && text.startsWith(prefix) && text.endsWith(suffix);
}
