import type { View } from "../terms/view.ts";
import type { Engine, EngineRequest } from "./engine.types.ts";

/**
 * The world as it is now, for one request: read afresh before each attempt.
 *
 * @param draw the request's one draw; the same for its whole life, so that its order stays what it was decided to be
 */
export function liveView(engine: Engine, request: EngineRequest, draw: number): View {
  const { breakers, holds, ledger, latencies } = engine;
  const { linked, requestId, hasCredential } = request;
  return {
    nowMs: engine.clock.now(),
    draw,
    requestId,
    breaker: (target) => {
      const found = linked.target(target);
      return found ? breakers.view(target, found.provider.breaker) : { state: "closed" };
    },
    hold: (target) => holds.view(target),
    spent: (bucket) => ledger.spent(bucket),
    firstOutputMs: (target) => latencies.median(target),
    hasCredential,
  };
}
