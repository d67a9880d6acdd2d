import type { Change } from "../terms/change.ts";
import type { Facts } from "../terms/facts.ts";
import type { JsonObject } from "../terms/json.ts";
import type { TargetId } from "../terms/target.ts";
import type { Usage } from "../terms/usage.ts";
import type { BreakerView, Hold } from "../terms/view.ts";

/**
 * One decision with all that it rested on, and what came of it: plain JSON, one line of a decision log. Made again from
 * `facts` and `view` under the policy of `revision`, the decision is the same to the last bit.
 *
 * It holds no key, and nothing of what was asked or answered; it does hold who asked (`facts.user` and its like). Money
 * is a decimal string of dollars. What is unknown is `null` or left out, never 0.
 */
export interface DecisionRecord {
  readonly format: 1;
  readonly requestId: string;
  /** The moment of the decision, in UTC: `2026-11-22T09:00:00.000Z`. */
  readonly at: string;
  /** Of the Program that decided. */
  readonly revision: string;
  readonly facts: Facts;
  readonly view: ViewRecord;
  /** As `decisionJson` writes it. */
  readonly decision: JsonObject;
  /** Targets passed over after the decision, when their turn came. */
  readonly passed: readonly RecordedPass[];
  /** Oldest first. */
  readonly attempts: readonly RecordedAttempt[];
  /** What all attempts cost together; `null` where that of any is not known. */
  readonly cost: string | null;
  /** `ok`, or the code of the error that the caller got. */
  readonly outcome: string;
}

/** What a decision read of the world, and nothing else. */
export interface ViewRecord {
  readonly nowMs: number;
  readonly draw: number;
  readonly breakers: Readonly<Record<TargetId, BreakerView>>;
  /** `null` is a target that was not held. */
  readonly holds: Readonly<Record<TargetId, Hold | null>>;
  /** By the key that a ledger keeps a bucket under. */
  readonly spent: Readonly<Record<string, { readonly name: string; readonly usd: string }>>;
  /** `null` is a target that nothing had been measured of. */
  readonly firstOutputMs: Readonly<Record<TargetId, number | null>>;
  /** By provider. */
  readonly hasCredential: Readonly<Record<string, boolean>>;
}

export interface RecordedPass {
  readonly target: TargetId;
  readonly because: string;
  readonly detail: string;
}

export interface RecordedAttempt {
  readonly number: number;
  readonly target: TargetId;
  /** `ok` or a failure class. */
  readonly outcome: string;
  readonly status?: number;
  readonly startedMs: number;
  readonly elapsedMs: number;
  readonly firstOutputMs?: number;
  /** The worst case that was held for it. */
  readonly reserved?: string;
  readonly cost?: string;
  readonly usage?: RecordedUsage;
  /** Members of the body that left in another form than the caller wrote them. */
  readonly changed: readonly Change[];
}

/** Token counts as the provider reported them; its own words are not kept. */
export type RecordedUsage = Omit<Usage, "raw" | "reportedCost"> & {
  readonly reportedCost?: string;
};
