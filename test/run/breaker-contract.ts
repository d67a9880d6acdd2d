import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Breakers, Clock, Permit } from "../../src/run/ports.ts";
import type { BreakerSpec } from "../../src/terms/program.ts";
import { type Step, stories } from "./breaker-stories.ts";

/** Half of the outcomes and at least three failures within 10 s open it for 5 s. */
export const spec: BreakerSpec = {
  name: "touchy",
  errorRatePpm: 500_000,
  minFailures: 3,
  windowMs: 10_000,
  coolDownMs: 5_000,
};

export const target = "openai:gpt-5";

/** The clock that vitest's fake timers move. */
export const fakedClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Date.now(),
  timer: () => () => {},
};

/** What every implementation of the port does; vitest's fake timers are its time. */
export function breakerContract(name: string, make: (clock: Clock) => Breakers): void {
  describe(`${name} as breakers`, () => {
    let breakers: Breakers;
    beforeEach(() => {
      vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
      breakers = make(fakedClock);
    });
    afterEach(() => {
      breakers.close();
      vi.useRealTimers();
    });

    it.for(stories)("$name", ({ steps }) => {
      const table: Permit[] = [];
      for (const [index, step] of steps.entries()) {
        play(breakers, table, step, `step ${index}, \`${step}\``);
      }
    });

    it("says until when it is open", () => {
      for (let failures = 0; failures < 3; failures += 1) breakers.permit(target, spec)?.failed();
      const untilMs = Date.now() + 5_000;
      vi.advanceTimersByTime(2_000);
      expect(breakers.view(target, spec)).toEqual({ state: "open", untilMs });
    });

    it("says of a taken probe when panic may next pass it", () => {
      for (let failures = 0; failures < 3; failures += 1) breakers.permit(target, spec)?.failed();
      vi.advanceTimersByTime(5_000);
      breakers.permit(target, spec);
      const untilMs = Date.now() + 1_000;
      vi.advanceTimersByTime(400);
      expect(breakers.view(target, spec)).toEqual({ state: "open", untilMs });
    });

    it("keeps targets apart", () => {
      for (let failures = 0; failures < 3; failures += 1) breakers.permit(target, spec)?.failed();
      expect(breakers.view("openai:gpt-5-mini", spec)).toEqual({ state: "closed" });
    });

    it("begins anew under another spec, and not under the same one written again", () => {
      for (let failures = 0; failures < 3; failures += 1) breakers.permit(target, spec)?.failed();
      expect(breakers.view(target, { ...spec }).state).toBe("open");
      expect(breakers.view(target, { ...spec, coolDownMs: 9_000 }).state).toBe("closed");
    });
  });
}

const names = ["first", "second", "third"];

function play(breakers: Breakers, table: Permit[], step: Step, at: string): void {
  if (typeof step === "number") {
    vi.advanceTimersByTime(step);
    return;
  }
  const [who, what] = step.split(": ");
  if (what) {
    end(table[names.indexOf(who ?? "")], what, at);
    return;
  }
  switch (step) {
    case "closed":
    case "half-open":
    case "open":
      expect(breakers.view(target, spec).state, at).toBe(step);
      return;
    case "refused":
      expect(breakers.permit(target, spec), at).toBeUndefined();
      return;
    case "panic refused":
      expect(breakers.probe(target, spec), at).toBeUndefined();
      return;
    case "take":
      table.push(given(breakers.permit(target, spec), at));
      return;
    case "panic":
      table.push(given(breakers.probe(target, spec), at));
      return;
    default:
      end(breakers.permit(target, spec), step, at);
  }
}

function given(permit: Permit | undefined, at: string): Permit {
  if (!permit) throw new TypeError(`no permit at ${at}`);
  return permit;
}

function end(permit: Permit | undefined, how: string, at: string): void {
  const out = given(permit, at);
  if (how === "ok") out.succeeded();
  else if (how === "fail") out.failed();
  else out.released();
}
