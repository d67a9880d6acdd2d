import { type Explanation, explain } from "../resolve/explain.ts";
import { fixedView } from "../resolve/fixed-view.ts";
import type { Linked } from "../resolve/link.ts";
import type { Facts } from "../terms/facts.ts";
import { compare, type FieldDiff, type Observed } from "./compare.ts";
import { factsOf } from "./facts-of.ts";
import type { PolicyTest } from "./policy-test.ts";
import { type Settled, simulate } from "./simulate.ts";

/** One test, run. It passed where `diff` is empty. */
export interface TestResult extends Observed {
  readonly test: PolicyTest;
  readonly facts: Facts;
  readonly explanation: Explanation;
  /** What is worth knowing about how the request was read. */
  readonly notes: readonly string[];
  readonly diff: readonly FieldDiff[];
}

/**
 * Runs one test: decides its request in the world it gives, plays a run, and compares both with what it expects.
 *
 * @param test one in which `checkTests` finds nothing
 */
export async function runTest(
  linked: Linked,
  test: PolicyTest,
  settled: Settled,
): Promise<TestResult> {
  const outcome = factsOf(linked.program, test);
  if (outcome.kind === "problem")
    throw new TypeError(`an unchecked test: ${outcome.problems.join("; ")}`);
  const { facts, notes } = outcome;
  const explanation = explain(linked, facts, fixedView(test.given));
  const attempts = await simulate(linked, facts, test.given, settled);
  const observed: Observed = { decision: explanation.decision, attempts };
  const diff = compare(test.expect, observed);
  return { test, facts, explanation, notes, diff, ...observed };
}
