import type { NanoUsd } from "../terms/money.ts";
import type { Bucket } from "../terms/view.ts";

/** What stands in one bucket. */
export interface Account {
  settled: NanoUsd;
  reserved: NanoUsd;
  /** When nothing can change it any more: its window is over and so is every lease taken in it. Epoch milliseconds. */
  quietFromMs: number;
}

/** The buckets of a ledger in memory, by key; a bucket never used is empty and is not kept. */
export interface Accounts {
  /** Settled plus reserved. */
  readonly spent: (key: string) => NanoUsd;
  /** The bucket's account, made if need be, and kept at least for its window and for `leaseUntilMs`. */
  readonly open: (bucket: Bucket, leaseUntilMs: number) => Account;
  /** Drops accounts quiet since `beforeMs` or longer. */
  readonly forget: (beforeMs: number) => void;
}

/** Empty accounts. */
export function createAccounts(): Accounts {
  const accounts = new Map<string, Account>();
  return {
    spent: (key) => {
      const account = accounts.get(key);
      return account ? account.settled + account.reserved : 0;
    },
    open: ({ key, endMs }, leaseUntilMs) => {
      const known = accounts.get(key);
      const account = known ?? { settled: 0, reserved: 0, quietFromMs: 0 };
      if (!known) accounts.set(key, account);
      account.quietFromMs = Math.max(account.quietFromMs, endMs, leaseUntilMs);
      return account;
    },
    forget: (beforeMs) => {
      for (const [key, { quietFromMs }] of accounts) {
        if (quietFromMs <= beforeMs) accounts.delete(key);
      }
    },
  };
}
