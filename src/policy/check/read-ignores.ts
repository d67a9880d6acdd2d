import { CST, Lexer } from "yaml";
import { type Code, codes } from "../../diagnostics/codes.ts";
import { type Diagnostic, diagnostic, type Place } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/nearest.ts";
import { quote } from "../../diagnostics/quote.ts";
import { locator } from "../../diagnostics/span.ts";

/** A comment that silences one code on one line. */
export interface Ignore {
  readonly code: Code;
  readonly reason: string;
  /** The comment itself. */
  readonly place: Place;
  /** The line that it speaks of, from 1. */
  readonly line: number;
}

export interface ReadIgnores {
  readonly ignores: readonly Ignore[];
  /** Comments that were meant as ignores and are none. */
  readonly found: readonly Diagnostic[];
}

const word = "signalbox-ignore";
const form = `write \`# ${word} SBnnn: reason\``;

/**
 * Reads the ignores of a policy's text: comments `# signalbox-ignore SB602: reason` at the end of a line, or alone above
 * it; several may stand above one line. Comments are YAML's, found by its lexer: a `#` within a text is none.
 */
export function readIgnores(text: string, file: string): ReadIgnores {
  // Most policies have none, and are not lexed for them.
  if (!/signalbox[-_:]/i.test(text)) return { ignores: [], found: [] };
  const locate = locator(text);
  const ignores: Ignore[] = [];
  const found: Diagnostic[] = [];
  const ownLines = new Set<number>();
  for (const comment of commentsOf(text).toReversed()) {
    const { line, column } = locate(comment.start);
    const alone = text.slice(comment.start - column + 1, comment.start).trim() === "";
    if (alone) ownLines.add(line);
    const place = {
      file,
      span: { start: comment.start, end: comment.start + comment.text.length },
    };
    const read = readComment(comment.text, place);
    if (!read) continue;
    if ("severity" in read) found.unshift(read);
    else ignores.unshift({ ...read, place, line: alone ? nextLine(line, ownLines) : line });
  }
  return { ignores, found };
}

/** The first line below that is not a comment alone. */
function nextLine(line: number, ownLines: ReadonlySet<number>): number {
  let next = line + 1;
  while (ownLines.has(next)) next += 1;
  return next;
}

interface Comment {
  readonly start: number;
  readonly text: string;
}

/** Lexemes that stand for no character of the text: document start, error end, and the mark before a scalar. */
const marks = new Set(["doc-mode", "flow-error-end", "scalar"]);

function commentsOf(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  let start = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: string | null = isScalar ? "text" : CST.tokenType(lexeme);
    isScalar = type === "scalar";
    if (type === "comment") comments.push({ start, text: lexeme.trimEnd() });
    if (!marks.has(type ?? "")) start += lexeme.length;
  }
  return comments;
}

/** The ignore in a comment, what is wrong with it, or `undefined` where the comment is about something else. */
function readComment(
  comment: string,
  place: Place,
): Pick<Ignore, "code" | "reason"> | Diagnostic | undefined {
  const [, first = "", rest = ""] = /^#+[ \t]*(signalbox[-_:][\w-]*)(.*)$/i.exec(comment) ?? [];
  if (first === "") return undefined;
  if (first !== word) return malformed(`${quote(first)} is not a comment that is read`, place);
  const [, name, reason = ""] = /^[ \t]+([\w-]+)[ \t]*(?::(.*))?$/.exec(rest) ?? [];
  if (name === undefined) return malformed("expected a code and a reason after it", place);
  if (!isCode(name)) {
    const help = didYouMean(name, Object.keys(codes)) ?? form;
    return diagnostic("SB803", `${quote(name)} is not a code`, place, { help });
  }
  if (!canBeIgnored(name)) return refused(name, place);
  if (reason.trim() === "") return malformed(`expected a reason to ignore ${name}`, place);
  return { code: name, reason: reason.trim() };
}

function isCode(name: string): name is Code {
  return Object.hasOwn(codes, name);
}

const aboutIgnores: readonly Code[] = ["SB803", "SB804", "SB805"];

/** Warnings can be ignored, but for those about ignores. */
export function canBeIgnored(code: Code): boolean {
  return codes[code].severity === "warning" && !aboutIgnores.includes(code);
}

function refused(code: Code, place: Place): Diagnostic {
  const isError = codes[code].severity === "error";
  const message = isError ? `${code} is an error` : `${code} is about ignores`;
  return diagnostic("SB804", `${message} and cannot be ignored`, place, {
    help: "delete the comment; warnings can be ignored",
  });
}

function malformed(message: string, place: Place): Diagnostic {
  return diagnostic("SB803", message, place, { help: form });
}
