import type { Ledger, Reservation, ReserveOutcome } from "../run/ports.ts";
import type { NanoUsd } from "../terms/money.ts";
import { type Account, createAccounts } from "./accounts.ts";
import { checkAmount, checkReservation } from "./check-reservation.ts";

/**
 * A ledger in this process's memory: exact, and gone when the process is.
 *
 * - `reserve` decides in one step, over every line or none. The same id with the same amounts gets its first answer
 *   again and counts once. A refusal holds nothing and is not remembered: its id may ask again.
 * - The first of `settle`, `release` and `expire` resolves; an id that is not known does nothing.
 * - A settlement above its reservation counts in full, past any limit. One that comes after the lease has expired gives
 *   nothing back: what it cost beyond the reservation is added, once.
 * - `expire` forgets accounts and reservations well after both their windows and their leases are over; `reserve` does
 *   so too, now and then. Only `expire` ends a lease.
 *
 * Money stays exact as long as no account passes `maxNanoUsd`, which no hard limit can be above.
 *
 * @throws TypeError (as a rejection) on misuse alone: an amount that is no money, a bucket named twice, or an id that
 * comes back with another amount or other buckets
 */
export function createMemoryLedger(): Ledger {
  const book = createBook();
  return {
    spent: (bucket) => book.accounts.spent(bucket.key),
    reserve: async (reservation, nowMs) => reserve(book, reservation, nowMs),
    settle: async (id, cost) => settle(book, id, cost),
    release: async (id) => {
      const entry = book.entries.get(id);
      if (entry?.state === "reserved") resolve(entry, "released", 0);
    },
    expire: async (nowMs) => expire(book, nowMs),
    close: async () => {},
  };
}

interface Book {
  readonly accounts: ReturnType<typeof createAccounts>;
  readonly entries: Map<string, Entry>;
  /** New entries until the next look for what can be forgotten. */
  untilTidy: number;
}

/** One reservation and what became of it. */
interface Entry {
  readonly amount: NanoUsd;
  readonly accounts: readonly Account[];
  readonly lines: Reservation["lines"];
  readonly outcome: ReserveOutcome;
  readonly leaseUntilMs: number;
  state: "reserved" | "settled" | "released" | "expired";
}

/**
 * How long resolved reservations and windows that are over stay: late replays of an id find it, and a wall clock set
 * back by less than this re-opens no window.
 */
const keepMs = 10 * 60_000;

/** Looking at every entry once in this many, or once for each entry there is, costs a constant time for each. */
const tidyEvery = 1024;

function createBook(): Book {
  return { accounts: createAccounts(), entries: new Map(), untilTidy: tidyEvery };
}

function reserve(book: Book, reservation: Reservation, nowMs: number): ReserveOutcome {
  checkReservation(reservation);
  const known = book.entries.get(reservation.id);
  if (known) return replay(known, reservation);
  const refused = refusal(book, reservation);
  if (refused) return refused;
  tidyNowAndThen(book, nowMs);
  const entry = enter(book, reservation);
  book.entries.set(reservation.id, entry);
  return entry.outcome;
}

function replay(known: Entry, { id, amount, lines }: Reservation): ReserveOutcome {
  const same =
    known.amount === amount &&
    known.lines.length === lines.length &&
    lines.every(({ bucket }) => known.lines.some((line) => line.bucket.key === bucket.key));
  if (!same) throw new TypeError(`reservation \`${id}\` came back with other amounts`);
  return known.outcome;
}

/** The first hard line, in the order given, that has not enough left. */
function refusal(book: Book, { amount, lines }: Reservation): ReserveOutcome | undefined {
  if (amount === 0) return undefined;
  for (const { bucket, hard, limit } of lines) {
    const remaining = limit - book.accounts.spent(bucket.key);
    if (hard && amount > remaining) {
      return { kind: "refused", ceiling: bucket.ceiling, remaining: Math.max(0, remaining) };
    }
  }
  return undefined;
}

function enter(book: Book, { amount, lines, leaseUntilMs }: Reservation): Entry {
  const over: string[] = [];
  const accounts = lines.map(({ bucket, hard, limit }) => {
    const account = book.accounts.open(bucket, leaseUntilMs);
    const before = account.settled + account.reserved;
    if (!hard && before <= limit && before + amount > limit) over.push(bucket.ceiling);
    account.reserved += amount;
    return account;
  });
  const outcome = { kind: "reserved", over } as const;
  return { amount, accounts, lines, outcome, leaseUntilMs, state: "reserved" };
}

function settle(book: Book, id: string, cost: NanoUsd): void {
  checkAmount(cost, "cost");
  const entry = book.entries.get(id);
  if (entry?.state === "reserved") resolve(entry, "settled", cost);
  if (entry?.state === "expired") addLate(entry, cost);
}

/** The reservation already counts as spent; the provider's invoice is never undercounted, and nothing reopens. */
function addLate(entry: Entry, cost: NanoUsd): void {
  const beyond = Math.max(0, cost - entry.amount);
  for (const account of entry.accounts) account.settled += beyond;
  entry.state = "settled";
}

function resolve(entry: Entry, state: Exclude<Entry["state"], "reserved">, cost: NanoUsd): void {
  for (const account of entry.accounts) {
    account.reserved -= entry.amount;
    account.settled += cost;
  }
  entry.state = state;
}

function expire(book: Book, nowMs: number): void {
  for (const entry of book.entries.values()) {
    const orphan = entry.state === "reserved" && entry.leaseUntilMs <= nowMs;
    if (orphan) resolve(entry, "expired", entry.amount);
  }
  forget(book, nowMs);
}

function tidyNowAndThen(book: Book, nowMs: number): void {
  book.untilTidy -= 1;
  if (book.untilTidy <= 0) forget(book, nowMs);
}

function forget(book: Book, nowMs: number): void {
  const beforeMs = nowMs - keepMs;
  for (const [id, entry] of book.entries) {
    if (entry.state !== "reserved" && entry.leaseUntilMs <= beforeMs) book.entries.delete(id);
  }
  book.accounts.forget(beforeMs);
  book.untilTidy = Math.max(tidyEvery, book.entries.size);
}
