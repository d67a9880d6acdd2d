import { describe, expect, it, vi } from "vitest";
import { run } from "../../src/run/engine.ts";
import type { Ledger } from "../../src/run/ports.ts";
import { createBench, someFacts, usage, worstNano } from "../support/engine.ts";
import { linkedProgram, type ProgramSketch } from "../support/programs.ts";

const ok = { kind: "ok" } as const;
const down = { kind: "fails", class: "server_error", billing: { kind: "unknown" } } as const;

describe("a hard ceiling", () => {
  it("holds while attempts are under way: what is reserved counts", async () => {
    const bench = createBench({ ceilings: [{ name: "day", limit: 2 * worstNano }] });
    const forever = { kind: "answers", end: new Promise<never>(() => {}) } as const;
    await bench.start([forever]);
    await bench.start([forever]);
    const went = await bench.go([ok]);
    expect(went).toMatchObject({ error: { code: "ceiling", status: 402 } });
    expect(bench.spent("day")).toBe(2 * worstNano);
  });

  it("is settled by what attempts cost, each for itself", async () => {
    const bench = createBench({ ceilings: [{ name: "day", limit: 1e9 }] });
    const answer = await bench.start([down, { ...ok, billing: usage(100, 200) }]);
    expect(await answer.done).toMatchObject({ cost: worstNano + 300_000 });
    expect(bench.spent("day")).toBe(worstNano + 300_000);
  });

  it("is settled at the reservation by usage that makes no sense", async () => {
    const bench = createBench({ ceilings: [{ name: "day", limit: 1e9 }] });
    const answer = await bench.start([{ ...ok, billing: usage(0.5, -1) }]);
    expect(await answer.done).toMatchObject({ cost: worstNano });
    expect(bench.spent("day")).toBe(worstNano);
  });

  it("gets back what was reserved for an attempt that reached nobody", async () => {
    const bench = createBench({ ceilings: [{ name: "day", limit: 1e9 }] });
    const released = vi.spyOn(bench.ledger, "release");
    const settled = vi.spyOn(bench.ledger, "settle");
    await bench.start([{ kind: "fails", class: "network" }, ok]);
    expect(released.mock.calls).toEqual([["r1/i/1"]]);
    expect(settled.mock.calls).toEqual([["r1/i/2", 200_000]]);
  });

  it("of one request counts its attempts together", async () => {
    const ceilings = [{ name: "request", limit: 2 * worstNano, per: "request" }] as const;
    const bench = createBench({ ceilings, chain: { maxAttempts: 9 } });
    const went = await bench.go([down]);
    expect(bench.made).toHaveLength(2);
    expect(went).toMatchObject({ error: { code: "server_error" } });
  });

  it("counts only the targets that it is on", async () => {
    const bench = createBench({ ceilings: [{ name: "day", limit: 1e9, targets: ["b:*"] }] });
    const answer = await bench.start([down, { ...ok, billing: { kind: "unknown" } }]);
    await answer.done;
    expect(bench.spent("day")).toBe(worstNano);
    expect(answer.failed[0]).not.toHaveProperty("reserved");
  });

  it("skips a target too dear for what is left, and goes on to a cheaper one", async () => {
    const targets = [{ id: "a:m", price: 100 }, { id: "b:m" }] as const;
    const bench = createBench({ targets, ceilings: [{ name: "day", limit: worstNano }] });
    expect((await bench.start([ok])).value).toBe("b:m");
  });
});

const useCheap: ProgramSketch = {
  targets: [{ id: "a:m", price: 10 }],
  others: { cheap: [{ id: "cheap:m", price: 0 }] },
  ceilings: [
    { name: "month", per: "month", limit: 20_000_000, exceeded: { kind: "use", chain: "cheap" } },
  ],
};

describe("exceeded: { use }", () => {
  it("adds its chain once the ceiling has refused this request", async () => {
    const bench = createBench(useCheap);
    const first = await bench.start([{ ...ok, billing: { kind: "unknown" } }]);
    await first.done;
    expect(first.value).toBe("a:m");
    expect((await bench.start([ok])).value).toBe("cheap:m");
  });

  it("does not add it where the plan fails for another reason", async () => {
    const bench = createBench(useCheap);
    const went = await bench.go([{ kind: "fails", class: "server_error" }]);
    expect(went).toMatchObject({ error: { code: "server_error" } });
    expect(bench.made.map(({ target }) => target)).toEqual(["a:m"]);
  });

  it("adds it when the ledger refuses what seemed to be left", async () => {
    const bench = createBench(useCheap);
    const full: Ledger = { ...bench.ledger, spent: () => 0, reserve: refuseFirst(bench.ledger) };
    const engine = { ...bench.engine, ledger: full };
    const request = {
      linked: linkedProgram(useCheap),
      facts: someFacts,
      requestId: "r",
      hasCredential: () => true,
    };
    const answer = await run(engine, request, async ({ candidate }) => ({
      kind: "answering",
      value: candidate.target,
      changed: [],
      firstOutputMs: 1,
      end: Promise.resolve({ kind: "ok", billing: usage(1, 1) }),
    }));
    expect(answer.value).toBe("cheap:m");
    expect(bench.events).toContainEqual(
      expect.objectContaining({
        kind: "skip",
        target: "a:m",
        because: "ceiling",
        detail: expect.stringContaining("of `month` is left"),
      }),
    );
  });
});

function refuseFirst(ledger: Ledger): Ledger["reserve"] {
  let asked = 0;
  return async (reservation, nowMs) => {
    asked += 1;
    return asked === 1
      ? { kind: "refused", ceiling: "month", remaining: 7 }
      : ledger.reserve(reservation, nowMs);
  };
}

describe("exceeded: warn", () => {
  it("raises one alert for a bucket that is taken past its limit, and refuses nothing", async () => {
    const ceilings = [
      { name: "week", per: "week", limit: worstNano, exceeded: { kind: "warn" } },
    ] as const;
    const bench = createBench({ ceilings });
    const alerts = () => bench.events.filter((event) => event.kind === "alert");
    for (const billing of [usage(1000, 900), usage(1, 0), { kind: "nothing" } as const]) {
      await (await bench.start([{ ...ok, billing }])).done;
    }
    expect(alerts()).toMatchObject([
      { alert: "ceiling", detail: "`week` is past its limit of $0.002" },
    ]);
    await bench.clock.advance(7 * 86_400_000);
    for (const _ of [1, 2]) await (await bench.start([{ ...ok, billing: usage(1000, 900) }])).done;
    expect(alerts()).toHaveLength(2);
  });

  it("lets a target of unknown price answer, uncounted until its cost is known", async () => {
    const ceilings = [
      { name: "week", per: "week", limit: worstNano, exceeded: { kind: "warn" } },
    ] as const;
    const kind = { reportsCost: true };
    const bench = createBench({ targets: [{ id: "a:m", price: null }], ceilings }, { kind });
    const billing = {
      kind: "usage",
      usage: { inputTokens: 1, outputTokens: 1, reportedCost: 5, raw: {} },
    } as const;
    const answer = await bench.start([{ ...ok, billing }]);
    expect(await answer.done).toMatchObject({ cost: 5 });
    expect(bench.spent("week")).toBe(5);
    expect(bench.events.filter(({ kind }) => kind === "alert")).toEqual([]);
  });
});

describe("a cost above its reservation", () => {
  it("is kept in full, raises overrun and holds the target", async () => {
    const bench = createBench({ ceilings: [{ name: "day", limit: 1e9 }] });
    await (await bench.start([{ ...ok, billing: usage(9000, 9000) }])).done;
    expect(bench.spent("day")).toBe(18_000_000);
    expect(bench.engine.holds.view("a:m")).toMatchObject({ because: "overrun" });
    expect(bench.events).toContainEqual(
      expect.objectContaining({
        kind: "alert",
        alert: "overrun",
        target: "a:m",
        detail: "cost $0.018, and at most $0.002 was reserved",
      }),
    );
  });
});

describe("a cost that the provider reports", () => {
  const reported = { inputTokens: 100, outputTokens: 100, reportedCost: 1, raw: {} };

  it.for<[string, boolean, typeof reported, number]>([
    ["counts from a kind that reports costs", true, reported, 1],
    ["counts for nothing from any other", false, reported, 200_000],
    ["is all that counts where there are no tokens", true, { ...reported, inputTokens: 0 }, 1],
    [
      "leaves usage without input unknown from any other",
      false,
      { ...reported, inputTokens: 0 },
      worstNano,
    ],
  ])("%s", async ([, reportsCost, usage, cost]) => {
    const sketch = { ceilings: [{ name: "day", limit: 1e9 }] };
    const bench = createBench(sketch, { kind: { reportsCost } });
    const answer = await bench.start([{ ...ok, billing: { kind: "usage", usage } }]);
    expect(await answer.done).toMatchObject({ cost });
  });
});

describe("a request whose id was seen before", () => {
  it("is reserved and settled anew", async () => {
    let drawn = 0;
    const random = () => {
      drawn += 0.1;
      return drawn;
    };
    const bench = createBench({ ceilings: [{ name: "day", limit: 1e9 }] }, { random });
    for (let time = 1; time <= 3; time += 1) {
      await (await bench.start([ok], { requestId: "the same" })).done;
      expect(bench.spent("day")).toBe(time * 200_000);
    }
  });
});

describe("a ledger that never answers", () => {
  const never = () => new Promise<never>(() => {});
  const sketch = { ceilings: [{ name: "day", limit: 1e9 }], chain: { totalMs: 60_000 } };

  it("is waited for a second before each target, and refuses under a hard ceiling", async () => {
    const bench = createBench(sketch);
    Object.assign(bench.ledger, { reserve: never });
    const went = await bench.go([ok], 3_000);
    expect(went).toMatchObject({ kind: "failed", error: { code: "hold" } });
    expect(bench.made).toEqual([]);
    expect(bench.clock.pending()).toBe(0);
  });

  it("is not waited for once the request's time is over, or its caller gone", async () => {
    for (const { totalMs, abortMs, code } of [
      { totalMs: 500, abortMs: 10_000, code: "timeout" },
      { totalMs: 60_000, abortMs: 200, code: "cancelled" },
    ]) {
      const bench = createBench({ ...sketch, chain: { totalMs } });
      Object.assign(bench.ledger, { reserve: never });
      const caller = new AbortController();
      const going = bench.go([ok], 600, { signal: caller.signal });
      await bench.clock.advance(abortMs === 200 ? 200 : 0);
      if (abortMs === 200) caller.abort();
      await bench.clock.advance(100);
      expect(await going).toMatchObject({ kind: "failed", error: { code } });
    }
  });

  it("gives back what it reserves too late", async () => {
    const bench = createBench(sketch);
    const { reserve } = bench.ledger;
    const late: Ledger["reserve"] = async (reservation, nowMs) => {
      await new Promise<void>((resolve) => void bench.clock.timer(5_000, resolve));
      return reserve(reservation, nowMs);
    };
    Object.assign(bench.ledger, { reserve: late });
    await bench.go([ok], 10_000);
    expect(bench.spent("day")).toBe(0);
  });

  it("withholds no answer that cannot be settled", async () => {
    const bench = createBench(sketch);
    Object.assign(bench.ledger, { settle: never });
    const answer = await bench.start([ok]);
    await bench.clock.advance(1_000);
    expect(await answer.done).toMatchObject({ outcome: "ok", cost: 200_000 });
    expect(bench.events).toContainEqual(expect.objectContaining({ alert: "ledger" }));
    expect(bench.clock.pending()).toBe(0);
  });
});

describe("a ledger that cannot be reached", () => {
  const broken = (): Promise<never> => Promise.reject(new TypeError("no connection"));

  it.for([
    {
      name: "refuses under a hard ceiling, for a moment",
      exceeded: { kind: "deny" },
      outcome: { kind: "failed", error: { code: "hold", status: 503, retryAfterMs: 1000 } },
    },
    {
      name: "lets the request go under a soft one",
      exceeded: { kind: "warn" },
      outcome: { kind: "answered" },
    },
  ] as const)("$name", async ({ exceeded, outcome }) => {
    const bench = createBench({ ceilings: [{ name: "day", limit: 1e9, exceeded }] });
    Object.assign(bench.ledger, { reserve: broken });
    expect(await bench.go([ok])).toMatchObject(outcome);
    expect(bench.events.some((event) => event.kind === "alert" && event.alert === "ledger")).toBe(
      true,
    );
  });

  it("does not take back an answer that it cannot settle", async () => {
    const bench = createBench({ ceilings: [{ name: "day", limit: 1e9 }] });
    Object.assign(bench.ledger, { settle: broken });
    const answer = await bench.start([ok]);
    expect(await answer.done).toMatchObject({ outcome: "ok", cost: 200_000 });
    expect(bench.events.some((event) => event.kind === "alert" && event.alert === "ledger")).toBe(
      true,
    );
  });
});
