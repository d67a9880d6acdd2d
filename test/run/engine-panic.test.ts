import { describe, expect, it } from "vitest";
import { createBench } from "../support/engine.ts";

const breaker = { minFailures: 1, errorRatePpm: 1, coolDownMs: 30_000 };
const down = { kind: "fails", class: "server_error" } as const;
const ok = { kind: "ok" } as const;

/** Opens the breakers of the targets, one every ten seconds, the last target's first. */
async function allOpen(sketch: Parameters<typeof createBench>[0] = {}) {
  const bench = createBench({ breaker, ...sketch });
  const found = bench.engine.breakers;
  for (const target of ["c:m", "b:m", "a:m"] as const) {
    found.permit(target, bench.breaker)?.failed();
    await bench.clock.advance(9_000);
  }
  return bench;
}

describe("a request whose every target has an open breaker", () => {
  it("probes the one that opens first", async () => {
    const bench = await allOpen();
    const answer = await bench.start([ok]);
    expect(answer.value).toBe("c:m");
    expect(answer.decision).toMatchObject({ kind: "deny", because: "breaker_open" });
    await answer.done;
    expect(bench.engine.breakers.view("c:m", bench.breaker).state).toBe("closed");
  });

  it("probes each target at most once a second, and else says when the first breaker opens", async () => {
    const bench = await allOpen();
    for (let request = 0; request < 3; request += 1) {
      expect(await bench.go([down])).toMatchObject({ error: { code: "server_error" } });
    }
    expect(bench.made.map(({ target }) => target)).toEqual(["c:m", "b:m", "a:m"]);
    const went = await bench.go([ok]);
    expect(went).toMatchObject({
      error: { code: "breaker_open", status: 503, retryAfterMs: 30_000 },
    });
    expect(bench.made).toHaveLength(3);
    expect(bench.clock.pending()).toBe(0);
    await bench.clock.advance(1000);
    // All of them open together now, so that the order of the file decides.
    expect(await bench.go([ok])).toMatchObject({ answer: { value: "a:m" } });
  });

  it("does not retry a probe", async () => {
    // The wait before a retry would be two seconds: long enough for another probe.
    const retry = { maxRetries: 5, minDelayMs: 4000 };
    const bench = await allOpen({ retry, chain: { maxAttempts: 9 } });
    await bench.go([{ ...down, retryable: true }], 60_000);
    expect(bench.made).toHaveLength(1);
  });

  it("asks for its reservation like any other attempt", async () => {
    const bench = await allOpen({ ceilings: [{ name: "day", limit: 1e9 }] });
    const forever = { kind: "answers", end: new Promise<never>(() => {}) } as const;
    await bench.start([forever]);
    expect(bench.spent("day")).toBe(2_000_000);
  });

  it("is told of the breaker, whatever else keeps later targets from being tried", async () => {
    const targets = [{ id: "a:m" }, { id: "b:m", apis: ["messages"] }] as const;
    const bench = await allOpen({ targets });
    await bench.go([down]);
    expect(await bench.go([ok])).toMatchObject({ error: { code: "breaker_open", status: 503 } });
  });

  it("looks past targets that something else keeps from being tried", async () => {
    const bench = await allOpen({
      targets: [{ id: "a:m" }, { id: "b:m" }, { id: "c:m", apis: ["messages"] }],
    });
    expect((await bench.start([ok])).value).toBe("b:m");
  });
});

describe("no probe is made", () => {
  it("where another target was tried", async () => {
    const bench = createBench({ breaker, targets: [{ id: "a:m" }, { id: "b:m" }] });
    bench.engine.breakers.permit("b:m", bench.breaker)?.failed();
    const went = await bench.go([{ kind: "fails", class: "rate_limit" }]);
    expect(went).toMatchObject({ error: { code: "rate_limit" } });
    expect(bench.made.map(({ target }) => target)).toEqual(["a:m"]);
  });

  it("where no breaker is what stands in the way", async () => {
    const bench = createBench({ breaker, targets: [{ id: "a:m" }] });
    bench.engine.holds.hold("a:m", "auth", bench.clock.now() + 5000);
    bench.engine.breakers.permit("a:m", bench.breaker)?.failed();
    expect(await bench.go([ok])).toMatchObject({ error: { code: "hold", retryAfterMs: 5000 } });
  });
});

describe("a half-open breaker", () => {
  it("keeps its probe where the target turns out not to take the request", async () => {
    const bench = createBench({ breaker, targets: [{ id: "a:m" }, { id: "b:m" }] });
    bench.engine.breakers.permit("a:m", bench.breaker)?.failed();
    await bench.clock.advance(30_000);
    expect((await bench.start([{ kind: "fails", class: "unsupported" }, ok])).value).toBe("b:m");
    expect((await bench.start([ok])).value).toBe("a:m");
  });

  it("admits one request as its probe, and skips it for the others", async () => {
    const bench = createBench({ breaker, targets: [{ id: "a:m" }, { id: "b:m" }] });
    bench.engine.breakers.permit("a:m", bench.breaker)?.failed();
    await bench.clock.advance(30_000);
    const forever = { kind: "answers", end: new Promise<never>(() => {}) } as const;
    expect((await bench.start([forever])).value).toBe("a:m");
    expect((await bench.start([ok])).value).toBe("b:m");
  });
});
