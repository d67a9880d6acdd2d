import { describe, expect, it } from "vitest";
import { run } from "../../src/run/engine.ts";
import type { AttemptEnd } from "../../src/run/ports.ts";
import { RouteError } from "../../src/run/route-error.ts";
import type { Facts } from "../../src/terms/facts.ts";
import { createBench, someFacts, worstNano } from "../support/engine.ts";
import { linkedProgram } from "../support/programs.ts";

const down = { kind: "fails", class: "server_error" } as const;

describe("run, going through a plan", () => {
  it("hands out the answer of the first target, with the decision behind it", async () => {
    const bench = createBench();
    const answer = await bench.start([{ kind: "ok" }]);
    expect(answer.value).toBe("a:m");
    expect(answer.candidate.target).toBe("a:m");
    expect(answer.decision).toMatchObject({ kind: "route", route: "all", chain: "main" });
    expect(answer.failed).toEqual([]);
    expect(await answer.done).toMatchObject({ outcome: "ok", cost: 200_000 });
  });

  it("goes on to the next targets in order, and tells what failed before", async () => {
    const bench = createBench();
    const answer = await bench.start([down, down, { kind: "ok" }]);
    expect(answer.value).toBe("c:m");
    expect(answer.failed).toMatchObject([
      { number: 1, target: "a:m", outcome: "server_error", message: "a scripted server_error" },
      { number: 2, target: "b:m", outcome: "server_error" },
    ]);
    expect(bench.made.map(({ target }) => target)).toEqual(["a:m", "b:m", "c:m"]);
  });

  it("ends with the class of the last failure, and the failure as its cause", async () => {
    const bench = createBench();
    const answer = { status: 503, contentType: "text/plain", body: "later" };
    const went = await bench.go([
      down,
      down,
      { kind: "fails", class: "overloaded", status: 503, answer },
    ]);
    expect(went).toMatchObject({
      kind: "failed",
      error: { code: "overloaded", status: 503, cause: { class: "overloaded", answer } },
    });
    if (went.kind !== "failed") return;
    expect(went.error.attempts.map(({ outcome }) => outcome)).toEqual([
      "server_error",
      "server_error",
      "overloaded",
    ]);
    expect(went.error.message).toBe(
      "`c:m` did not answer (the last of 3 attempts): a scripted overloaded",
    );
  });
});

describe("run, told as it happens", () => {
  it("tells what happens in order: the decision, skips, each attempt, the end", async () => {
    const bench = createBench({
      targets: [{ id: "a:m", can: { tools: false } }, { id: "b:m" }, { id: "c:m" }],
    });
    const facts: Facts = { ...someFacts, needs: ["tools"] };
    const answer = await bench.start([down, { kind: "ok" }], { facts });
    await answer.done;
    expect(bench.events.map(({ kind }) => kind)).toEqual([
      "decision",
      "skip",
      "attempt",
      "attempt",
      "finished",
    ]);
    expect(bench.events.at(1)).toMatchObject({ target: "a:m", because: "unsupported" });
    expect(bench.events.at(-1)).toMatchObject({
      requestId: "r1",
      outcome: "ok",
      cost: 200_000,
      attempts: 2,
    });
  });

  it("records the time to first output, for chains that take the fastest", async () => {
    const bench = createBench();
    await bench.go([{ kind: "ok" }]);
    expect(bench.engine.latencies.median("a:m")).toBe(7);
  });

  it("is not disturbed by an observer that throws", async () => {
    const bench = createBench();
    const engine = {
      ...bench.engine,
      observe: () => {
        throw new RouteError("closed", "listening is over");
      },
    };
    const request = {
      linked: linkedProgram(),
      facts: someFacts,
      requestId: "r",
      hasCredential: () => true,
    };
    const answer = await run(engine, request, async () => ({
      kind: "answering",
      value: 1,
      changed: [],
      firstOutputMs: 1,
      end: Promise.resolve({ kind: "ok", billing: { kind: "unknown" } }),
    }));
    expect(await answer.done).toMatchObject({ outcome: "ok", cost: worstNano });
  });
});

describe("run, choosing whom to ask", () => {
  it("makes no more attempts than the chain allows, over all targets", async () => {
    const bench = createBench({ chain: { maxAttempts: 2 } });
    const went = await bench.go([down]);
    expect(went).toMatchObject({ kind: "failed", error: { code: "server_error" } });
    expect(bench.made).toHaveLength(2);
  });

  it("asks for targets again before each attempt: what failed in another request is skipped", async () => {
    const bench = createBench({ chain: { maxAttempts: 1 } });
    await bench.go([{ kind: "fails", class: "auth" }]);
    expect(await bench.go([{ kind: "ok" }])).toMatchObject({
      kind: "answered",
      answer: { value: "b:m" },
    });
  });

  it("answers a breaker's probe with the first output, and counts the rest of the answer by itself", async () => {
    const bench = createBench();
    const said: string[] = [];
    const permit = (name: string) => ({
      succeeded: () => void said.push(`${name} succeeded`),
      failed: () => void said.push(`${name} failed`),
      released: () => void said.push(`${name} released`),
    });
    const permits = [{ ...permit("probe"), isProbe: true as const }, permit("next")];
    Object.assign(bench.engine.breakers, { permit: () => permits.shift() });
    const { promise, resolve } = Promise.withResolvers<AttemptEnd>();
    const answer = await bench.start([{ kind: "answers", end: promise }]);
    expect(said).toEqual(["probe succeeded"]);
    const failure = { class: "server_error", message: "cut", retryable: true } as const;
    resolve({ kind: "failed", failure, billing: { kind: "unknown" } });
    await answer.done;
    expect(said).toEqual(["probe succeeded", "next failed"]);
  });

  it("counts what the provider refused inside a success, whatever we had changed", async () => {
    const bench = createBench({ chain: { maxAttempts: 2 } });
    const refused = {
      kind: "fails",
      class: "invalid_request",
      changed: [{ member: "max_tokens", change: "added", why: "the policy's output limit" }],
    } as const;
    const went = await bench.go([refused]);
    expect(went).toMatchObject({
      kind: "failed",
      error: { code: "unsupported", attempts: [{ number: 1 }, { number: 2 }] },
    });
    expect(bench.made.length).toBe(2);
    expect(bench.events.filter(({ kind }) => kind === "attempt").length).toBe(2);
  });

  it("does not count a target that cannot take the request as an attempt", async () => {
    const bench = createBench({
      chain: { maxAttempts: 1 },
      ceilings: [{ name: "day", limit: worstNano }],
    });
    const cannot = {
      kind: "fails",
      class: "unsupported",
      sent: false,
      message: "it refuses `logprobs`",
    } as const;
    const answer = await bench.start([cannot, { kind: "ok" }]);
    expect(answer.value).toBe("b:m");
    expect(answer.failed).toEqual([]);
    expect((await answer.done).attempts).toMatchObject([{ number: 1, target: "b:m" }]);
    expect(bench.events).toContainEqual(
      expect.objectContaining({
        kind: "skip",
        because: "unsupported",
        detail: "it refuses `logprobs`",
      }),
    );
  });
});

const denials = [
  {
    name: "a route that denies",
    sketch: { deny: "not on weekends" },
    code: "policy",
    message: "not on weekends",
  },
  {
    name: "no target that can",
    sketch: { targets: [{ id: "a:m", apis: ["messages"] }] },
    code: "unsupported",
    message: /does not speak chat/,
  },
  {
    name: "no target at all",
    sketch: { targets: [] },
    code: "unsupported",
    message: /names no target/,
  },
  {
    name: "a ceiling that is too low",
    sketch: { ceilings: [{ name: "day", limit: 1 }] },
    code: "ceiling",
    message: /of `day` is left/,
  },
  {
    name: "an unknown price under a hard ceiling",
    sketch: { targets: [{ id: "a:m", price: null }], ceilings: [{ name: "day", limit: 1e9 }] },
    code: "unpriced",
    message: /price is not known/,
  },
] as const;

describe("run, refused", () => {
  it.for(denials)("is denied by $name, before any attempt", async ({ sketch, code, message }) => {
    const bench = createBench(sketch);
    const went = await bench.go([{ kind: "ok" }]);
    expect(went).toMatchObject({ kind: "failed", error: { code, decision: { kind: "deny" } } });
    if (went.kind === "failed") expect(went.error.message).toMatch(message);
    expect(bench.made).toEqual([]);
    expect(bench.events.map(({ kind }) => kind)).toEqual(["decision", "finished"]);
    expect(bench.clock.pending()).toBe(0);
  });

  it("says when a refusal of a ceiling ends", async () => {
    const bench = createBench({ ceilings: [{ name: "hour", limit: 1, per: "hour" }] });
    await bench.clock.advance(60_000);
    const went = await bench.go([{ kind: "ok" }]);
    expect(went).toMatchObject({ error: { code: "ceiling", retryAfterMs: 59 * 60_000 } });
  });

  it("skips a target without credential, and says so where nothing else is left", async () => {
    const bench = createBench();
    const hasCredential = (provider: string) => provider === "c";
    const answer = await bench.start([{ kind: "ok" }], { hasCredential });
    expect(answer.value).toBe("c:m");
    const went = await bench.go([{ kind: "ok" }], 0, { hasCredential: () => false });
    expect(went).toMatchObject({ error: { code: "no_credential", status: 503 } });
  });

  it("ends at a skip that the chain does not move on from", async () => {
    const bench = createBench({ chain: { on: ["server_error"], maxAttempts: 1 } });
    await bench.go([{ kind: "fails", class: "rate_limit", retryAfterMs: 9_000 }]);
    const went = await bench.go([{ kind: "ok" }]);
    expect(went).toMatchObject({ error: { code: "hold", retryAfterMs: 9_000 } });
    expect(bench.made).toHaveLength(1);
  });
});
