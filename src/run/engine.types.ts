import type { Candidate } from "../resolve/candidate.ts";
import type { Linked } from "../resolve/link.ts";
import type { DecisionRecord } from "../resolve/record.types.ts";
import type { Decision } from "../terms/decision.ts";
import type { Facts } from "../terms/facts.ts";
import type { NanoUsd } from "../terms/money.ts";
import type { ChainSpec } from "../terms/program.ts";
import type { Holds } from "./holds.ts";
import type { Latencies } from "./latencies.ts";
import type {
  AttemptEnd,
  AttemptRecord,
  Billing,
  Breakers,
  Change,
  Clock,
  Failure,
  Ledger,
  Observer,
  Random,
} from "./ports.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** What every request of one router shares; it outlives a reload of the policy. */
export interface Engine {
  readonly ledger: Ledger;
  readonly breakers: Breakers;
  readonly holds: Holds;
  readonly latencies: Latencies;
  readonly retryBudget: RetryBudget;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: Observer;
  /** Takes the record of each decided request when it has ended; where it is missing, nothing is recorded. */
  readonly record?: (record: DecisionRecord) => void;
}

/** One request as the engine takes it: the policy it was admitted under, and what is known of it. */
export interface EngineRequest {
  readonly linked: Linked;
  readonly facts: Facts;
  readonly requestId: string;
  readonly hasCredential: (provider: string) => boolean;
  /** The caller's: its abort reaches the attempt under way and ends the request. */
  readonly signal?: AbortSignal;
}

/** One attempt, handed to whoever makes it. */
export interface Attempt {
  /** From 1, over all targets of the request. */
  readonly number: number;
  readonly requestId: string;
  readonly candidate: Candidate;
  /** Whether a ceiling counts it: its worst case is reserved, and it must not cost more. */
  readonly isReserved: boolean;
  /** The chain that the route names, with the settings of the whole request. */
  readonly chain: ChainSpec;
  /** Ends when the caller aborts or the request's time is over. */
  readonly signal: AbortSignal;
  /** When the whole request must be over, on the monotonic clock. */
  readonly deadlineMs: number;
}

/** How an attempt began: with an answer that the caller may already have, or with a failure that nobody has seen. */
export type AttemptStart<T> =
  | {
      readonly kind: "answering";
      readonly value: T;
      readonly changed: readonly Change[];
      readonly firstOutputMs: number;
      /** Resolves once, when the last byte is through or the answer broke off; never rejects. */
      readonly end: Promise<AttemptEnd>;
    }
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      readonly billing: Billing;
      readonly changed: readonly Change[];
      /** Nothing was sent, because the target is known not to take the request as it is: a skip, and no attempt. */
      readonly sent?: false;
    };

/** A request that is being answered. */
export interface RunAnswer<T> {
  readonly value: T;
  readonly decision: Decision;
  /** The candidate that answers. */
  readonly candidate: Candidate;
  /** Attempts that failed before this one, oldest first. */
  readonly failed: readonly AttemptRecord[];
  /** Resolves when the answer has ended and is settled; never rejects. */
  readonly done: Promise<RunSummary>;
}

export interface RunSummary {
  readonly outcome: "ok" | Failure["class"];
  /** What all attempts cost together. */
  readonly cost: NanoUsd;
  readonly attempts: readonly AttemptRecord[];
}
