import { CST, Lexer, Parser } from "yaml";
import type { Code } from "../../diagnostics/codes.ts";
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import { deepest, longestScalar, mostEntries } from "./limits.ts";

const mostReported = 20;

/** Most lexical tokens, comments and line ends included: a bound on memory. */
const mostTokens = 300_000;

export interface TokenScan {
  readonly found: readonly Diagnostic[];
  /** The concrete syntax, where nothing was found. */
  readonly tokens: readonly CST.Token[];
}

/**
 * Goes over a text's lexical tokens, without recursion, and refuses what the language leaves out of YAML (anchors,
 * aliases, tags, directives) and what is too long, too deep or too much, before anything is built from it.
 */
export function scanTokens(text: string, file: string): TokenScan {
  const scan = new Scan(text, file);
  for (const lexeme of new Lexer().lex(text)) {
    if (!scan.next(lexeme) || scan.found.length === mostReported)
      return { found: scan.found, tokens: [] };
  }
  return { found: scan.found, tokens: scan.end() };
}

class Scan {
  readonly found: Diagnostic[] = [];
  readonly #text: string;
  readonly #file: string;
  readonly #parser = new Parser();
  readonly #tokens: CST.Token[] = [];
  #entries = 0;
  #count = 0;
  #scalarNext = false;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  /** Takes one lexeme; `false` where reading must stop. */
  next(lexeme: string): boolean {
    const start = this.#parser.offset;
    this.#count += 1;
    const type = this.#scalarNext ? "scalar-text" : CST.tokenType(lexeme);
    this.#scalarNext = type === "scalar";
    for (const token of this.#parser.next(lexeme)) this.#tokens.push(token);
    this.#refuse(type, lexeme, start);
    return this.#withinLimits(type, lexeme, start);
  }

  end(): readonly CST.Token[] {
    this.#tokens.push(...this.#parser.end());
    return this.#tokens;
  }

  #refuse(type: string | null, lexeme: string, start: number): void {
    const refused = refusals[type ?? ""];
    if (refused === undefined) return;
    const { code, message, help } = refused(lexeme, this.#text);
    const span = { start, end: start + lexeme.trimEnd().length };
    this.found.push(diagnostic(code, message, { file: this.#file, span }, { help }));
  }

  #withinLimits(type: string | null, lexeme: string, start: number): boolean {
    if (type !== null && entryTokens.has(type)) this.#entries += 1;
    const tooMuch = this.#tooMuch(type, lexeme);
    if (tooMuch === undefined) return true;
    const span = { start, end: start + Math.min(lexeme.length, 1) };
    this.found.push(diagnostic("SB002", tooMuch, { file: this.#file, span }));
    return false;
  }

  #tooMuch(type: string | null, lexeme: string): string | undefined {
    if (type !== "comment" && lexeme.length > longestScalar) {
      return `expected a text of at most ${longestScalar} characters, found ${lexeme.length}`;
    }
    if (this.#parser.stack.length > deepest + 1)
      return `expected at most ${deepest} levels, found more`;
    if (this.#entries > mostEntries)
      return `expected at most ${mostEntries} keys and items, found more`;
    return this.#count > mostTokens
      ? `expected at most ${mostTokens} tokens, found more`
      : undefined;
  }
}

const entryTokens = new Set(["seq-item-ind", "map-value-ind", "explicit-key-ind", "comma"]);

interface Refusal {
  readonly code: Code;
  readonly message: string;
  readonly help: string;
}

/** What each refused kind of token is told. */
const refusals: Readonly<Record<string, (lexeme: string, text: string) => Refusal>> = {
  anchor: (lexeme) => ({
    code: "SB004",
    message: `the anchor ${quote(lexeme)} is not part of the language`,
    help: "write the value out where it is needed, or quote it if it is a text",
  }),
  alias: (lexeme, text) => ({
    code: "SB004",
    message: `the alias ${quote(lexeme)} is not part of the language`,
    help:
      text.includes(`&${lexeme.slice(1)}`) && lexeme.length > 1
        ? "write the value out where it is needed"
        : `if it is a pattern, quote it: \`"${lexeme}"\``,
  }),
  tag: (lexeme) => ({
    code: "SB005",
    message: `the tag ${quote(lexeme)} is not part of the language`,
    help: "leave it out, or quote the value if it is a text",
  }),
  "directive-line": (lexeme) => ({
    code: "SB006",
    message: `the directive ${quote(lexeme.trimEnd())} is not part of the language`,
    help: "leave it out: a policy is always YAML 1.2",
  }),
};
