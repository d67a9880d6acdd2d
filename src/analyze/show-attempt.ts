import { bucketName } from "../resolve/buckets.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import type { Sample } from "../resolve/classes/sample.ts";
import type { Given } from "../resolve/fixed-view.ts";
import type { ResolveRequest } from "../terms/facts.ts";
import type { CeilingSpec } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";
import { type Evidence, type Replay, replay } from "./evidence.ts";
import type { Ground } from "./ground.ts";
import { sampleIn } from "./sample-box.ts";

/** A target that a request is shown to be tried at. */
export interface Shown {
  readonly evidence: Evidence;
  readonly target: TargetId;
}

/**
 * Builds a request of a box, and a state of breakers and spending, in which a target of some kind comes first.
 *
 * @param route the index of the route that it must meet
 * @param isWanted tells whether a target is one to be shown
 * @param after the ceiling that must have refused the request, where the target stands behind one
 * @returns `undefined` where replaying it does not show that
 */
export function showAttempt(
  ground: Ground,
  route: number,
  box: Box,
  isWanted: (target: TargetId) => boolean,
  after?: CeilingSpec,
): Shown | undefined {
  for (const { request, at } of requestsLike(sampleIn(ground, box))) {
    const given: Given = at ? { nowMs: at.nowMs } : {};
    const start = replay(ground, { request, given });
    if (!start || start.decision.route !== ground.program.routes[route]?.name) continue;
    const states = after ? exceededStates(ground, start, given, after) : [given];
    for (const state of states) {
      const shown = showIn(ground, { request, given: state }, isWanted);
      if (shown) return shown;
    }
  }
  return undefined;
}

/**
 * A request as it was sampled, and as small as its class allows, so that it fits under more ceilings; then the same with
 * a larger window asked for.
 */
function requestsLike(sample: Sample): readonly Sample[] {
  const { request } = sample;
  const shorter = ([1, 0] as const).map((least): ResolveRequest => {
    return {
      ...request,
      inputTokensAtMost: Math.max(least, request.inputTokens ?? 0),
      outputTokens: Math.max(1, request.outputTokens ?? 1),
    };
  });
  const all = [request, ...shorter];
  const lifting = all.map((each) => ({ ...each, liftsWindow: true }));
  return [...all, ...lifting].map((each) => ({ ...sample, request: each }));
}

/** States in which a ceiling refuses a target of the plan: just enough is spent, for the dearest target first. */
function exceededStates(
  ground: Ground,
  { candidates, facts }: Replay,
  given: Given,
  ceiling: CeilingSpec,
): readonly Given[] {
  const counted = ground.linked.ceilings.find(({ spec }) => spec === ceiling);
  const costs = candidates.flatMap(({ target, worstCost = 0 }) =>
    worstCost > 0 && counted?.admits(target) ? [worstCost] : [],
  );
  const bucket = bucketName(ceiling, facts);
  return [...new Set(costs)]
    .sort((left, right) => right - left)
    .map((cost) => {
      const spent = Math.max(0, ceiling.limit - cost + 1);
      return spent === 0 ? given : { ...given, spend: { [bucket]: spent } };
    });
}

/** Opens the breakers of all that would be tried before. */
function showIn(
  ground: Ground,
  evidence: Evidence,
  isWanted: (target: TargetId) => boolean,
): Shown | undefined {
  const seen = replay(ground, evidence)?.tried ?? [];
  const position = seen.findIndex(({ target }) => isWanted(target));
  const wanted = seen[position];
  if (!wanted) return undefined;
  if (position === 0) return { evidence, target: wanted.target };
  const breakers = Object.fromEntries(
    seen.slice(0, position).map(({ target }) => [target, "open"] as const),
  );
  const closed = { ...evidence, given: { ...evidence.given, breakers } };
  const first = replay(ground, closed)?.tried[0];
  const isFirst = first?.target === wanted.target;
  return { evidence: isFirst ? closed : evidence, target: wanted.target };
}
