import type { Assertion, LabelTest, Policy, Selector } from "../policy/policy.generated.ts";
import { listOf } from "../policy/shapes.ts";
import type { Claim, PromiseSpec, Selector as SelectorSpec } from "../terms/program.ts";
import { compileMatch } from "./conditions.ts";
import { quantity } from "./quantities.ts";

/** Compiles the promises, in file order. */
export function compilePromises(policy: Policy): readonly PromiseSpec[] {
  return (policy.assert ?? []).map((promise) => ({
    name: promise.promise,
    given: compileMatch(promise.given),
    claim: compileClaim(promise),
  }));
}

function compileClaim(promise: Assertion): Claim {
  if ("only" in promise) return { kind: "only", selector: compileSelector(promise.only) };
  if ("never" in promise) return { kind: "never", selector: compileSelector(promise.never) };
  if ("maxCost" in promise) return { kind: "maxCost", limit: quantity.usd(promise.maxCost) };
  return { kind: "total" in promise ? "total" : "answerable" };
}

function compileSelector({ provider, target, labels }: Selector): SelectorSpec {
  return {
    ...(provider !== undefined && { provider: listOf(provider) }),
    ...(target !== undefined && { target: listOf(target) }),
    ...(labels && { labels: compileLabels(labels) }),
  };
}

function compileLabels(
  labels: Readonly<Record<string, LabelTest>>,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(labels).map(([name, test]) => [name, listOf(test)]));
}
