import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ledger } from "../../src/run/ports.ts";
import { ledgerProperties } from "./ledger-properties.ts";
import { dayBucket, hard, leaseMs, reservation, soft, startMs } from "./reservations.ts";

/**
 * What every store of spend does: run it for each of them.
 *
 * @param make answers an empty ledger each time; the suite closes it
 * @param runs how many random scripts each property plays; fewer where a store is slow
 */
export function ledgerContract(name: string, make: () => Promise<Ledger>, runs = 200): void {
  describe(`${name}: reserving`, () => reserving(make));
  describe(`${name}: resolving`, () => resolving(make));
  describe(`${name}: again and again`, () => repeating(make));
  describe(`${name}: misuse`, () => misuse(make));
  describe(`${name}: whatever happens`, () => ledgerProperties(make, runs));
}

/** A ledger for each test of the block around it. */
function withLedger(make: () => Promise<Ledger>): () => Ledger {
  let ledger: Ledger | undefined;
  beforeEach(async () => {
    ledger = await make();
  });
  afterEach(async () => {
    await ledger?.close();
  });
  return () => {
    if (!ledger) throw new TypeError("a ledger outside a test");
    return ledger;
  };
}

const day = hard("day", 100);
const month = hard("month", 40);

function reserving(make: () => Promise<Ledger>): void {
  const ledger = withLedger(make);
  const reserve = (id: string, amount: number, ...lines: Parameters<typeof reservation>[2][]) =>
    ledger().reserve(reservation(id, amount, ...lines), startMs);
  const spent = (ceiling: string) => ledger().spent(dayBucket(ceiling));

  it("finds nothing in a bucket never used", () => {
    expect(spent("day")).toBe(0);
  });

  it("counts what is reserved in every bucket at once", async () => {
    expect(await reserve("a", 30, day, month)).toEqual({ kind: "reserved", over: [] });
    expect([spent("day"), spent("month")]).toEqual([30, 30]);
  });

  it("fills a bucket to its limit exactly, and not a nano-dollar further", async () => {
    await reserve("a", 60, day);
    expect(await reserve("b", 41, day)).toEqual({ kind: "refused", ceiling: "day", remaining: 40 });
    expect((await reserve("c", 40, day)).kind).toBe("reserved");
    expect(await reserve("d", 1, day)).toEqual({ kind: "refused", ceiling: "day", remaining: 0 });
  });

  it("reserves in none where one refuses, wherever it stands", async () => {
    expect((await reserve("a", 50, day, month)).kind).toBe("refused");
    expect((await reserve("b", 50, month, day)).kind).toBe("refused");
    expect([spent("day"), spent("month")]).toEqual([0, 0]);
  });

  it("names the first line that refuses, and what is left in it", async () => {
    await reserve("a", 30, day, month);
    const refused = { kind: "refused", ceiling: "month", remaining: 10 };
    expect(await reserve("b", 80, month, day)).toEqual(refused);
  });

  it("lets a refused id ask again", async () => {
    await reserve("a", 100, day);
    expect((await reserve("b", 1, day)).kind).toBe("refused");
    await ledger().release("a");
    expect((await reserve("b", 1, day)).kind).toBe("reserved");
    expect(spent("day")).toBe(1);
  });

  it("reserves nothing even where a bucket is full, or past its limit", async () => {
    await reserve("a", 100, day);
    expect((await reserve("b", 0, day)).kind).toBe("reserved");
    await ledger().settle("a", 150);
    expect((await reserve("c", 0, day)).kind).toBe("reserved");
    expect((await reserve("d", 0, hard("closed", 0))).kind).toBe("reserved");
  });

  it("reserves where no ceiling applies", async () => {
    expect(await reserve("a", 5)).toEqual({ kind: "reserved", over: [] });
  });

  it("counts a soft line past its limit, and says so of the reservation that took it there", async () => {
    const [week, year] = [soft("week", 10), soft("year", 1_000)];
    expect(await reserve("a", 10, week, year)).toEqual({ kind: "reserved", over: [] });
    expect(await reserve("b", 5, week, year)).toEqual({ kind: "reserved", over: ["week"] });
    expect(await reserve("c", 5, week, year)).toEqual({ kind: "reserved", over: [] });
    expect(spent("week")).toBe(20);
  });

  it("keeps windows apart", async () => {
    await reserve("a", 100, day);
    const tomorrow = { ...day, bucket: dayBucket("day", 1) };
    expect((await reserve("b", 100, tomorrow)).kind).toBe("reserved");
    expect(ledger().spent(dayBucket("day", 1))).toBe(100);
  });
}

function resolving(make: () => Promise<Ledger>): void {
  const ledger = withLedger(make);
  const spent = () => ledger().spent(dayBucket("day"));
  beforeEach(async () => void (await ledger().reserve(reservation("a", 30, day), startMs)));

  const settle = (cost: number) => () => ledger().settle("a", cost);
  const release = () => ledger().release("a");
  const expire = () => ledger().expire(startMs + leaseMs);

  it.for([
    { name: "a settlement replaces the reservation", steps: [settle(20)], counts: 20 },
    { name: "nothing is a cost too", steps: [settle(0)], counts: 0 },
    { name: "an overrun counts in full, past the limit", steps: [settle(130)], counts: 130 },
    { name: "a release gives all back", steps: [release], counts: 0 },
    { name: "a lease that ends counts as spent", steps: [expire], counts: 30 },
    { name: "of two settlements the first counts", steps: [settle(20), settle(25)], counts: 20 },
    { name: "settled is not released", steps: [settle(20), release], counts: 20 },
    { name: "settled does not expire", steps: [settle(20), expire], counts: 20 },
    { name: "released is not settled", steps: [release, settle(20)], counts: 0 },
    { name: "released does not expire", steps: [release, expire], counts: 0 },
    { name: "expired is not released", steps: [expire, release], counts: 30 },
    { name: "a late settlement gives nothing back", steps: [expire, settle(20)], counts: 30 },
    { name: "a late one adds what it cost more", steps: [expire, settle(45)], counts: 45 },
    { name: "and adds it once", steps: [expire, settle(45), settle(45), settle(60)], counts: 45 },
    {
      name: "however often the lease ends",
      steps: [expire, expire, settle(45), expire],
      counts: 45,
    },
  ])("$name", async ({ steps, counts }) => {
    for (const step of steps) await step();
    expect(spent()).toBe(counts);
  });

  it("frees what a settlement leaves over", async () => {
    await ledger().settle("a", 10);
    expect((await ledger().reserve(reservation("b", 90, day), startMs)).kind).toBe("reserved");
  });

  it("refuses after an overrun, with nothing remaining", async () => {
    await ledger().settle("a", 130);
    const refused = { kind: "refused", ceiling: "day", remaining: 0 };
    expect(await ledger().reserve(reservation("b", 1, day), startMs)).toEqual(refused);
  });

  it("settles in the windows it was reserved in, however late", async () => {
    const tomorrow = dayBucket("day", 1);
    await ledger().reserve(reservation("b", 5, { ...day, bucket: tomorrow }), tomorrow.startMs);
    await ledger().settle("a", 12);
    expect([spent(), ledger().spent(tomorrow)]).toEqual([12, 5]);
  });

  it("ends no lease before its time, and each at its own", async () => {
    const longer = { ...reservation("b", 7, day), leaseUntilMs: startMs + leaseMs + 1 };
    await ledger().reserve(longer, startMs);
    await ledger().expire(startMs + leaseMs - 1);
    await ledger().release("a");
    await ledger().expire(startMs + leaseMs);
    await ledger().release("b");
    expect(spent()).toBe(0);
  });

  it("ignores an id it does not know", async () => {
    await ledger().settle("unknown", 5);
    await ledger().release("unknown");
    expect(spent()).toBe(30);
  });
}

function repeating(make: () => Promise<Ledger>): void {
  const ledger = withLedger(make);
  const spent = () => ledger().spent(dayBucket("day"));
  const again = reservation("a", 60, day, soft("week", 50));
  const first = { kind: "reserved", over: ["week"] };

  it("answers a repeated reservation as before and counts it once", async () => {
    expect(await ledger().reserve(again, startMs)).toEqual(first);
    expect(await ledger().reserve(again, startMs)).toEqual(first);
    expect(spent()).toBe(60);
  });

  it.for(["settle", "release", "expire"] as const)(
    "does not reserve again after %s",
    async (how) => {
      await ledger().reserve(again, startMs);
      if (how === "settle") await ledger().settle("a", 10);
      if (how === "release") await ledger().release("a");
      if (how === "expire") await ledger().expire(startMs + leaseMs);
      const before = spent();
      expect(await ledger().reserve(again, startMs)).toEqual(first);
      expect(spent()).toBe(before);
    },
  );

  it("answers as before although the bucket is full by now", async () => {
    await ledger().reserve(again, startMs);
    await ledger().reserve(reservation("b", 40, day), startMs);
    expect(await ledger().reserve(again, startMs)).toEqual(first);
  });
}

function misuse(make: () => Promise<Ledger>): void {
  const ledger = withLedger(make);

  it.for([
    { name: "another amount", lines: [day], amount: 31 },
    { name: "another bucket", lines: [month], amount: 30 },
    { name: "a bucket more", lines: [day, month], amount: 30 },
    { name: "a bucket fewer", lines: [], amount: 30 },
  ])("refuses an id that comes back with $name", async ({ lines, amount }) => {
    await ledger().reserve(reservation("a", 30, day), startMs);
    const other = ledger().reserve(reservation("a", amount, ...lines), startMs);
    await expect(other).rejects.toThrow(TypeError);
    expect(ledger().spent(dayBucket("day"))).toBe(30);
    expect(ledger().spent(dayBucket("month"))).toBe(0);
  });

  it.for([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "knows that %d is no money",
    async (nano) => {
      await expect(ledger().reserve(reservation("a", nano, day), startMs)).rejects.toThrow(
        TypeError,
      );
      await expect(
        ledger().reserve(reservation("b", 1, hard("day", nano)), startMs),
      ).rejects.toThrow(TypeError);
      await ledger().reserve(reservation("c", 1, day), startMs);
      await expect(ledger().settle("c", nano)).rejects.toThrow(TypeError);
      expect(ledger().spent(dayBucket("day"))).toBe(1);
    },
  );

  it("refuses a bucket named twice", async () => {
    const twice = ledger().reserve(reservation("a", 60, day, day), startMs);
    await expect(twice).rejects.toThrow(TypeError);
    expect(ledger().spent(dayBucket("day"))).toBe(0);
  });
}
