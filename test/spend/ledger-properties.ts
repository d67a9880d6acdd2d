import fc from "fast-check";
import { expect, it } from "vitest";
import type { Ledger, ReservationLine } from "../../src/run/ports.ts";
import { createRecount, type Recount } from "./recount.ts";
import { hard, leaseMs, reservation, soft, startMs } from "./reservations.ts";

/** What no order of events can break, for `ledgerContract`. */
export function ledgerProperties(make: () => Promise<Ledger>, numRuns: number): void {
  it("agrees with adding everything up, and no hard bucket passes its limit while bills stay within bounds", async () => {
    await fc.assert(
      fc.asyncProperty(scripts(honest), async (script) => {
        await play(make, script, (ledger) => {
          for (const { bucket, limit } of hardLines) {
            expect(ledger.spent(bucket)).toBeLessThanOrEqual(limit);
          }
        });
      }),
      { numRuns },
    );
  });

  it("passes a limit by what was billed beyond bounds, and by no more", async () => {
    await fc.assert(
      fc.asyncProperty(scripts(lying), async (script) => {
        await play(make, script, (ledger, recount) => {
          for (const { bucket, limit } of hardLines) {
            expect(ledger.spent(bucket)).toBeLessThanOrEqual(limit + recount.overrun(bucket.key));
          }
        });
      }),
      { numRuns },
    );
  });

  it("lets one who calls in turn spend all but less than one reservation", async () => {
    const costs = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 60, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(costs, fc.integer({ min: 1, max: 40 }), async (costs, extra) => {
        const spent = await spendInTurn(make, costs, extra);
        expect(spent).toBeGreaterThanOrEqual(1_000 - extra);
        expect(spent).toBeLessThanOrEqual(1_000);
      }),
      { numRuns },
    );
  });

  it("holds its limit against reservations that are all under way at once", async () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(amounts, (amounts) => reserveAtOnce(make, amounts)),
      { numRuns },
    );
  });
}

const lines = [hard("day", 100), hard("month", 60), soft("week", 50), hard("closed", 0)] as const;
const hardLines = lines.filter((line) => line.hard);

type Event =
  | {
      readonly kind: "reserve";
      readonly id: number;
      readonly amount: number;
      readonly which: readonly ReservationLine[];
    }
  | { readonly kind: "settle"; readonly id: number; readonly share: number }
  | { readonly kind: "release"; readonly id: number }
  | { readonly kind: "wait"; readonly ms: number };

/** Bills of up to `most` times what was reserved. */
function events(most: number): fc.Arbitrary<Event> {
  const id = fc.nat(15);
  const amount = fc.integer({ min: 0, max: 40 });
  const which = fc.subarray([...lines]);
  const share = fc.double({ min: 0, max: most, noNaN: true });
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant("reserve" as const), id, amount, which }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("settle" as const), id, share }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("release" as const), id }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(leaseMs) }),
    },
  );
}

const honest = events(1);
const lying = events(3);

/** Long ones: short scripts hardly ever fill a bucket. */
function scripts(events: fc.Arbitrary<Event>): fc.Arbitrary<Event[]> {
  return fc.array(events, { minLength: 20, maxLength: 80, size: "max" });
}

type Check = (ledger: Ledger, recount: Recount) => void;

interface Scene {
  readonly ledger: Ledger;
  readonly recount: Recount;
  /** As each id was last asked for: an id that comes back comes back unchanged. */
  readonly asked: Map<string, ReturnType<typeof reservation>>;
  nowMs: number;
}

async function play(
  make: () => Promise<Ledger>,
  script: readonly Event[],
  check: Check,
): Promise<void> {
  const scene: Scene = {
    ledger: await make(),
    recount: createRecount(),
    asked: new Map(),
    nowMs: startMs,
  };
  for (const event of script) {
    await step(scene, event);
    agree(scene);
    check(scene.ledger, scene.recount);
  }
  await scene.ledger.close();
}

function agree({ ledger, recount }: Scene): void {
  for (const { bucket } of lines) expect(ledger.spent(bucket)).toBe(recount.spent(bucket.key));
}

async function step(scene: Scene, event: Event): Promise<void> {
  const { ledger, recount, asked } = scene;
  switch (event.kind) {
    case "reserve": {
      const id = String(event.id);
      const lease = { leaseUntilMs: scene.nowMs + leaseMs };
      const ask = asked.get(id) ?? { ...reservation(id, event.amount, ...event.which), ...lease };
      asked.set(id, ask);
      expect(await ledger.reserve(ask, scene.nowMs)).toEqual(recount.reserve(ask));
      return;
    }
    case "settle": {
      const id = String(event.id);
      const cost = Math.floor((asked.get(id)?.amount ?? 10) * event.share);
      await ledger.settle(id, cost);
      recount.settle(id, cost);
      return;
    }
    case "release":
      await ledger.release(String(event.id));
      recount.release(String(event.id));
      return;
    case "wait":
      scene.nowMs += event.ms;
      await ledger.expire(scene.nowMs);
      recount.expire(scene.nowMs);
  }
}

/** Calls one after the other, each billed `extra` less than it reserved; answers what was spent in the end. */
async function spendInTurn(
  make: () => Promise<Ledger>,
  costs: readonly number[],
  extra: number,
): Promise<number> {
  const ledger = await make();
  const line = hard("day", 1_000);
  for (const [index, cost] of [...costs, ...Array<number>(1_000).fill(1)].entries()) {
    const id = String(index);
    const outcome = await ledger.reserve(reservation(id, cost + extra, line), startMs);
    if (outcome.kind === "reserved") await ledger.settle(id, cost);
  }
  const spent = ledger.spent(line.bucket);
  await ledger.close();
  return spent;
}

/** Everything at once, twice over; then everything settled, twice over, against a release. */
async function reserveAtOnce(
  make: () => Promise<Ledger>,
  amounts: readonly number[],
): Promise<void> {
  const ledger = await make();
  const [day, month] = [hard("day", 200), hard("month", 150)];
  const within = () => {
    expect(ledger.spent(day.bucket)).toBeLessThanOrEqual(200);
    expect(ledger.spent(month.bucket)).toBeLessThanOrEqual(150);
  };
  const asks = amounts.map((amount, index) =>
    reservation(String(index), amount, ...(index % 2 === 0 ? [day] : [month, day])),
  );
  const reserve = async (ask: (typeof asks)[number]) => {
    const outcome = await ledger.reserve(ask, startMs);
    within();
    return outcome.kind === "reserved" ? ask.id : undefined;
  };
  const ids = await Promise.all([...asks, ...asks].map(reserve));
  const taken = asks.filter((ask) => ids.includes(ask.id));
  const total = taken.reduce((sum, ask) => sum + ask.amount, 0);
  expect(ledger.spent(day.bucket)).toBe(total);

  await Promise.all([...taken, ...taken].map((ask) => ledger.settle(ask.id, ask.amount >> 1)));
  await Promise.all(taken.map((ask) => ledger.release(ask.id)));
  within();
  expect(ledger.spent(day.bucket)).toBe(taken.reduce((sum, ask) => sum + (ask.amount >> 1), 0));
  await ledger.close();
}
