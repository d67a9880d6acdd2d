import type { Need } from "./api.ts";
import type { AttributeValue } from "./facts.ts";

/** Holds when every field test holds and, if `anyOf` is there, at least one of its conditions. Nothing at all holds. */
export interface Condition {
  readonly fields: readonly FieldTest[];
  readonly anyOf?: readonly Condition[];
}

/** The fields that every policy can test; attributes are those that a policy declares. */
export const builtInFields = [
  "model",
  "api",
  "stream",
  "needs",
  "inputTokens",
  "outputTokens",
  "project",
  "user",
  "key",
  "time",
] as const;

export type FieldName = (typeof builtInFields)[number] | `attributes.${string}`;

export interface FieldTest {
  readonly field: FieldName;
  readonly test: Test;
}

export type Test =
  /** The value is listed, or a glob admits it, or it is there (`present`), or it is missing (`absent`). */
  | {
      readonly kind: "in";
      readonly values: readonly AttributeValue[];
      readonly globs: readonly string[];
      readonly present: boolean;
      readonly absent: boolean;
      /** Turns the whole answer round; a missing value then holds. */
      readonly not: boolean;
    }
  /** The value is there, is a number, and lies within every bound. */
  | {
      readonly kind: "range";
      readonly gte?: number;
      readonly gt?: number;
      readonly lte?: number;
      readonly lt?: number;
    }
  /** The moment lies in one of the windows. */
  | { readonly kind: "time"; readonly windows: readonly WeekWindow[] }
  | {
      readonly kind: "needs";
      readonly all: readonly Need[];
      readonly any: readonly Need[];
      readonly none: readonly Need[];
    };

/**
 * A stretch `[from, to)` of the week in the policy's time zone, in minutes from Monday 00:00; within 0 to 10,080. What
 * goes over the end of the week is two windows.
 */
export interface WeekWindow {
  readonly from: number;
  readonly to: number;
}
