import type { Given } from "../resolve/fixed-view.ts";
import type { ResolveRequest } from "../terms/facts.ts";
import type { Because, FailureClass } from "../terms/failure-class.ts";
import type { NanoUsd } from "../terms/money.ts";

/** One test of a policy, read. */
export interface PolicyTest {
  readonly name: string;
  /** Its place in the file, from 0. */
  readonly index: number;
  readonly request: ResolveRequest;
  readonly given: TestWorld;
  readonly expect: Expectation;
}

/** How an attempt ends. */
export type AttemptWord = "ok" | FailureClass;

/** The state of the world that a test gives; it lasts as long as the test. */
export interface TestWorld extends Given {
  readonly nowMs: number;
  readonly draw: number;
  /** What each attempt at a target ends in, in their order; later ones are `ok`. */
  readonly faults: ReadonlyMap<string, readonly AttemptWord[]>;
}

/** What must become of the request; a member that is missing may be anything, but `denied` is then: not. */
export interface Expectation {
  readonly route?: string;
  readonly chain?: string;
  readonly target?: string;
  readonly plan?: readonly string[];
  /** How many attempts, or each as `provider:model outcome`. */
  readonly attempts?: number | readonly string[];
  readonly skipped?: Readonly<Record<string, Because>>;
  readonly denied?: Because;
  readonly cost?: CostBound;
}

export interface CostBound {
  readonly kind: "exactly" | "at most";
  readonly nano: NanoUsd;
}

/** Monday, 5 January 2026, 12:00 UTC: the moment of a test that gives none, so that no test hangs on the day it is run. */
export const defaultMomentMs = Date.UTC(2026, 0, 5, 12);
