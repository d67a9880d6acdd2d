import type { Policy } from "../../policy/policy.generated.ts";
import { metCeilings } from "../../resolve/buckets.ts";
import { isOpen } from "../../resolve/candidate.ts";
import { readFacts } from "../../resolve/facts.ts";
import { drawOf, fixedView } from "../../resolve/fixed-view.ts";
import type { Linked } from "../../resolve/link.ts";
import { type Resolution, resolution } from "../../resolve/resolve.ts";
import type { Decision } from "../../terms/decision.ts";
import type { Facts, ResolveRequest } from "../../terms/facts.ts";
import { type CoveredBy, coverage } from "../coverage/covered.ts";
import type { CoverageItem } from "../coverage/items.ts";
import { defaultMomentMs, type TestWorld } from "../policy-test.ts";
import { type Witness, witnesses } from "./witnesses.ts";

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

/** How many requests in their worlds are decided before the search ends; a few seconds at most. */
const mostTries = 20_000;

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

/** A request in a world, decided. */
interface Scene {
  readonly request: ResolveRequest;
  readonly facts: Facts;
  readonly given: TestWorld;
  readonly decision: Decision;
  readonly target: string | undefined;
}

/** Plain worlds of every witness first, then those in which something fails or is used up. */
function* scenes(linked: Linked): Generator<Scene> {
  const unlike = new Map<string, Plain>();
  let tries = 0;
  for (const plain of plainScenes(linked)) {
    if (++tries > mostTries) break;
    const shape = shapeOf(plain);
    if (!unlike.has(shape)) unlike.set(shape, plain);
    yield plain.scene;
  }
  for (const plain of unlike.values()) {
    for (const scene of harderScenes(linked, plain)) {
      if (++tries > 2 * mostTries) return;
      yield scene;
    }
  }
}

/** Requests alike in route, plan and ceilings are alike in what they can cover. */
function shapeOf({ scene: { decision }, resolved: { candidates } }: Plain): string {
  const met = decision.kind === "route" ? decision.ceilings.map(({ bucket }) => bucket) : [];
  return JSON.stringify([decision.route, candidates.map(({ target }) => target), met]);
}

interface Plain {
  readonly scene: Scene;
  readonly resolved: Resolution;
}

function* plainScenes(linked: Linked): Generator<Plain> {
  for (const witness of witnesses(linked)) {
    const facts = factsOf(linked, witness);
    if (facts) yield decided(linked, witness.request, facts, worldAt(witness));
  }
}

function factsOf(linked: Linked, { request }: Witness): Facts | undefined {
  const outcome = readFacts(linked.program, request);
  return outcome.kind === "facts" ? outcome.facts : undefined;
}

function worldAt({ nowMs = defaultMomentMs }: Witness): TestWorld {
  return { nowMs, draw: drawOf(0), faults: new Map() };
}

function decided(linked: Linked, request: ResolveRequest, facts: Facts, given: TestWorld): Plain {
  const resolved = resolution(linked, facts, fixedView(given));
  const { decision } = resolved;
  return { scene: { request, facts, given, decision, target: firstAsked(resolved) }, resolved };
}

/** The first target of the plan that need not wait for a ceiling, or whose ceiling has refused. */
function firstAsked({ decision }: Resolution): string | undefined {
  if (decision.kind === "deny") return undefined;
  const refused = new Set(decision.skipped.flatMap(({ ceiling }) => ceiling ?? []));
  return decision.plan.find((entry) => isOpen(entry, refused))?.target;
}

/** The first so many targets down, with nothing used up, and with each ceiling that the request meets used up. */
function* harderScenes(linked: Linked, { scene, resolved }: Plain): Generator<Scene> {
  const { request, facts, given } = scene;
  const { candidates } = resolved;
  const met = metCeilings(linked, facts, fixedView(given));
  const spends = [
    undefined,
    ...met.map(({ ceiling, bucket }) => ({ [bucket.name]: ceiling.spec.limit })),
  ];
  for (let down = 0; down < candidates.length; down++) {
    const breakers = Object.fromEntries(
      candidates.slice(0, down).map(({ target }) => [target, "open"] as const),
    );
    for (const spend of spends) {
      const world = { ...given, ...(down > 0 && { breakers }), ...(spend && { spend }) };
      yield decided(linked, request, facts, world).scene;
    }
  }
}
