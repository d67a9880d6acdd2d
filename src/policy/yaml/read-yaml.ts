import { Composer, type Document, isScalar, type YAMLError } from "yaml";
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import { buildTree } from "./build-tree.ts";
import { findHiddenCharacters } from "./find-hidden-characters.ts";
import { longestFile } from "./limits.ts";
import type { Located } from "./located.ts";
import { scanTokens } from "./scan-tokens.ts";
import { otherSyntaxMessage, syntaxMessages } from "./syntax-messages.ts";

export interface YamlOutcome {
  /** Missing where anything was found. */
  readonly root?: Located;
  readonly found: readonly Diagnostic[];
}

/**
 * Reads a text as the part of YAML 1.2 that policies are written in. Time and memory are linear in the text: limits and
 * refused syntax are checked on tokens, before any node is built.
 */
export function readYaml(text: string, file: string): YamlOutcome {
  const place = { file, span: { start: 0, end: 0 } };
  if (text.length > longestFile) {
    return {
      found: [
        diagnostic(
          "SB002",
          `expected at most ${longestFile} characters, found ${text.length}`,
          place,
        ),
      ],
    };
  }
  const hidden = findHiddenCharacters(text, file);
  if (hidden.length > 0) return { found: hidden };
  const { found, tokens } = scanTokens(text, file);
  if (found.length > 0) return { found };
  const documents = [...new Composer(options).compose(tokens, false, text.length)];
  const refused = refuseDocuments(documents, file);
  if (refused) return { found: [refused] };
  const built = buildTree(documents[0]?.contents, text, file);
  return built.found.length > 0 ? { found: built.found } : { root: built.root, found: [] };
}

/** Duplicate keys are found by us: the library compares each key with every other. */
const options = {
  version: "1.2",
  schema: "core",
  stringKeys: true,
  uniqueKeys: false,
  merge: false,
  keepSourceTokens: false,
} as const;

/** The first thing that is wrong with the documents as such; later ones mostly follow from it. */
function refuseDocuments(
  documents: readonly Document.Parsed[],
  file: string,
): Diagnostic | undefined {
  const [first, second] = documents;
  const error = first?.errors[0] ?? first?.warnings[0];
  if (error) return syntaxError(error, file);
  if (second) {
    const span = { start: second.range[0], end: second.range[0] };
    const help = "put each policy into a file of its own";
    return diagnostic("SB007", "expected one document, found a second", { file, span }, { help });
  }
  if (first?.contents && !(isScalar(first.contents) && first.contents.value === null))
    return undefined;
  const span = { start: 0, end: 0 };
  return diagnostic(
    "SB011",
    "expected a policy, found nothing",
    { file, span },
    {
      help: "start with `version: 1`, `providers` and `routes`",
    },
  );
}

function syntaxError(error: YAMLError, file: string): Diagnostic {
  const [start, end] = error.pos;
  const place = { file, span: { start, end } };
  if (error.code === "NON_STRING_KEY")
    return diagnostic("SB010", "expected a text as the key", place);
  return diagnostic("SB003", syntaxMessages[error.code] ?? otherSyntaxMessage, place);
}
