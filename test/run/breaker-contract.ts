import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Breakers, Clock, Permit } from "../../src/run/ports.ts";
import type { BreakerSpec } from "../../src/terms/program.ts";
import type { BreakerView } from "../../src/terms/view.ts";

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

/** A script: each word does one thing to the breaker, and each view or refusal it names is expected there. */
type Step =
  | "ok"
  | "fail"
  | "release"
  | "take"
  | "refused"
  | "panic"
  | "panic refused"
  | `${string}: ${"ok" | "fail" | "release"}`
  | number
  | BreakerView["state"];

interface Story {
  readonly name: string;
  readonly steps: readonly Step[];
}

const opened: readonly Step[] = ["fail", "fail", "fail", "open"];

// `take` and `panic` put a permit on the table, named `first`, `second` and so on; `first: ok` ends it.
const stories: readonly Story[] = [
  { name: "it is closed at first", steps: ["closed"] },
  { name: "fewer failures than minFailures leave it closed", steps: ["fail", "fail", "closed"] },
  { name: "minFailures of them open it in the same tick", steps: ["fail", "fail", "fail", "open"] },
  {
    name: "a share of failures below errorRate leaves it closed however many there are",
    steps: [...Array(5).fill("ok"), ...Array(4).fill("fail"), "closed", "fail", "open"],
  },
  {
    name: "a share of exactly errorRate opens it",
    steps: ["ok", "ok", "ok", "fail", "fail", "fail", "open"],
  },
  { name: "a success never opens it", steps: ["fail", "fail", "ok", "ok", "closed"] },
  {
    name: "failures that have left the window do not count",
    steps: ["fail", "fail", 10_000, "fail", "closed"],
  },
  {
    name: "failures count until their tenth of the window has left it",
    steps: ["fail", "fail", 9_999, "fail", "open"],
  },
  {
    name: "an outcome counts when it arrives, not when its attempt began",
    steps: ["take", "take", "take", 60_000, "first: fail", "second: fail", "third: fail", "open"],
  },
  {
    name: "released permits are never counted",
    steps: [...Array(9).fill("release"), "fail", "fail", "closed", "fail", "open"],
  },
  {
    name: "an open breaker gives no permit",
    steps: [...opened, "refused", 4_999, "open", "refused"],
  },
  { name: "after the cool-down it is half-open", steps: [...opened, 5_000, "half-open"] },
  {
    name: "half-open admits one probe, and reads as open while it is out",
    steps: [...opened, 5_000, "take", "open", "refused", "refused"],
  },
  {
    name: "a probe's success closes it with an empty window",
    steps: [...opened, 5_000, "ok", "closed", "fail", "fail", "closed", "fail", "open"],
  },
  {
    name: "a probe's failure opens it for another cool-down",
    steps: [...opened, 5_000, "fail", "open", 4_999, "open", 1, "half-open", "ok", "closed"],
  },
  {
    name: "a released probe frees its place at once",
    steps: [
      ...opened,
      5_000,
      "take",
      "refused",
      "first: release",
      "half-open",
      "take",
      "second: ok",
      "closed",
    ],
  },
  {
    name: "a permit ends once: later words about it change nothing",
    steps: [
      "take",
      "first: ok",
      "first: fail",
      "first: fail",
      "first: fail",
      "first: fail",
      "closed",
    ],
  },
  {
    name: "a released permit cannot fail any more",
    steps: ["take", "first: release", "first: fail", "fail", "fail", "closed"],
  },
  {
    name: "outcomes of permits from before it opened are ignored while half-open",
    steps: [
      "take",
      "take",
      ...opened,
      5_000,
      "first: ok",
      "half-open",
      "second: fail",
      "half-open",
    ],
  },
  {
    name: "outcomes of permits from before it opened are ignored after it has closed again",
    steps: [
      "take",
      "take",
      "take",
      ...opened,
      5_000,
      "ok",
      "first: fail",
      "second: fail",
      "third: fail",
      "closed",
    ],
  },
  {
    name: "a stray success from before does not free a probe's place",
    steps: ["take", ...opened, 5_000, "take", "first: release", "refused", "second: ok", "closed"],
  },
  {
    name: "panic lets one probe a second through an open breaker",
    steps: [...opened, "panic", "panic refused", 999, "panic refused", 1, "panic", "open"],
  },
  {
    name: "a panic probe's success closes it with an empty window",
    steps: [...opened, "panic", "first: ok", "closed", "fail", "fail", "closed", 5_000, "closed"],
  },
  {
    name: "a panic probe's failure begins another cool-down",
    steps: [...opened, 3_000, "panic", "first: fail", 4_999, "open", 1, "half-open"],
  },
  {
    name: "a released panic probe leaves it open, and the next still waits its second",
    steps: [...opened, "panic", "first: release", "open", "panic refused", 1_000, "panic"],
  },
  {
    name: "a panic probe still out when the cool-down ends has the probe's place",
    steps: [...opened, 4_500, "panic", 500, "open", "refused", "first: ok", "closed"],
  },
  {
    name: "panic gets past a probe that hangs, after a second",
    steps: [
      ...opened,
      5_000,
      "take",
      "panic refused",
      1_000,
      "panic",
      "second: ok",
      "closed",
      "first: fail",
      "closed",
    ],
  },
  {
    name: "the first of two probes decides and the other is ignored",
    steps: [
      ...opened,
      "panic",
      1_000,
      "panic",
      "first: fail",
      "open",
      "second: ok",
      "open",
      5_000,
      "half-open",
    ],
  },
  {
    name: "panic on a closed breaker is an ordinary permit",
    steps: ["panic", "panic", "first: ok", "closed"],
  },
  {
    name: "panic on a half-open breaker is its probe",
    steps: [...opened, 5_000, "panic", "refused", "first: ok", "closed"],
  },
];

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
