import { type FactsOutcome, readFacts } from "../resolve/facts.ts";
import type { Program } from "../terms/program.ts";
import type { PolicyTest } from "./policy-test.ts";

/** The facts of a test's request at the moment it gives; a test may say everything, as a program that embeds us may. */
export function factsOf(
  program: Program,
  { request, given }: Pick<PolicyTest, "request" | "given">,
): FactsOutcome {
  return readFacts(program, request, { nowMs: given.nowMs });
}
