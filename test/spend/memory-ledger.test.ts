import { describe, expect, it } from "vitest";
import { createMemoryLedger } from "../../src/spend/memory-ledger.ts";
import { ledgerContract } from "./ledger-contract.ts";
import { dayBucket, hard, reservation, startMs } from "./reservations.ts";

ledgerContract("memory", async () => createMemoryLedger());

const day = hard("day", 100);
const minute = 60_000;

describe("what a ledger in memory forgets", () => {
  it("is a window long over", async () => {
    const ledger = createMemoryLedger();
    await ledger.reserve(reservation("a", 30, day), startMs);
    await ledger.settle("a", 30);
    await ledger.expire(day.bucket.endMs + 9 * minute);
    expect(ledger.spent(day.bucket)).toBe(30);
    await ledger.expire(day.bucket.endMs + 10 * minute);
    expect(ledger.spent(day.bucket)).toBe(0);
  });

  it("is no window before its end, so that a clock set back re-opens none", async () => {
    const ledger = createMemoryLedger();
    await ledger.reserve(reservation("a", 100, day), startMs);
    await ledger.settle("a", 100);
    await ledger.expire(day.bucket.endMs + minute);
    await ledger.expire(startMs);
    expect((await ledger.reserve(reservation("b", 1, day), startMs)).kind).toBe("refused");
  });

  it("is no bucket of a request between its attempts, however short its window", async () => {
    const ledger = createMemoryLedger();
    const bucket = { ...dayBucket("one-request"), endMs: startMs };
    const line = { bucket, limit: 100, hard: true };
    const attempt = (id: string) => ({
      ...reservation(id, 60, line),
      leaseUntilMs: startMs + 60 * minute,
    });
    await ledger.reserve(attempt("attempt-1"), startMs);
    await ledger.settle("attempt-1", 60);
    await ledger.expire(startMs + 59 * minute);
    expect((await ledger.reserve(attempt("attempt-2"), startMs)).kind).toBe("refused");
  });

  it("is nothing that is still reserved, until its lease has ended", async () => {
    const ledger = createMemoryLedger();
    const patient = { ...reservation("a", 30, day), leaseUntilMs: day.bucket.endMs + 60 * minute };
    await ledger.reserve(patient, startMs);
    await ledger.expire(day.bucket.endMs + 59 * minute);
    await ledger.settle("a", 20);
    expect(ledger.spent(day.bucket)).toBe(20);
  });

  it("goes without being told, as reservations come in", async () => {
    const ledger = createMemoryLedger();
    await ledger.reserve(reservation("old", 30, day), startMs);
    await ledger.settle("old", 30);
    const later = day.bucket.endMs + 24 * 60 * minute;
    for (let index = 0; index < 3_000; index += 1) {
      await ledger.reserve(reservation(`new-${index}`, 0), later);
    }
    expect(ledger.spent(day.bucket)).toBe(0);
  });
});
