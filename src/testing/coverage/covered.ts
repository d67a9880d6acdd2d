import type { Policy } from "../../policy/policy.generated.ts";
import type { Candidate } from "../../resolve/candidate.ts";
import { fixedView } from "../../resolve/fixed-view.ts";
import type { Linked } from "../../resolve/link.ts";
import { type Resolution, resolution } from "../../resolve/resolve.ts";
import type { Facts } from "../../terms/facts.ts";
import type { TestWorld } from "../policy-test.ts";
import { stepOrigins } from "./step-origins.ts";

/** A request in a world, and the targets that a run of it makes attempts at. */
export interface Use {
  readonly facts: Facts;
  readonly given: TestWorld;
  readonly attempted: readonly string[];
}

/** The ids of the {@link CoverageItem}s that a use covers. */
export type CoveredBy = (use: Use) => ReadonlySet<string>;

/**
 * Prepares the one judgement of what a test covers:
 *
 * - a route: the request matches it, whether it is then routed or denied;
 * - a chain's step: an attempt is made at its target, as first choice or as fallback, and it is this step that put the
 *   target there; `chain:` steps count with what they lead to, each member of a group by itself;
 * - a ceiling: it is seen at work. A hard one refuses a target; one that only warns is passed by an attempt.
 */
export function coverage(policy: Policy, linked: Linked): CoveredBy {
  const stepsOf = stepOrigins(policy, linked);
  return ({ facts, given, attempted }) => {
    const resolved = resolution(linked, facts, fixedView(given));
    const { decision } = resolved;
    const covered = new Set<string>();
    if (decision.route !== undefined) covered.add(`route ${decision.route}`);
    for (const candidate of attemptedOf(resolved, attempted)) {
      const from = chainOf(linked, resolved, candidate);
      const steps = from === undefined ? [] : stepsOf(from, candidate.target, facts);
      for (const step of steps) covered.add(`step ${step}`);
    }
    for (const ceiling of refusing(resolved)) covered.add(`ceiling ${ceiling}`);
    for (const ceiling of passed(linked, resolved, attempted)) covered.add(`ceiling ${ceiling}`);
    return covered;
  };
}

function attemptedOf({ candidates }: Resolution, attempted: readonly string[]) {
  return candidates.filter(({ target }) => attempted.includes(target));
}

/** The chain that put a target into the plan: the route's, or that of the ceiling it waited for. */
function chainOf(linked: Linked, resolved: Resolution, { after }: Candidate): string | undefined {
  return after === undefined ? resolved.chain?.name : useOf(linked, waitedFor(resolved, after));
}

/** The ceiling that let a waiting target in: the first that refused, of those that it waits for. */
function waitedFor(resolved: Resolution, after: readonly string[]): string | undefined {
  const refused = refusing(resolved);
  return after.find((ceiling) => refused.includes(ceiling)) ?? after[0];
}

/** The chain that a ceiling adds to the plan. */
function useOf(linked: Linked, ceiling: string | undefined): string | undefined {
  const exceeded = linked.ceilings.find(({ spec }) => spec.name === ceiling)?.spec.exceeded;
  return exceeded?.kind === "use" ? exceeded.chain : undefined;
}

function refusing({ decision }: Resolution): readonly string[] {
  return decision.skipped.flatMap(({ ceiling }) => ceiling ?? []);
}

/** The ceilings that only warn and that an attempt goes past. */
function passed(
  linked: Linked,
  resolved: Resolution,
  attempted: readonly string[],
): readonly string[] {
  const { decision } = resolved;
  if (decision.kind !== "route") return [];
  const made = attemptedOf(resolved, attempted);
  return decision.ceilings.flatMap(({ name, remaining }) => {
    const ceiling = linked.ceilings.find(({ spec }) => spec.name === name);
    if (ceiling?.spec.exceeded.kind !== "warn") return [];
    const isPassed = made.some(
      ({ target, worstCost = 0 }) => ceiling.admits(target) && worstCost > remaining,
    );
    return isPassed ? [name] : [];
  });
}
