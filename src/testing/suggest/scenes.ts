import { metCeilings } from "../../resolve/buckets.ts";
import { isOpen } from "../../resolve/candidate.ts";
import { drawOf, fixedView } from "../../resolve/fixed-view.ts";
import type { Linked } from "../../resolve/link.ts";
import { type Resolution, resolution } from "../../resolve/resolve.ts";
import type { Decision } from "../../terms/decision.ts";
import type { Facts, ResolveRequest } from "../../terms/facts.ts";
import { factsOf } from "../facts-of.ts";
import { defaultMomentMs, type TestWorld } from "../policy-test.ts";
import { type Witness, witnesses } from "./witnesses.ts";

/** How many requests in their worlds are decided before the search ends; a few seconds at most. */
const mostTries = 20_000;

/** A request in a world, decided. */
export interface Scene {
  readonly request: ResolveRequest;
  readonly facts: Facts;
  readonly given: TestWorld;
  readonly decision: Decision;
  readonly target: string | undefined;
}

/**
 * Requests in worlds to try, in an order that begins with what people would write: every witness in a world without
 * trouble, then each of those that differ in worlds in which the targets of its plan are down one after the other and
 * the ceilings it meets are used up one by one.
 */
export function* scenes(linked: Linked): Generator<Scene> {
  const unlike = new Map<string, Plain>();
  let tries = 0;
  for (const plain of plainScenes(linked)) {
    if (++tries > mostTries) break;
    const shape = shapeOf(plain);
    if (!unlike.has(shape)) unlike.set(shape, plain);
    yield plain.scene;
  }
  for (const plain of [...unlike.values()]) {
    for (const smaller of smallerScenes(linked, plain)) unlike.set(shapeOf(smaller), smaller);
  }
  for (const plain of unlike.values()) {
    for (const scene of harderScenes(linked, plain)) {
      if (++tries > 2 * mostTries) return;
      yield scene;
    }
  }
}

/** Requests alike in route, plan, skips and ceilings are alike in what they can cover. */
function shapeOf({ scene: { decision }, resolved: { candidates } }: Plain): string {
  const met = decision.kind === "route" ? decision.ceilings.map(({ bucket }) => bucket) : [];
  const skipped = decision.skipped.map(({ target, because, ceiling }) => [
    target,
    because,
    ceiling,
  ]);
  return JSON.stringify([decision.route, candidates.map(({ target }) => target), skipped, met]);
}

interface Plain {
  readonly scene: Scene;
  readonly resolved: Resolution;
}

function* plainScenes(linked: Linked): Generator<Plain> {
  for (const witness of witnesses(linked)) {
    const given = worldAt(witness);
    const facts = readable(linked, witness.request, given);
    if (facts) yield decided(linked, witness.request, facts, given);
  }
}

function readable(linked: Linked, request: ResolveRequest, given: TestWorld): Facts | undefined {
  const outcome = factsOf(linked.program, { request, given });
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

/** An output limit so small that hardly a ceiling is too low for it. */
const fewTokens = 16;

/** What is too dear as it is may be cheap enough with a short answer. */
function* smallerScenes(linked: Linked, { scene }: Plain): Generator<Plain> {
  const { request, given, decision } = scene;
  const isTooDear = decision.skipped.some(({ ceiling }) => ceiling !== undefined);
  if (!isTooDear || request.outputTokens !== undefined) return;
  const smaller = { ...request, outputTokens: fewTokens };
  const facts = readable(linked, smaller, given);
  if (facts) yield decided(linked, smaller, facts, given);
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
