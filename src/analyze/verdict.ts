import type { TargetId } from "../terms/target.ts";
import type { Evidence } from "./evidence.ts";

/** What is known of a promise. */
export type Verdict =
  | {
      readonly kind: "proved";
      /** Providers that pass calls on, and on whose labels the proof rests without anybody vouching for them. */
      readonly trusting?: readonly string[];
      /** What is known of requests out of the ordinary that may break it: many answers, a body that is hardly text. */
      readonly beyond?: Refutation | Undecided;
    }
  | Refutation
  | Undecided;

export interface Undecided {
  readonly kind: "undecided";
  /** The route at which the search ended. */
  readonly route?: number;
  readonly because: string;
}

/** A request that breaks a promise. */
export interface Refutation {
  readonly kind: "refuted";
  readonly evidence: Evidence;
  /** The index of the route that it meets; missing where it meets none. */
  readonly route?: number;
  /** The target that is tried, where one breaks the promise. */
  readonly target?: TargetId;
  /** What happens, in a few words. */
  readonly detail: string;
}

export const proved: Verdict = { kind: "proved" };
