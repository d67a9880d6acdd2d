import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import { holdsKey } from "../../diagnostics/mask-keys.ts";
import type { Span } from "../../diagnostics/span.ts";
import type { Located } from "../yaml/located.ts";

/** Finds texts, also in keys of maps, that hold something with the form of a provider's key. */
export function* checkWrittenKeys(root: Located, file: string): Generator<Diagnostic> {
  for (const { text, span } of textsOf(root)) {
    if (!holdsKey(text)) continue;
    yield diagnostic(
      "SB702",
      "a key is written in the policy",
      { file, span },
      {
        help: "revoke it, put a new one into the environment and name the variable: `{ env: OPENAI_API_KEY }`",
      },
    );
  }
}

function* textsOf(node: Located): Generator<{ readonly text: string; readonly span: Span }> {
  switch (node.kind) {
    case "scalar":
      if (typeof node.value === "string") yield { text: node.value, span: node.span };
      return;
    case "list":
      for (const item of node.items) yield* textsOf(item);
      return;
    case "map":
      for (const [text, { key, value }] of node.entries) {
        yield { text, span: key };
        yield* textsOf(value);
      }
  }
}
