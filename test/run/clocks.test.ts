import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSystemClock } from "../../src/run/system-clock.ts";
import { createFakeClock } from "../support/fake-clock.ts";

describe("the system clock", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
  afterEach(() => void vi.useRealTimers());

  it("tells the wall's time and one that only goes on", () => {
    const clock = createSystemClock();
    const before = clock.monotonic();
    vi.advanceTimersByTime(250);
    expect(clock.now()).toBe(1_250);
    expect(clock.monotonic() - before).toBeCloseTo(250);
  });

  it.for([
    { name: "a short wait", ms: 20 },
    { name: "the shortest wait", ms: 1 },
    { name: "a wait longer than one timer can be", ms: 5_000_000_000 },
  ])("calls back once, on time: $name", ({ ms }) => {
    const called = vi.fn();
    createSystemClock().timer(ms, called);
    vi.advanceTimersByTime(ms - 1);
    expect(called).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(10_000_000_000);
    expect(called).toHaveBeenCalledTimes(1);
  });

  it.for([20, 5_000_000_000])("does not call back once cancelled (%d ms)", (ms) => {
    const called = vi.fn();
    const cancel = createSystemClock().timer(ms, called);
    vi.advanceTimersByTime(ms - 1);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(ms);
    expect(called).not.toHaveBeenCalled();
  });
});

describe("a process that only waits for a timer of the system clock", () => {
  const ends = async (options: string): Promise<string> => {
    const path = join(import.meta.dirname, "../../src/run/system-clock.ts");
    const program = `
      import { createSystemClock } from ${JSON.stringify(path)};
      createSystemClock(${options}).timer(150, () => console.log("answered"));
    `;
    const args = ["--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
    return stdout.trim();
  };

  it("lives until it has its answer", async () => {
    expect(await ends("")).toBe("answered");
  });

  it("ends at once where the timer is for background work", async () => {
    expect(await ends("{ background: true }")).toBe("");
  });
});

describe("the fake clock", () => {
  it("runs timers in order of time, then of their making, each at its own time", async () => {
    const clock = createFakeClock(5_000);
    const told: string[] = [];
    const tell = (name: string) => () =>
      void told.push(`${name} at ${clock.monotonic()}, ${clock.now()}`);
    clock.timer(30, tell("late"));
    clock.timer(10, tell("early"));
    clock.timer(30, tell("late, second"));
    clock.timer(31, tell("never"));
    await clock.advance(30);
    expect(told).toEqual(["early at 10, 5010", "late at 30, 5030", "late, second at 30, 5030"]);
    expect(clock.pending()).toBe(1);
  });

  it("lets promises go on between timers, so that a chain of waits passes in one advance", async () => {
    const clock = createFakeClock();
    const wait = (ms: number) => new Promise<void>((done) => void clock.timer(ms, done));
    const chain = (async () => {
      for (let waits = 0; waits < 5; waits += 1) await wait(10);
      return clock.monotonic();
    })();
    await clock.advance(1_000);
    expect(await chain).toBe(50);
  });

  it("forgets a cancelled timer", async () => {
    const clock = createFakeClock();
    const called = vi.fn();
    clock.timer(10, called)();
    await clock.advance(10);
    expect(called).not.toHaveBeenCalled();
    expect(clock.pending()).toBe(0);
  });

  it("shifts the wall alone when it jumps", () => {
    const clock = createFakeClock(5_000);
    clock.jump(-3_000);
    expect([clock.now(), clock.monotonic()]).toEqual([2_000, 0]);
  });
});
