import type { Diagnostic } from "./diagnostic.ts";

/** A warning that the policy ignores, and why it says so. */
export interface IgnoredFinding {
  readonly finding: Diagnostic;
  readonly reason: string;
}
