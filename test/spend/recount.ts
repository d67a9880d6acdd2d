import type { Reservation, ReserveOutcome } from "../../src/run/ports.ts";
import type { NanoUsd } from "../../src/terms/money.ts";

/** A ledger that keeps every row and adds them all up again at every question. */
export interface Recount {
  readonly spent: (key: string) => NanoUsd;
  readonly reserve: (reservation: Reservation) => ReserveOutcome;
  readonly settle: (id: string, cost: NanoUsd) => void;
  readonly release: (id: string) => void;
  readonly expire: (nowMs: number) => void;
  /** What settlements cost beyond their reservations, by bucket. */
  readonly overrun: (key: string) => NanoUsd;
}

interface Row {
  readonly reservation: Reservation;
  readonly outcome: ReserveOutcome;
  readonly state: "reserved" | "settled" | "released" | "expired";
  /** What it counts for in each of its buckets. */
  readonly counts: NanoUsd;
}

/** An empty recount. */
export function createRecount(): Recount {
  const rows = new Map<string, Row>();
  const sum = (key: string, of: (row: Row) => NanoUsd) =>
    [...rows.values()]
      .filter((row) => row.reservation.lines.some((line) => line.bucket.key === key))
      .reduce((total, row) => total + of(row), 0);
  const spent = (key: string) => sum(key, (row) => row.counts);
  const change = (id: string, from: Row["state"], to: (row: Row) => Partial<Row>) => {
    const row = rows.get(id);
    if (row?.state === from) rows.set(id, { ...row, ...to(row) });
  };

  return {
    spent,
    overrun: (key) => sum(key, (row) => Math.max(0, row.counts - row.reservation.amount)),
    reserve: (reservation) => {
      const known = rows.get(reservation.id);
      if (known) return known.outcome;
      const outcome = decide(reservation, spent);
      const row = { reservation, outcome, state: "reserved", counts: reservation.amount } as const;
      if (outcome.kind === "reserved") rows.set(reservation.id, row);
      return outcome;
    },
    settle: (id, cost) => {
      const late = rows.get(id)?.state === "expired";
      change(id, late ? "expired" : "reserved", ({ reservation }) => ({
        state: "settled",
        counts: late ? Math.max(cost, reservation.amount) : cost,
      }));
    },
    release: (id) => change(id, "reserved", () => ({ state: "released", counts: 0 })),
    expire: (nowMs) => {
      for (const [id, { reservation }] of rows) {
        if (reservation.leaseUntilMs <= nowMs) change(id, "reserved", () => ({ state: "expired" }));
      }
    },
  };
}

function decide(reservation: Reservation, spent: (key: string) => NanoUsd): ReserveOutcome {
  const { amount, lines } = reservation;
  const full = lines.find(
    ({ bucket, hard, limit }) => hard && amount > 0 && spent(bucket.key) + amount > limit,
  );
  if (full) {
    const remaining = Math.max(0, full.limit - spent(full.bucket.key));
    return { kind: "refused", ceiling: full.bucket.ceiling, remaining };
  }
  const over = lines
    .filter(({ hard }) => !hard)
    .filter(({ bucket, limit }) => spent(bucket.key) <= limit && spent(bucket.key) + amount > limit)
    .map(({ bucket }) => bucket.ceiling);
  return { kind: "reserved", over };
}
