import type { Need } from "./api.ts";
import type { Because } from "./failure-class.ts";
import type { NanoUsd } from "./money.ts";
import type { AttemptSettings } from "./program.ts";
import type { TargetId } from "./target.ts";

/** What the policy says about one request, seen against one state of the world. */
export type Decision = RouteDecision | DenyDecision;

export interface RouteDecision {
  readonly kind: "route";
  readonly route: string;
  readonly chain: string;
  /** Targets in the order they are tried; `run` may skip some, and never adds one. */
  readonly plan: readonly PlanEntry[];
  readonly skipped: readonly Skip[];
  /** The ceilings that this request meets, in file order. */
  readonly ceilings: readonly CeilingView[];
  readonly revision: string;
}

export interface DenyDecision {
  readonly kind: "deny";
  /** The route that matched; missing when none did. */
  readonly route?: string;
  /** The class of the last skip, where every target was skipped. */
  readonly because: Because;
  /** One line for people. */
  readonly detail: string;
  readonly skipped: readonly Skip[];
  readonly revision: string;
}

export interface PlanEntry {
  readonly target: TargetId;
  /** The most that one attempt can cost; `undefined` where the price or the output limit is unknown. */
  readonly worstCost?: NanoUsd | undefined;
  /** The output limit of the attempt in tokens, as it is sent; `undefined` where nothing bounds it. */
  readonly maxOutputTokens?: number | undefined;
  /** Eligible only after one of these ceilings has refused the request (`exceeded: { use }`). */
  readonly after?: readonly string[] | undefined;
  /** Needs of the request that nobody knows whether the target meets; it is tried all the same. */
  readonly unknown?: readonly Need[] | undefined;
  readonly settings: AttemptSettings;
}

export interface Skip {
  readonly target: TargetId;
  readonly because: Because;
  /** One line for people: what was needed and what was found. */
  readonly detail: string;
  /** The ceiling that refused, where one did. */
  readonly ceiling?: string;
  /** When the reason ends, in epoch milliseconds, where that is known. */
  readonly untilMs?: number;
}

export interface CeilingView {
  readonly name: string;
  /** The bucket as people write it. */
  readonly bucket: string;
  readonly remaining: NanoUsd;
}
