/** Tells whether a pattern holds the one wildcard of the policy language. */
export function isGlob(pattern: string): boolean {
  return pattern.includes("*");
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
