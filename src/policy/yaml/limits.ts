/** Longest policy file, in bytes (and so in characters): 4 MiB. */
export const longestFile = 4 * 1024 * 1024;

/** Longest scalar or key, in characters: 64 KiB. */
export const longestScalar = 64 * 1024;

/** Deepest nesting of maps and lists. */
export const deepest = 64;

/** Most keys and list items in one file; a policy of a thousand routes has about ten thousand. */
export const mostEntries = 20_000;
