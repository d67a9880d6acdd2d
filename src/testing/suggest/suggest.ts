import type { Policy } from "../../policy/policy.generated.ts";
import type { Linked } from "../../resolve/link.ts";
import type { Decision } from "../../terms/decision.ts";
import type { ResolveRequest } from "../../terms/facts.ts";
import { type CoveredBy, coverage } from "../coverage/covered.ts";
import type { CoverageItem } from "../coverage/items.ts";
import type { TestWorld } from "../policy-test.ts";
import { type Scene, scenes } from "./scenes.ts";

/** A test that would cover what no test covers yet. */
export interface Suggestion {
  /** What it covers of what was asked for; at least one. */
  readonly items: readonly CoverageItem[];
  readonly request: ResolveRequest;
  readonly given: TestWorld;
  /** What the policy does with it now. */
  readonly decision: Decision;
  /** The target that a run asks first. */
  readonly target: string | undefined;
}

/**
 * Looks for tests that cover what is uncovered: witness requests, each in worlds in which the targets of its plan fail
 * one after the other and the ceilings it meets are used up one by one. What a suggestion covers is judged as coverage
 * is, so that a suggestion that is taken up does what it says.
 *
 * @returns fewest worlds first for each; an item without one could not be reached by the search
 */
export function suggestTests(
  policy: Policy,
  linked: Linked,
  uncovered: readonly CoverageItem[],
): readonly Suggestion[] {
  const coveredBy = coverage(policy, linked);
  const missing = new Map(uncovered.map((item) => [item.id, item]));
  const found: Suggestion[] = [];
  for (const scene of scenes(linked)) {
    if (missing.size === 0) break;
    const { decision, target } = scene;
    const items = coveredItems(coveredBy, scene, missing);
    if (items.length === 0) continue;
    for (const { id } of items) missing.delete(id);
    found.push({ items, request: scene.request, given: scene.given, decision, target });
  }
  return found;
}

function coveredItems(
  coveredBy: CoveredBy,
  { facts, given, target }: Scene,
  missing: ReadonlyMap<string, CoverageItem>,
): readonly CoverageItem[] {
  const attempted = target === undefined ? [] : [target];
  const covered = coveredBy({ facts, given, attempted });
  return [...covered].flatMap((id) => missing.get(id) ?? []);
}
