import type { Reservation, ReservationLine } from "../../src/run/ports.ts";
import type { NanoUsd } from "../../src/terms/money.ts";
import type { Bucket } from "../../src/terms/view.ts";

/** When the tests' windows begin, and the time of day in all of them. */
export const startMs = Date.UTC(2026, 0, 1);

/** How long the tests' leases last. */
export const leaseMs = 60_000;

const dayMs = 24 * 60 * 60_000;

/** The bucket of a ceiling per day. */
export function dayBucket(ceiling: string, day = 0): Bucket {
  const from = startMs + day * dayMs;
  return { ceiling, name: ceiling, key: `${ceiling}@${from}`, startMs: from, endMs: from + dayMs };
}

/** A line of a hard ceiling per day. */
export function hard(ceiling: string, limit: NanoUsd): ReservationLine {
  return { bucket: dayBucket(ceiling), limit, hard: true };
}

/** A line of a ceiling per day that only warns. */
export function soft(ceiling: string, limit: NanoUsd): ReservationLine {
  return { bucket: dayBucket(ceiling), limit, hard: false };
}

/** A reservation whose lease ends a minute after the windows begin. */
export function reservation(id: string, amount: NanoUsd, ...lines: ReservationLine[]): Reservation {
  return { id, amount, lines, leaseUntilMs: startMs + leaseMs };
}
