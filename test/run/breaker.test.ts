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

  it("tells the one probe of a half-open breaker from other permits", () => {
    const breakers = createBreakers(fakedClock);
    const brief = {
      name: "b",
      errorRatePpm: 1,
      minFailures: 1,
      windowMs: 60_000,
      coolDownMs: 1_000,
    };
    const first = breakers.permit("a:m", brief);
    expect(first?.isProbe).toBeUndefined();
    first?.failed();
    vi.advanceTimersByTime(1_000);
    expect(breakers.permit("a:m", brief)?.isProbe).toBe(true);
    breakers.close();
  });

  it("give the same permits and views through any sequence of events, at every millisecond", () => {
    fc.assert(
      fc.property(specs, scripts, (spec, script) => {
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
      { numRuns: 500 },
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

  it("forget idle targets where callers name ever new ones, and none that is open or has a permit out", () => {
    const breakers = createBreakers(fakedClock);
    const patient = { ...spec, coolDownMs: 3_600_000 };
    for (let failures = 0; failures < 3; failures += 1) breakers.permit(target, patient)?.failed();
    const out = [1, 2, 3].map(() => breakers.permit("openai:slow", spec));
    for (let model = 0; model < 3_000; model += 1) {
      breakers.permit(`openai:made-up-${model}`, spec)?.succeeded();
      vi.advanceTimersByTime(20);
    }
    expect(vi.getTimerCount()).toBeLessThan(2_100);
    expect(breakers.view(target, patient).state).toBe("open");
    for (const permit of out) permit?.failed();
    expect(breakers.view("openai:slow", spec).state).toBe("open");
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

interface Engines {
  readonly real: Breakers;
  readonly model: Breakers;
}

type Outcome = Exclude<keyof Permit, "isProbe">;

type Event =
  | { readonly kind: "permit" | "probe" }
  /** A permit that is taken and ended at once. */
  | { readonly kind: "attempt"; readonly end: Outcome }
  | { readonly kind: "end"; readonly end: Outcome; readonly which: number }
  | { readonly kind: "advance"; readonly of: "windowMs" | "coolDownMs"; readonly share: number };

const specs: fc.Arbitrary<BreakerSpec> = fc.record({
  name: fc.constant("any"),
  errorRatePpm: fc.constantFrom(0, 200_000, 333_333, 500_000, 1_000_000),
  minFailures: fc.integer({ min: 1, max: 4 }),
  windowMs: fc.constantFrom(7, 100, 1_234, 10_000),
  coolDownMs: fc.constantFrom(1, 500, 1_000, 2_345),
});

const end = fc.constantFrom<Outcome>("succeeded", "failed", "failed", "released");
// Tenths, because that is where windows and cool-downs end; and anything between.
const share = fc.oneof(
  fc.constantFrom(0.1, 0.2, 0.3, 0.5, 0.9, 1),
  fc.double({ min: 0, max: 1.1, noNaN: true }),
);
const of = fc.constantFrom("windowMs" as const, "coolDownMs" as const);

const events: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("attempt" as const), end }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("permit" as const, "probe" as const) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("end" as const), end, which: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("advance" as const), of, share }) },
);

/** Long ones: short scripts hardly ever leave the closed state. */
const scripts = fc.array(events, { minLength: 50, maxLength: 150, size: "max" });

/** Does the same to both; permits stay on the table after they ended, so that they are ended twice as well. */
function step(pair: Engines, spec: BreakerSpec, out: Pair[], event: Event): void {
  switch (event.kind) {
    case "advance":
      vi.advanceTimersByTime(Math.round(spec[event.of] * event.share));
      return;
    case "permit":
    case "probe":
      out.push(both(pair, spec, event.kind));
      return;
    case "attempt":
      endBoth(both(pair, spec, "permit"), event.end);
      return;
    case "end":
      endBoth(out.at(-1 - event.which), event.end);
  }
}

function both({ real, model }: Engines, spec: BreakerSpec, how: "permit" | "probe"): Pair {
  const pair = { real: real[how](target, spec), model: model[how](target, spec) };
  expect(pair.real === undefined).toBe(pair.model === undefined);
  return pair;
}

function endBoth(pair: Pair | undefined, end: Outcome): void {
  pair?.real?.[end]();
  pair?.model?.[end]();
}
