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
  /** Drops accounts quiet since `beforeMs` or longer in which nothing is reserved. */
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
      const account = accounts.get(key) ?? { settled: 0, reserved: 0, quietFromMs: 0 };
      account.quietFromMs = Math.max(account.quietFromMs, endMs, leaseUntilMs);
      accounts.set(key, account);
      return account;
    },
    forget: (beforeMs) => {
      for (const [key, { reserved, quietFromMs }] of accounts) {
        if (reserved === 0 && quietFromMs <= beforeMs) accounts.delete(key);
      }
    },
  };
}
