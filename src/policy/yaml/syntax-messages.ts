import type { ErrorCode } from "yaml";

/** Says in our own words what the YAML library found; codes that cannot come up here share the last line. */
export const syntaxMessages: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_DQ_ESCAPE: "this escape is not known in double quotes",
  BAD_INDENT: "this line is indented in a way that fits no block above it",
  BAD_SCALAR_START: "a value cannot begin with this character unless it is quoted",
  BLOCK_AS_IMPLICIT_KEY: "a block cannot begin here, on the line of another key",
  BLOCK_IN_FLOW: "a block cannot stand inside brackets or braces",
  KEY_OVER_1024_CHARS: "a key is at most 1,024 characters long",
  MISSING_CHAR: "a character is missing here: a quote, bracket, brace, comma, colon or space",
  MULTILINE_IMPLICIT_KEY: "a key must end on the line it begins on, with a colon",
  TAB_AS_INDENT: "a tab cannot indent: use spaces",
  UNEXPECTED_TOKEN: "this cannot stand here",
};

/** The message for everything that {@link syntaxMessages} leaves out. */
export const otherSyntaxMessage = "this is not YAML 1.2";
