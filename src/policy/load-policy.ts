import type { KindSpec } from "../catalog/catalog.ts";
import type { LoadOutcome } from "./loaded-policy.ts";

export interface LoadOptions {
  /** What findings call the text; `-` is standard input. */
  readonly file: string;
  /** The environment, as far as the policy may read it. Secrets are never read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kinds: Readonly<Record<string, KindSpec>>;
}

/** Reads a policy's text: YAML, schema, references, values from outside. Pure; finds every fault it can and never throws. */
export function loadPolicy(text: string, options: LoadOptions): LoadOutcome {
  throw new TypeError(`not written yet: ${options.file}, ${text.length}`);
}
