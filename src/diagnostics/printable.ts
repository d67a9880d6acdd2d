/** Controls, format characters (bidirectional and zero-width marks among them), surrogates and line separators. */
const unprintable = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * Replaces what a terminal would obey instead of showing, so that a policy's text cannot move the cursor or hide itself
 * in a report; every place in the text stays true.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => "\uFFFD".repeat(character.length));
}
