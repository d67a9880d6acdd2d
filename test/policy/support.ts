import { kinds } from "../../src/catalog/kinds.ts";
import type { Span } from "../../src/diagnostics/span.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import type { LoadedPolicy } from "../../src/policy/loaded-policy.ts";

type Section =
  | "version"
  | "timezone"
  | "providers"
  | "models"
  | "attributes"
  | "routes"
  | "chains"
  | "breakers"
  | "retries"
  | "ceilings"
  | "defaults"
  | "assert"
  | "keys"
  | "include";

const base: Partial<Record<Section, string>> = {
  version: "1",
  providers: "{ a: { kind: openai }, b: { kind: anthropic } }",
  routes: "[{ name: all, use: main }]",
  chains: "{ main: [a:x, b:y] }",
};

/** A small policy without findings, with some sections replaced; `undefined` leaves one out. */
export function policyText(
  sections: { readonly [name in Section]?: string | undefined } = {},
): string {
  return Object.entries({ ...base, ...sections })
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${name}: ${text}\n`)
    .join("");
}

export interface Loaded {
  readonly policy: LoadedPolicy | undefined;
  /** Each finding as its code and the text that it points at. */
  readonly found: readonly string[];
  readonly messages: readonly string[];
  readonly help: readonly (string | undefined)[];
  /** Where each finding points. */
  readonly spans: readonly Span[];
}

/** Loads a text with the built-in kinds. */
export function load(text: string, env: Readonly<Record<string, string | undefined>> = {}): Loaded {
  const { policy, diagnostics } = loadPolicy(text, { file: "p.yaml", env, kinds });
  return {
    policy,
    found: diagnostics.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`),
    messages: diagnostics.map(({ message }) => message),
    help: diagnostics.map(({ help }) => help),
    spans: diagnostics.map(({ span }) => span),
  };
}
