import { describe, expect, it } from "vitest";
import type { Billing } from "../../src/run/ports.ts";
import type { FailureClass } from "../../src/terms/failure-class.ts";
import { createBench, usage, worstNano } from "../support/engine.ts";
import { movesOnByDefault } from "../support/policies.ts";

interface Row {
  readonly class: FailureClass;
  readonly movesOn: boolean;
  readonly breaks: boolean;
  readonly holds: boolean;
  readonly alerts: boolean;
}

const yes = true;
const no = false;

/** What becomes of a request, and of its target, after each class of failure. */
const table: readonly Row[] = [
  { class: "server_error", movesOn: yes, breaks: yes, holds: no, alerts: no },
  { class: "overloaded", movesOn: yes, breaks: yes, holds: no, alerts: no },
  { class: "timeout", movesOn: yes, breaks: yes, holds: no, alerts: no },
  { class: "network", movesOn: yes, breaks: yes, holds: no, alerts: no },
  { class: "rate_limit", movesOn: yes, breaks: no, holds: yes, alerts: no },
  { class: "insufficient_credit", movesOn: yes, breaks: no, holds: yes, alerts: yes },
  { class: "auth", movesOn: yes, breaks: no, holds: yes, alerts: yes },
  { class: "permission", movesOn: yes, breaks: no, holds: yes, alerts: yes },
  { class: "not_found", movesOn: yes, breaks: no, holds: yes, alerts: yes },
  { class: "unsupported", movesOn: yes, breaks: no, holds: no, alerts: no },
  { class: "context_length", movesOn: yes, breaks: no, holds: no, alerts: no },
  { class: "content_filter", movesOn: no, breaks: no, holds: no, alerts: no },
  { class: "invalid_request", movesOn: no, breaks: no, holds: no, alerts: no },
  { class: "cancelled", movesOn: no, breaks: no, holds: no, alerts: no },
];

const billings: readonly {
  readonly name: string;
  readonly billing: Billing;
  readonly cost: number;
}[] = [
  { name: "nothing costs nothing", billing: { kind: "nothing" }, cost: 0 },
  { name: "unknown usage costs the reservation", billing: { kind: "unknown" }, cost: worstNano },
  { name: "known usage costs what it is", billing: usage(300, 200), cost: 500_000 },
];

describe("a failure that the caller's own tools bring about", () => {
  it("is no mark against the target", async () => {
    const bench = createBench({ breaker: { minFailures: 1, errorRatePpm: 1 } });
    await bench.go([{ kind: "fails", class: "server_error", blameless: true }]);
    expect(bench.engine.breakers.view("a:m", bench.breaker).state).toBe("closed");
  });
});

describe("a failed attempt", () => {
  it.for(table)(
    "$class: moves on $movesOn, breaker $breaks, hold $holds, alert $alerts",
    async (row) => {
      const bench = createBench({ breaker: { minFailures: 1, errorRatePpm: 1 } });
      const went = await bench.go([
        { kind: "fails", class: row.class, status: 499 },
        { kind: "ok" },
      ]);
      expect(went.kind).toBe(row.movesOn ? "answered" : "failed");
      if (went.kind === "failed") expect(went.error.code).toBe(row.class);
      const breaker = bench.engine.breakers.view("a:m", bench.breaker);
      expect(breaker.state).toBe(row.breaks ? "open" : "closed");
      expect(bench.engine.holds.view("a:m")?.because).toBe(row.holds ? row.class : undefined);
      const alerts = bench.events.flatMap((event) => (event.kind === "alert" ? event.alert : []));
      expect(alerts).toEqual(row.alerts ? [row.class] : []);
    },
  );

  it.for(table.filter(({ movesOn }) => movesOn))(
    "$class ends the request where `on` leaves it out",
    async (row) => {
      const on = movesOnByDefault.filter((one) => one !== row.class);
      const bench = createBench({ chain: { on } });
      const went = await bench.go([
        { kind: "fails", class: row.class, status: 499 },
        { kind: "ok" },
      ]);
      expect(went).toMatchObject({ kind: "failed", error: { code: row.class } });
      expect(bench.made).toHaveLength(1);
    },
  );

  it.for(["invalid_request", "cancelled"] as const)(
    "%s never moves on, even where `on` lists it",
    async (failure) => {
      const bench = createBench({ chain: { on: [...movesOnByDefault, failure] } });
      await bench.go([{ kind: "fails", class: failure }, { kind: "ok" }]);
      expect(bench.made).toHaveLength(1);
    },
  );

  it("content_filter moves on where the policy allows it", async () => {
    const bench = createBench({ chain: { on: [...movesOnByDefault, "content_filter"] } });
    const went = await bench.go([{ kind: "fails", class: "content_filter" }, { kind: "ok" }]);
    expect(went.kind).toBe("answered");
  });
});

describe("the billing of a failed attempt", () => {
  it.for(table.flatMap((row) => billings.map((billing) => ({ ...billing, class: row.class }))))(
    "$class: $name",
    async ({ class: failure, billing, cost }) => {
      const bench = createBench({ ceilings: [{ name: "day", limit: 1e9 }], chain: { on: [] } });
      const went = await bench.go([{ kind: "fails", class: failure, status: 499, billing }]);
      expect(went).toMatchObject({
        error: { attempts: [{ outcome: failure, cost, reserved: worstNano }] },
      });
      expect(bench.spent("day")).toBe(cost);
    },
  );
});

describe("a request that a provider refuses as invalid", () => {
  const invalid = { kind: "fails", class: "invalid_request", status: 400 } as const;

  it("moves on as unsupported where we had changed it", async () => {
    const changed = [
      { member: "max_tokens", change: "set", why: "the policy's output limit" },
    ] as const;
    const bench = createBench();
    const answer = await bench.start([{ ...invalid, changed }, { kind: "ok" }]);
    expect(answer.value).toBe("b:m");
    expect(answer.failed).toMatchObject([{ outcome: "unsupported", status: 400, changed }]);
  });

  it("is the caller's own where only the model was named anew", async () => {
    const changed = [
      { member: "model", change: "set", why: "the target's name for the model" },
    ] as const;
    const bench = createBench();
    const went = await bench.go([{ ...invalid, changed }, { kind: "ok" }]);
    expect(went).toMatchObject({ error: { code: "invalid_request", status: 400 } });
  });
});

describe("a request that is too long", () => {
  const tooLong = { kind: "fails", class: "context_length", status: 400 } as const;

  it("goes only to a larger or an unknown window", async () => {
    const bench = createBench({
      targets: [
        { id: "a:m", window: 8000 },
        { id: "b:m", window: 8000 },
        { id: "c:m", window: 16_000 },
        { id: "d:m" },
      ],
      chain: { maxAttempts: 9 },
    });
    await bench.go([tooLong]);
    expect(bench.made.map(({ target }) => target)).toEqual(["a:m", "c:m", "d:m"]);
    expect(bench.events).toContainEqual(
      expect.objectContaining({ kind: "skip", target: "b:m", because: "context_length" }),
    );
  });

  it("fails as such where no window is larger", async () => {
    const targets = [
      { id: "a:m", window: 8000 },
      { id: "b:m", window: 4000 },
    ] as const;
    const went = await createBench({ targets }).go([tooLong]);
    expect(went).toMatchObject({
      error: { code: "context_length", attempts: [{ target: "a:m" }] },
    });
  });
});

describe("a hold", () => {
  it.for([
    {
      name: "as long as the failure asks for",
      failure: { holdMs: 4000, retryAfterMs: 1000 },
      untilMs: 4000,
    },
    {
      name: "as long as the provider asks to wait",
      failure: { retryAfterMs: 1500 },
      untilMs: 1500,
    },
    { name: "half a minute where nobody says", failure: {}, untilMs: 30_000 },
  ])("lasts $name", async ({ failure, untilMs }) => {
    const bench = createBench({ chain: { maxAttempts: 1 } });
    await bench.go([{ kind: "fails", class: "rate_limit", ...failure }]);
    const atMs = bench.clock.now();
    expect(bench.engine.holds.view("a:m")).toEqual({
      because: "rate_limit",
      untilMs: atMs + untilMs,
    });
    await bench.clock.advance(untilMs);
    expect(await bench.go([{ kind: "ok" }])).toMatchObject({ answer: { value: "a:m" } });
  });

  it("tells when the first of the held targets is back", async () => {
    const bench = createBench();
    const went = await bench.go([
      { kind: "fails", class: "rate_limit", retryAfterMs: 9000 },
      { kind: "fails", class: "rate_limit", retryAfterMs: 3000 },
      { kind: "fails", class: "rate_limit", retryAfterMs: 5000 },
    ]);
    expect(went).toMatchObject({ error: { code: "rate_limit", status: 429, retryAfterMs: 3000 } });
  });
});
