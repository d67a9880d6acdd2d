import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replay } from "../../src/analyze/evidence.ts";
import { decide } from "../../src/analyze/find-promises.ts";
import { type Questions, questionsOf } from "../../src/analyze/questions.ts";
import type { Verdict } from "../../src/analyze/verdict.ts";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { isOpen } from "../../src/resolve/candidate.ts";
import { matcherOf } from "../../src/resolve/condition.ts";
import type { Linked } from "../../src/resolve/link.ts";
import { link } from "../../src/resolve/link.ts";
import type { Resolution } from "../../src/resolve/resolve.ts";
import type { PlanEntry } from "../../src/terms/decision.ts";
import type { Facts } from "../../src/terms/facts.ts";
import { globTest } from "../../src/terms/glob.ts";
import type { Program, PromiseSpec, Selector } from "../../src/terms/program.ts";
import { anyPromises, factsOf, outcomes, requests } from "../support/random-promises.ts";

/** More by hand: `ANALYZE_RUNS=10000 npx vitest run test/properties/analyze-promises.test.ts`. */
const numRuns = Number(process.env.ANALYZE_RUNS ?? 600);

/** Written apart from the analysis: whether a target is one that a selector names. */
function names(program: Program, { provider, target, labels }: Selector, id: string): boolean {
  const own = program.providers[id.split(":")[0] ?? ""];
  if (!own) return false;
  if (provider && !provider.includes(own.name)) return false;
  if (target && !target.some((glob) => globTest(glob)(id))) return false;
  return Object.entries(labels ?? {}).every(([name, values]) =>
    values.includes(own.labels[name] ?? "?"),
  );
}

function tried({ decision }: Resolution): readonly PlanEntry[] {
  if (decision.kind === "deny") return [];
  const refusing = new Set(decision.skipped.flatMap(({ ceiling }) => ceiling ?? []));
  return decision.plan.filter((entry) => isOpen(entry, refusing));
}

/** The dearest attempts of a plan, as far as hard ceilings on the request leave room. */
function cost(linked: Linked, facts: Facts, seen: Resolution): number {
  const hard = linked.ceilings.filter(
    ({ spec, matches }) =>
      spec.per === "request" && spec.exceeded.kind !== "warn" && matches(facts, 0),
  );
  const left = new Map(hard.map(({ spec }) => [spec.name, spec.limit]));
  const attempts = tried(seen)
    .flatMap((entry) => Array.from({ length: 1 + entry.settings.retry.maxRetries }, () => entry))
    .sort((one, other) => (other.worstCost ?? Infinity) - (one.worstCost ?? Infinity));
  let sum = 0;
  let made = 0;
  for (const { target, worstCost = Number.POSITIVE_INFINITY } of attempts) {
    const counting = hard.filter(({ admits }) => admits(target)).map(({ spec }) => spec.name);
    if (made >= (seen.chain?.maxAttempts ?? 0)) break;
    if (counting.some((name) => (left.get(name) ?? 0) < worstCost)) continue;
    for (const name of counting) left.set(name, (left.get(name) ?? 0) - worstCost);
    sum += worstCost;
    made++;
  }
  return sum;
}

/** Whether a target of the chain itself was able, and refused for what it costs. */
function refusedForMoney({ decision, candidates }: Resolution): boolean {
  const own = candidates.filter(({ after }) => after === undefined).map(({ target }) => target);
  return decision.skipped.some(
    ({ target, because }) => because === "ceiling" && own.includes(target),
  );
}

/** Whether what becomes of a request breaks a promise that speaks of it. */
function breaks(linked: Linked, promise: PromiseSpec, facts: Facts, seen: Resolution): boolean {
  const { claim } = promise;
  const { decision } = seen;
  switch (claim.kind) {
    case "only":
      return tried(seen).some(({ target }) => !names(linked.program, claim.selector, target));
    case "never":
      return tried(seen).some(({ target }) => names(linked.program, claim.selector, target));
    case "total":
      return decision.kind === "deny" && decision.because === "no_route";
    case "answerable":
      return decision.kind === "deny" && !refusedForMoney(seen);
    case "maxCost":
      return cost(linked, facts, seen) > claim.limit;
  }
}

function brokenBySome(linked: Linked, promise: PromiseSpec): boolean {
  const given = matcherOf(promise.given);
  for (const request of requests(linked.program)) {
    const facts = factsOf(linked.program, request);
    if (!given(facts, 0)) continue;
    for (const seen of outcomes(linked, facts)) {
      if (breaks(linked, promise, facts, seen)) return true;
      if (promise.claim.kind === "total" || promise.claim.kind === "answerable") break;
    }
  }
  return false;
}

/** What is wrong with a verdict; nothing where it is right. One that says it does not know is never wrong. */
function fault(questions: Questions, promise: PromiseSpec, verdict: Verdict): string | undefined {
  const { linked } = questions.ground;
  switch (verdict.kind) {
    case "proved":
      return brokenBySome(linked, promise) ? "proved, and broken by some request" : undefined;
    case "refuted": {
      const seen = replay(questions.ground, verdict.evidence);
      const isShown =
        seen &&
        matcherOf(promise.given)(seen.facts, 0) &&
        breaks(linked, promise, seen.facts, seen);
      return isShown ? undefined : "refuted by a request that does not break it";
    }
    case "undecided":
      return undefined;
  }
}

describe("the proofs of promises", () => {
  it(`agree with trying every request in every state, on ${numRuns} policies`, () => {
    const count: Record<Verdict["kind"], number> = { proved: 0, refuted: 0, undecided: 0 };
    const property = fc.property(anyPromises, (program) => {
      const questions = questionsOf(link(program, builtInCatalog), true);
      for (const promise of program.promises) {
        const verdict = decide(questions, promise);
        count[verdict.kind]++;
        expect(fault(questions, promise, verdict), JSON.stringify(promise)).toBeUndefined();
      }
    });
    fc.assert(property, process.env.ANALYZE_RUNS ? { numRuns } : { numRuns, seed: 1 });
    if (process.env.ANALYZE_RUNS) console.log(count);
    expect(count.undecided).toBeLessThanOrEqual(numRuns / 200);
    expect(count.proved).toBeGreaterThan(numRuns / 4);
    expect(count.refuted).toBeGreaterThan(numRuns / 4);
  }, 3_600_000);
});
