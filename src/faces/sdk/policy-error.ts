import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { locator } from "../../diagnostics/span.ts";

const marker: unique symbol = Symbol.for("signalbox.PolicyError");

/**
 * A policy that cannot rule: it cannot be read, has errors, or a key that it needs is missing.
 *
 * `diagnostics` holds the findings, warnings included, for code to look at; the message tells the errors to people, one
 * a line, with places. Where the file could not even be read there are none, and `cause` says why.
 */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly [marker] = true;
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(message, options);
    this.diagnostics = diagnostics;
  }

  /** Like `instanceof`, and also true where two copies of this package are installed. */
  static is(value: unknown): value is PolicyError {
    return value instanceof Error && marker in value;
  }
}

/**
 * Makes the error of a policy with findings.
 *
 * @param sources texts of the policy's files, to tell lines from; `undefined` for a compiled Program
 */
export function policyError(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string> | undefined,
): PolicyError {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  const lines = errors.map((error) => `  ${lineOf(error, sources?.get(error.file))}`);
  return new PolicyError(`the policy has ${count}\n${lines.join("\n")}`, diagnostics);
}

function lineOf({ file, span, code, message, help }: Diagnostic, text: string | undefined): string {
  const hint = help === undefined ? "" : ` (${help})`;
  if (text === undefined) return `${file} ${code} ${message}${hint}`;
  const { line, column } = locator(text)(span.start);
  return `${file}:${line}:${column} ${code} ${message}${hint}`;
}
