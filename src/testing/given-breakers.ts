import type { Given } from "../resolve/fixed-view.ts";
import type { Breakers, Clock, Permit } from "../run/ports.ts";
import { createBreakerModel } from "./breaker-model.ts";

/** Longer than any request: what a test gives lasts as long as the test. */
export const lastingMs = 7 * 86_400_000;

/**
 * Breakers in the states that a test gives. One that is given as open stays so; one that is half-open takes one probe,
 * and is open after one that fails. All others are closed at first, and open as they would in a run.
 */
export function createGivenBreakers(clock: Clock, given: Given["breakers"] = {}): Breakers {
  const model = createBreakerModel(clock);
  const states = new Map(Object.entries(given).filter(([, state]) => state !== "closed"));
  const untilMs = clock.now() + lastingMs;
  const probe = (target: string, before: "open" | "half-open"): Permit => {
    states.set(target, "open");
    return {
      succeeded: () => void states.delete(target),
      failed: () => {},
      released: () => void states.set(target, before),
    };
  };
  return {
    view: (target, spec) => {
      const state = states.get(target);
      if (state === "open") return { state, untilMs };
      return state === "half-open" ? { state } : model.view(target, spec);
    },
    permit: (target, spec) => {
      const state = states.get(target);
      if (state === "open") return undefined;
      return state === "half-open" ? probe(target, state) : model.permit(target, spec);
    },
    probe: (target, spec) => {
      const state = states.get(target);
      if (state === "open" || state === "half-open") return probe(target, state);
      return model.probe(target, spec);
    },
    close: model.close,
  };
}
