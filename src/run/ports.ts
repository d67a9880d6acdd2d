import type { Api } from "../terms/api.ts";
import type { Change } from "../terms/change.ts";
import type { Decision } from "../terms/decision.ts";
import type { FailureClass } from "../terms/failure-class.ts";
import type { NanoUsd } from "../terms/money.ts";
import type { BreakerSpec, ProviderSpec, TargetSpec } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";
import type { Usage } from "../terms/usage.ts";
import type { BreakerView, Bucket } from "../terms/view.ts";

export type { Change } from "../terms/change.ts";

/** Time, as an argument. */
export interface Clock {
  /** Wall-clock epoch milliseconds: windows, Retry-After dates, records. */
  readonly now: () => number;
  /** Milliseconds that never go back: deadlines, latencies. */
  readonly monotonic: () => number;
  /**
   * Calls back once after `ms`; the answer cancels. A pending timer may keep the process alive, as a wait for a retry
   * must: what a request sets it cancels at its end, and background work takes a clock made for it.
   */
  readonly timer: (ms: number, callback: () => void) => () => void;
}

/** A draw from `[0, 1)`. */
export type Random = () => number;

/** One attempt on its way to a provider. */
export interface ProviderCall {
  readonly provider: ProviderSpec;
  readonly target: TargetSpec;
  readonly api: Api;
  /** Query string of the caller, with its `?`, or empty. */
  readonly query: string;
  /** The body as it goes out, already spliced. */
  readonly body: string;
  readonly stream: boolean;
  /** Caller's headers that may be forwarded, lower-case names; never a credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly connectMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends attempts. One implementation speaks HTTP for every kind; `sandbox` answers in-process.
 *
 * `send` resolves at the response's headers and rejects with a {@link TransportError} where there are none. It never
 * retries and never follows a redirect.
 */
export interface Provider {
  readonly send: (call: ProviderCall) => Promise<Response>;
  readonly close?: () => Promise<void>;
}

/** Amounts to hold for one attempt, all or none. */
export interface Reservation {
  /** Unique for the attempt. */
  readonly id: string;
  /** The worst case of the attempt. */
  readonly amount: NanoUsd;
  readonly lines: readonly ReservationLine[];
  /** An unsettled reservation counts as spent from here on. Epoch milliseconds. */
  readonly leaseUntilMs: number;
}

export interface ReservationLine {
  readonly bucket: Bucket;
  readonly limit: NanoUsd;
  /** A soft line (`exceeded: warn`) is counted and never refuses. */
  readonly hard: boolean;
}

export type ReserveOutcome =
  | {
      readonly kind: "reserved";
      /** Soft lines that this reservation took past their limit. */
      readonly over: readonly string[];
    }
  | { readonly kind: "refused"; readonly ceiling: string; readonly remaining: NanoUsd };

/**
 * Keeps what was spent. Every operation is idempotent by id, and at most one of settle, release and expire resolves a
 * reservation. Reserving nothing is allowed even where a bucket is full.
 */
export interface Ledger {
  /** Settled plus reserved, as far as known here without waiting; what `resolve` reads. */
  readonly spent: (bucket: Bucket) => NanoUsd;
  readonly reserve: (reservation: Reservation, nowMs: number) => Promise<ReserveOutcome>;
  /** Replaces the reservation by what it cost, in the windows it was reserved in. */
  readonly settle: (id: string, cost: NanoUsd) => Promise<void>;
  /** Gives all of it back: nothing was sent. */
  readonly release: (id: string) => Promise<void>;
  /** Counts reservations past their lease as spent, and forgets windows long over. */
  readonly expire: (nowMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Leave to make one attempt. Exactly one of the three is called, once; later calls do nothing. */
export interface Permit {
  /** It is the one probe of a breaker that is open or half-open: the first output answers it. */
  readonly isProbe?: true;
  readonly succeeded: () => void;
  readonly failed: () => void;
  /** The attempt said nothing about the target's health: a client error, an abort, a rate limit. */
  readonly released: () => void;
}

export interface Breakers {
  readonly view: (target: TargetId, spec: BreakerSpec) => BreakerView;
  /** `undefined` where the breaker is open or its one probe is out. */
  readonly permit: (target: TargetId, spec: BreakerSpec) => Permit | undefined;
  /** A probe of an open breaker (the panic rule), at most one a second for each target. */
  readonly probe: (target: TargetId, spec: BreakerSpec) => Permit | undefined;
  readonly close: () => void;
}

/** Why an attempt failed, classified. */
export interface Failure {
  readonly class: FailureClass;
  /** One line in our own words; no secret, no text of the provider. */
  readonly message: string;
  /** The provider's status, where it answered. */
  readonly status?: number;
  /** How long the provider asked us to wait. */
  readonly retryAfterMs?: number;
  /** Whether another try at the same target can help. */
  readonly retryable: boolean;
  /** The caller's own tools brought it about: it says nothing of the target's health. */
  readonly blameless?: true;
  /** The member of the body that the provider finds wrong, where it says so. */
  readonly member?: string;
  /** How long the target should rest, where the failure holds it. */
  readonly holdMs?: number;
  /** The provider's own answer, for `invalid_request` and its like, where the caller should read it. */
  readonly answer?: {
    readonly status: number;
    readonly contentType: string;
    readonly body: string;
  };
  readonly cause?: unknown;
}

/** What an attempt is billed, as far as it is known when it ends. */
export type Billing =
  /** Nothing reached the provider: the reservation is released. */
  | { readonly kind: "nothing" }
  /** Something did and nobody says what it cost: the reservation is the cost. */
  | { readonly kind: "unknown" }
  | { readonly kind: "usage"; readonly usage: Usage };

/** How one attempt ended; the last word on it. */
export type AttemptEnd =
  | { readonly kind: "ok"; readonly billing: Billing }
  | { readonly kind: "failed"; readonly failure: Failure; readonly billing: Billing };

/** One attempt as it is reported. */
export interface AttemptRecord {
  readonly number: number;
  readonly target: TargetId;
  readonly outcome: "ok" | FailureClass;
  readonly message?: string;
  readonly status?: number;
  readonly startedMs: number;
  readonly elapsedMs: number;
  readonly firstOutputMs?: number;
  readonly reserved?: NanoUsd;
  readonly cost?: NanoUsd;
  readonly usage?: Usage;
  readonly changed: readonly Change[];
}

/** What happened in a request, told as it happens. */
export type RunEvent =
  | {
      readonly kind: "decision";
      readonly requestId: string;
      readonly atMs: number;
      readonly decision: Decision;
    }
  | {
      readonly kind: "skip";
      readonly requestId: string;
      readonly target: TargetId;
      readonly because: string;
      readonly detail: string;
    }
  | { readonly kind: "attempt"; readonly requestId: string; readonly attempt: AttemptRecord }
  | {
      readonly kind: "finished";
      readonly requestId: string;
      readonly outcome: "ok" | string;
      readonly cost: NanoUsd;
      readonly attempts: number;
      readonly elapsedMs: number;
    }
  | {
      readonly kind: "alert";
      readonly requestId: string;
      readonly alert: string;
      readonly target?: TargetId;
      readonly detail: string;
    };

/** Listens; must not throw and must not wait. */
export type Observer = (event: RunEvent) => void;
