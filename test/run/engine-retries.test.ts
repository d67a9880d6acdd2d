import { describe, expect, it, vi } from "vitest";
import type { FailureClass } from "../../src/terms/failure-class.ts";
import { createBench } from "../support/engine.ts";

const one = { targets: [{ id: "a:m" }], chain: { maxAttempts: 9 } } as const;
const fails = (failure: FailureClass, about: object = {}) =>
  ({ kind: "fails", class: failure, retryable: true, ...about }) as const;

/** When each attempt was made, in milliseconds after the first. */
const times = (bench: ReturnType<typeof createBench>) => bench.made.map(({ atMs }) => atMs);

describe("the wait before a retry", () => {
  it.for([
    { name: "doubles, by the draw of half of it", random: 0.5, at: [0, 250, 750, 1750] },
    { name: "is nothing at the draw's least", random: 0, at: [0, 0, 0, 0] },
  ])("$name", async ({ random, at }) => {
    const bench = createBench({ ...one, retry: { maxRetries: 3 } }, { random: () => random });
    await bench.go([fails("server_error")], 60_000);
    expect(times(bench)).toEqual(at);
    expect(bench.clock.pending()).toBe(0);
  });

  it("stays within maxDelay", async () => {
    const retry = { maxRetries: 4, minDelayMs: 1000, maxDelayMs: 2000 };
    const bench = createBench({ ...one, retry }, { random: () => 0.999_999 });
    await bench.go([fails("overloaded")], 60_000);
    expect(times(bench)).toEqual([0, 999, 2998, 4997, 6996]);
  });

  it("is at least what the provider asks for", async () => {
    const bench = createBench({ ...one, retry: { maxRetries: 1 } });
    await bench.go([fails("overloaded", { retryAfterMs: 3000 })], 60_000);
    expect(times(bench)).toEqual([0, 3000]);
  });

  it("outlasts the hold of a rate limit, which others meet meanwhile", async () => {
    const bench = createBench({ ...one, retry: { maxRetries: 1 } });
    const acts = [fails("rate_limit", { retryAfterMs: 3000 }), { kind: "ok" } as const];
    const going = bench.start(acts);
    await bench.clock.advance(1000);
    const other = await bench.go([{ kind: "ok" }]);
    expect(other).toMatchObject({ error: { code: "hold", retryAfterMs: 2000 } });
    await bench.clock.advance(2001);
    expect(await going).toMatchObject({ value: "a:m" });
    expect(times(bench)).toEqual([0, 3001]);
  });

  it("is not taken for a provider that asks for more than maxDelay: the target is held, the next one asked", async () => {
    const bench = createBench({ retry: { maxRetries: 3, maxDelayMs: 8000 } });
    const went = await bench.go([fails("rate_limit", { retryAfterMs: 8001 }), { kind: "ok" }]);
    expect(went).toMatchObject({ answer: { value: "b:m" } });
    expect(bench.engine.holds.view("a:m")).toMatchObject({ because: "rate_limit" });
  });

  it("is not taken where it would use up the deadline: the next target is asked at once", async () => {
    const bench = createBench({ retry: { maxRetries: 3 }, chain: { totalMs: 2000 } });
    const went = await bench.go([fails("overloaded", { retryAfterMs: 2000 }), { kind: "ok" }]);
    expect(went).toMatchObject({ answer: { value: "b:m" } });
    expect(times(bench)).toEqual([0, 0]);
  });

  it("ends with the caller", async () => {
    const bench = createBench({ ...one, retry: { maxRetries: 3 } });
    const controller = new AbortController();
    const acts = [fails("overloaded", { retryAfterMs: 3000 })];
    const going = bench.go(acts, 0, { signal: controller.signal });
    await bench.clock.advance(1000);
    controller.abort();
    expect(await going).toMatchObject({ error: { code: "cancelled", attempts: [{ number: 1 }] } });
    expect(bench.clock.pending()).toBe(0);
  });
});

describe("a retry", () => {
  it.for([
    {
      name: "a failure that another try cannot help",
      act: { ...fails("server_error"), retryable: false },
    },
    { name: "an answer that has begun", act: { kind: "ok" } as const },
  ])("does not follow $name", async ({ act }) => {
    const bench = createBench({ ...one, retry: { maxRetries: 3 } });
    await bench.go([act], 60_000);
    expect(bench.made).toHaveLength(1);
  });

  it("counts as an attempt of the request", async () => {
    const bench = createBench({ retry: { maxRetries: 5 }, chain: { maxAttempts: 4 } });
    await bench.go([fails("server_error")], 60_000);
    expect(bench.made.map(({ target, number }) => `${number} ${target}`)).toEqual([
      "1 a:m",
      "2 a:m",
      "3 a:m",
      "4 a:m",
    ]);
  });

  it("is admitted anew: a breaker that the failure opened ends the turn", async () => {
    const bench = createBench({ retry: { maxRetries: 5 }, breaker: { minFailures: 2 } });
    const acts = [fails("server_error"), fails("server_error"), { kind: "ok" } as const];
    const went = await bench.go(acts, 60_000);
    expect(went).toMatchObject({ answer: { value: "b:m" } });
    expect(bench.events).toContainEqual(
      expect.objectContaining({ kind: "skip", target: "a:m", because: "breaker_open" }),
    );
  });

  it("is admitted anew: what the failure cost may leave too little for another", async () => {
    const ceilings = [{ name: "request", limit: 3_000_000, per: "request" }] as const;
    const bench = createBench({ ...one, retry: { maxRetries: 5 }, ceilings });
    const went = await bench.go([fails("server_error", { billing: { kind: "unknown" } })], 60_000);
    expect(went).toMatchObject({ error: { code: "server_error", attempts: [{ number: 1 }] } });
    expect(bench.events).toContainEqual(
      expect.objectContaining({ kind: "skip", because: "ceiling" }),
    );
  });

  it("is paid from the target's retry budget: ten at once, and then what requests earn", async () => {
    const bench = createBench({
      ...one,
      retry: { maxRetries: 1, minDelayMs: 0 },
      breaker: { minFailures: 999 },
    });
    for (let request = 0; request < 30; request += 1) await bench.go([fails("server_error")]);
    expect(bench.made.length - 30).toBe(10 + 3);
  });

  it("goes back to nobody: after the last retry the next target has its turn", async () => {
    const bench = createBench({ retry: { maxRetries: 1 } }, { random: () => 0 });
    await bench.go([fails("server_error")], 60_000);
    expect(bench.made.map(({ target }) => target)).toEqual(["a:m", "a:m", "b:m"]);
  });
});

describe("p-retry", () => {
  it("sets no timer of its own", async () => {
    const setTimer = vi.spyOn(globalThis, "setTimeout");
    const bench = createBench({ ...one, retry: { maxRetries: 3 } });
    await bench.go([fails("server_error")], 60_000);
    expect(bench.made).toHaveLength(4);
    expect(setTimer).not.toHaveBeenCalled();
    setTimer.mockRestore();
  });
});
