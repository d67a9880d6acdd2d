import { execFileSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBreakers } from "../../src/run/breaker.ts";
import type { Breakers, Permit } from "../../src/run/ports.ts";
import type { BreakerSpec } from "../../src/terms/program.ts";
import { createBreakerModel } from "../support/breaker-model.ts";
import { breakerContract, fakedClock, spec, target } from "./breaker-contract.ts";

breakerContract("opossum", createBreakers);
breakerContract("the model", createBreakerModel);

describe("opossum and the model", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("give the same permits and views through any sequence of events, at every millisecond", () => {
    fc.assert(
      fc.property(specs, fc.array(events, { minLength: 1, maxLength: 80 }), (spec, script) => {
        vi.setSystemTime(Date.UTC(2026, 0, 1));
        const pair = { real: createBreakers(fakedClock), model: createBreakerModel(fakedClock) };
        const out: Pair[] = [];
        for (const event of script) {
          step(pair, spec, out, event);
          const views = {
            real: pair.real.view(target, spec),
            model: pair.model.view(target, spec),
          };
          expect(views.real).toEqual(views.model);
        }
        pair.real.close();
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 400 },
    );
  });
});

describe("breakers on opossum", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("make no timer before an outcome counts", () => {
    const breakers = createBreakers(fakedClock);
    breakers.view(target, spec);
    breakers.permit(target, spec)?.released();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leave no timer behind, open or closed, and start none after close", () => {
    const breakers = createBreakers(fakedClock);
    for (let failures = 0; failures < 3; failures += 1) breakers.permit(target, spec)?.failed();
    breakers.permit("openai:other", spec)?.succeeded();
    const late = breakers.permit("openai:late", spec);
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    breakers.close();
    late?.failed();
    breakers.permit(target, spec)?.failed();
    breakers.probe(target, spec)?.failed();
    expect(vi.getTimerCount()).toBe(0);
    expect(breakers.view(target, spec)).toEqual({ state: "closed" });
  });

  it("keep the spec before the newest, and shut the one before that down", () => {
    const breakers = createBreakers(fakedClock);
    const [first, second, third] = [spec, { ...spec, minFailures: 1 }, { ...spec, minFailures: 2 }];
    for (let failures = 0; failures < 3; failures += 1) breakers.permit(target, first)?.failed();
    breakers.permit(target, second)?.failed();
    expect(breakers.view(target, first).state).toBe("open");
    breakers.permit(target, third)?.failed();
    expect(breakers.view(target, second).state).toBe("open");
    expect(breakers.view(target, first).state).toBe("closed");
  });

  it("forget idle targets where callers name ever new ones, and never one that is open", () => {
    const breakers = createBreakers(fakedClock);
    for (let failures = 0; failures < 3; failures += 1) breakers.permit(target, spec)?.failed();
    for (let model = 0; model < 3_000; model += 1) {
      breakers.permit(`openai:made-up-${model}`, spec)?.succeeded();
      vi.advanceTimersByTime(20);
      if (model % 100 === 0) breakers.permit(target, spec)?.failed();
    }
    vi.advanceTimersByTime(spec.windowMs);
    breakers.permit("openai:one-more", spec)?.succeeded();
    expect(vi.getTimerCount()).toBeLessThan(2_100);
    expect(breakers.view(target, spec).state).not.toBe("closed");
    breakers.close();
  });

  it("stay open through a cool-down longer than a timer can wait", () => {
    const breakers = createBreakers(fakedClock);
    const patient = { ...spec, coolDownMs: 3_000_000_000, windowMs: 30_000_000_000 };
    for (let failures = 0; failures < 3; failures += 1) breakers.permit(target, patient)?.failed();
    vi.advanceTimersByTime(60_000);
    expect(breakers.view(target, patient).state).toBe("open");
    breakers.close();
  });
});

describe("a process with breakers", () => {
  it("ends by itself while one is open", () => {
    const folder = join(import.meta.dirname, "../../src/run");
    const program = `
      import { createBreakers } from ${JSON.stringify(join(folder, "breaker.ts"))};
      import { createSystemClock } from ${JSON.stringify(join(folder, "system-clock.ts"))};
      const breakers = createBreakers(createSystemClock());
      const spec = ${JSON.stringify({ ...spec, minFailures: 1, coolDownMs: 3_600_000 })};
      breakers.permit("a:b", spec).failed();
      console.log(breakers.view("a:b", spec).state);
    `;
    const args = ["--input-type=module", "--eval", program];
    const output = execFileSync(process.execPath, args, { encoding: "utf8", timeout: 10_000 });
    expect(output.trim()).toBe("open");
  });
});

interface Pair {
  readonly real: Permit | undefined;
  readonly model: Permit | undefined;
}

type Event =
  | { readonly kind: "permit" | "probe" }
  | { readonly kind: "succeeded" | "failed" | "released"; readonly which: number }
  | { readonly kind: "advance"; readonly ms: number };

const specs: fc.Arbitrary<BreakerSpec> = fc.record({
  name: fc.constant("any"),
  errorRatePpm: fc.constantFrom(0, 200_000, 333_333, 500_000, 1_000_000),
  minFailures: fc.integer({ min: 1, max: 4 }),
  windowMs: fc.constantFrom(7, 100, 1_234, 10_000),
  coolDownMs: fc.constantFrom(1, 500, 1_000, 2_345),
});

const events: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom("permit" as const, "probe" as const) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "succeeded" as const,
        "failed" as const,
        "failed" as const,
        "released" as const,
      ),
      which: fc.nat(5),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("advance" as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3_000 })),
    }),
  },
);

/** Does the same to both; permits stay on the table after they ended, so that they are ended twice as well. */
function step(
  pair: { readonly real: Breakers; readonly model: Breakers },
  spec: BreakerSpec,
  out: Pair[],
  event: Event,
): void {
  switch (event.kind) {
    case "advance":
      vi.advanceTimersByTime(event.ms);
      return;
    case "permit":
    case "probe": {
      const both = {
        real: pair.real[event.kind](target, spec),
        model: pair.model[event.kind](target, spec),
      };
      expect(both.real === undefined).toBe(both.model === undefined);
      out.push(both);
      return;
    }
    default: {
      const both = out.at(-1 - event.which);
      both?.real?.[event.kind]();
      both?.model?.[event.kind]();
    }
  }
}
