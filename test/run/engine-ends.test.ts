import { describe, expect, it } from "vitest";
import type { AttemptEnd } from "../../src/run/ports.ts";
import { createBench, usage, worstNano } from "../support/engine.ts";

const ceilings = [{ name: "day", limit: 1e9 }];
const silent = { kind: "hangs", heeds: false } as const;
const heedful = { kind: "hangs", heeds: true } as const;

function laterEnd() {
  const { promise, resolve, reject } = Promise.withResolvers<AttemptEnd>();
  return { act: { kind: "answers", end: promise } as const, resolve, reject };
}

describe("the deadline of a request", () => {
  it.for([
    { name: "heeds its signal", act: heedful, atMost: 5000 },
    { name: "does not heed its signal", act: silent, atMost: 5050 },
  ])("ends an attempt that $name", async ({ act, atMost }) => {
    const bench = createBench({ chain: { totalMs: 5000 }, ceilings });
    const went = await bench.go([act], atMost);
    expect(went).toMatchObject({
      error: { code: "timeout", status: 504, attempts: [{ outcome: "timeout" }] },
    });
    expect(bench.made).toHaveLength(1);
    expect(bench.spent("day")).toBe(worstNano);
    expect(bench.clock.pending()).toBe(0);
  });

  it("is one for all attempts together", async () => {
    const bench = createBench({
      chain: { totalMs: 5000, maxAttempts: 9 },
      retry: { maxRetries: 9 },
    });
    const went = await bench.go(
      [{ kind: "fails", class: "overloaded", retryable: true, retryAfterMs: 1500 }],
      5000,
    );
    expect(went.kind).toBe("failed");
    expect(Math.max(...bench.made.map(({ atMs }) => atMs))).toBeLessThan(5000);
  });

  it("counts against the target that had most of it, and not against one that had the rest", async () => {
    const breaker = { minFailures: 1, errorRatePpm: 1 };
    const bench = createBench({ chain: { totalMs: 5000 }, retry: { maxRetries: 1 }, breaker });
    await bench.go([silent], 5050);
    expect(bench.engine.breakers.view("a:m", bench.breaker).state).toBe("open");
    const late = {
      kind: "fails",
      class: "rate_limit",
      retryable: true,
      retryAfterMs: 4000,
    } as const;
    await bench.go([late, silent], 5050);
    expect(bench.made.at(-1)).toMatchObject({ target: "b:m" });
    expect(bench.engine.breakers.view("b:m", bench.breaker).state).toBe("closed");
  });

  it("ends an answer that goes on for ever, and settles it", async () => {
    const bench = createBench({ chain: { totalMs: 5000 }, ceilings });
    const answer = await bench.start([laterEnd().act]);
    await bench.clock.advance(5050);
    expect(await answer.done).toMatchObject({ outcome: "timeout", cost: worstNano });
    expect(bench.clock.pending()).toBe(0);
  });
});

describe("an abort by the caller", () => {
  it("before the request ends it without an attempt", async () => {
    const bench = createBench();
    const went = await bench.go([{ kind: "ok" }], 0, { signal: AbortSignal.abort() });
    expect(went).toMatchObject({ error: { code: "cancelled", status: 499, attempts: [] } });
    expect(bench.made).toEqual([]);
    expect(bench.clock.pending()).toBe(0);
  });

  it.for([
    { name: "heeds it", act: heedful, afterMs: 0 },
    { name: "does not heed it", act: silent, afterMs: 50 },
  ])(
    "during an attempt that $name settles it at the reservation, and says nothing of the target",
    async ({ act, afterMs }) => {
      const bench = createBench({ ceilings, breaker: { minFailures: 1, errorRatePpm: 1 } });
      const controller = new AbortController();
      const going = bench.go([act], 0, { signal: controller.signal });
      await bench.clock.advance(1000);
      controller.abort(new TypeError("gone"));
      await bench.clock.advance(afterMs);
      expect(await going).toMatchObject({
        error: { code: "cancelled", attempts: [{ outcome: "cancelled" }] },
      });
      expect(bench.spent("day")).toBe(worstNano);
      expect(bench.engine.breakers.view("a:m", bench.breaker).state).toBe("closed");
      expect(bench.clock.pending()).toBe(0);
    },
  );

  it("during the answer settles what is known", async () => {
    const bench = createBench({ ceilings });
    const controller = new AbortController();
    const { act, resolve } = laterEnd();
    const answer = await bench.start([act], { signal: controller.signal });
    controller.abort();
    const failure = { class: "cancelled", message: "gone", retryable: false } as const;
    resolve({ kind: "failed", failure, billing: usage(100, 50) });
    expect(await answer.done).toMatchObject({ outcome: "cancelled", cost: 150_000 });
    expect(bench.spent("day")).toBe(150_000);
    expect(bench.clock.pending()).toBe(0);
  });
});

describe("an attempt with a bug", () => {
  it("ends the request as server_error, settled at the reservation, without blaming the target", async () => {
    const bench = createBench({ ceilings, breaker: { minFailures: 1, errorRatePpm: 1 } });
    const thrown = new TypeError("x is not a function");
    const went = await bench.go([{ kind: "throws", thrown }]);
    expect(went).toMatchObject({ error: { code: "server_error", cause: { cause: thrown } } });
    expect(bench.made).toHaveLength(1);
    expect(bench.spent("day")).toBe(worstNano);
    expect(bench.engine.breakers.view("a:m", bench.breaker).state).toBe("closed");
    expect(bench.clock.pending()).toBe(0);
  });

  it("that breaks its end settles at the reservation too", async () => {
    const bench = createBench({ ceilings });
    const { act, reject } = laterEnd();
    const answer = await bench.start([act]);
    reject(new TypeError("x is not a function"));
    expect(await answer.done).toMatchObject({ outcome: "server_error", cost: worstNano });
    expect(bench.spent("day")).toBe(worstNano);
  });
});

describe("the end of an answer", () => {
  it.for([
    { name: "a cut stream", failure: "server_error", breaks: true },
    { name: "an abort", failure: "cancelled", breaks: false },
  ] as const)("by $name tells the breaker: $breaks", async ({ failure, breaks }) => {
    const bench = createBench({ breaker: { minFailures: 1, errorRatePpm: 1 } });
    const end = { class: failure, message: "cut", retryable: false } as const;
    const act = {
      kind: "answers",
      end: Promise.resolve<AttemptEnd>({
        kind: "failed",
        failure: end,
        billing: { kind: "unknown" },
      }),
    } as const;
    const answer = await bench.start([act]);
    expect(await answer.done).toMatchObject({ outcome: failure });
    expect(bench.engine.breakers.view("a:m", bench.breaker).state).toBe(breaks ? "open" : "closed");
    expect(bench.made).toHaveLength(1);
  });

  it("is told once", async () => {
    const bench = createBench();
    const { act, resolve } = laterEnd();
    const answer = await bench.start([act]);
    expect(bench.events.some(({ kind }) => kind === "finished")).toBe(false);
    resolve({ kind: "ok", billing: usage(10, 20) });
    await answer.done;
    expect(bench.events.filter(({ kind }) => kind === "finished")).toMatchObject([
      { outcome: "ok", cost: 30_000, attempts: 1 },
    ]);
  });
});

describe("what was taken for an attempt that is not made", () => {
  it("is given back where the caller goes while it is reserved", async () => {
    const bench = createBench({ ceilings, breaker: { minFailures: 1, errorRatePpm: 1 } });
    const { reserve } = bench.ledger;
    const caller = new AbortController();
    const slow: typeof reserve = async (reservation, nowMs) => {
      const outcome = await reserve(reservation, nowMs);
      caller.abort();
      return outcome;
    };
    Object.assign(bench.ledger, { reserve: slow });
    const went = await bench.go([{ kind: "ok" }], 0, { signal: caller.signal });
    expect(went).toMatchObject({ error: { code: "cancelled", attempts: [] } });
    expect(bench.made).toEqual([]);
    expect(bench.spent("day")).toBe(0);
  });

  it("is given back where another request takes the one probe meanwhile", async () => {
    const breaker = { minFailures: 1, errorRatePpm: 1, coolDownMs: 1000 };
    const bench = createBench({ ceilings, breaker, targets: [{ id: "a:m" }, { id: "b:m" }] });
    bench.engine.breakers.permit("a:m", bench.breaker)?.failed();
    await bench.clock.advance(1000);
    const forever = { kind: "answers", end: new Promise<never>(() => {}) } as const;
    const answers = await Promise.all([bench.start([forever]), bench.start([forever])]);
    expect(answers.map(({ value }) => value)).toEqual(["a:m", "b:m"]);
    expect(bench.spent("day")).toBe(2 * worstNano);
    expect(bench.events).toContainEqual(
      expect.objectContaining({ kind: "skip", target: "a:m", because: "breaker_open" }),
    );
  });
});
