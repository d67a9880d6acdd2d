/** Quotes by what opens and what closes them; each stands at the edge of a word, as an apostrophe does not. */
const pairs = [
  [/(?<!\w)'/, /'(?!\w)/g],
  [/"/, /"/g],
  [/`/, /`/g],
  [/“/, /”/g],
  [/‘/, /’(?!\w)/g],
  [/«/, /»/g],
] as const;

/**
 * A message without what it quotes: from the first quote of a sort to the last, since what is quoted may hold quotes
 * itself. What is left is the provider's own, but for what it repeats unquoted. One without its end goes on to the
 * message's. Linear in the message.
 */
export function withoutQuotes(message: string): string {
  let left = message;
  for (const [opening, closing] of pairs) {
    const from = left.search(opening);
    if (from === -1) continue;
    const rest = left.slice(from + 1);
    const last = [...rest.matchAll(closing)].at(-1)?.index;
    left = left.slice(0, from) + (last === undefined ? "" : rest.slice(last + 1));
  }
  return left;
}
