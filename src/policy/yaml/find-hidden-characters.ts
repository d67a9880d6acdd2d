import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";

/**
 * Characters that a reviewer cannot see or that change what is seen, as rising ranges of code points: controls, spaces
 * that YAML does not count as such, zero-width and bidirectional marks, lone surrogates, tag characters.
 *
 * @see https://trojansource.codes/ (CVE-2021-42574), read 2026-11-20
 */
const hidden: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x1680, 0x1680],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xffff],
  [0xe0000, 0xe0fff],
];

const mostReported = 20;

/** Finds characters that a policy may not hold as such; the first twenty. A carriage return may only end a line. */
export function findHiddenCharacters(text: string, file: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  let start = 0;
  for (const character of text) {
    if (isHidden(character.codePointAt(0) ?? 0) || isLoneReturn(text, start)) {
      found.push(hiddenCharacter(character, { start, end: start + character.length }, file));
      if (found.length === mostReported) return found;
    }
    start += character.length;
  }
  return found;
}

function isHidden(code: number): boolean {
  if (code > 0x1f && code < 0x7f) return false;
  return hidden.some(([first, last]) => code >= first && code <= last);
}

function isLoneReturn(text: string, at: number): boolean {
  return text[at] === "\r" && text[at + 1] !== "\n";
}

function hiddenCharacter(character: string, span: Diagnostic["span"], file: string): Diagnostic {
  const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const escaped = number.length > 4 ? `\\U${number.padStart(8, "0")}` : `\\u${number}`;
  const help = `delete it, or write it as an escape in double quotes: \`"${escaped}"\``;
  const message = `the character U+${number} may not stand here`;
  return diagnostic("SB008", message, { file, span }, { help });
}
