import type {
  Chain,
  ChainBlock,
  FieldTest,
  NeedsTest,
  NotTest,
  RangeTest,
  Step,
  TimeTest,
} from "./policy.generated.ts";

/** A chain as a block, whichever way it was written: a bare list is `steps`. */
export function chainBlock(chain: Chain): ChainBlock {
  return Array.isArray(chain) ? { steps: chain } : chain;
}

/** What a step is, with the string form opened up. */
export type StepShape = "target" | "chain" | "requested" | "group";

/** Tells the forms of a step apart; a string is a target. */
export function stepShape(step: Step): StepShape {
  if (typeof step === "string" || "target" in step) return "target";
  if ("chain" in step) return "chain";
  return "requested" in step ? "requested" : "group";
}

/** A value or a list of values, as a list. */
export function listOf<T extends string | number | boolean>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

export type Scalar = string | number | boolean;

/** A field test with its form named. */
export type TestShape =
  | { readonly kind: "in"; readonly values: readonly Scalar[]; readonly not: boolean }
  | { readonly kind: "range"; readonly range: RangeTest }
  | { readonly kind: "needs"; readonly needs: NeedsTest }
  | { readonly kind: "time"; readonly time: TimeTest };

const rangeKeys = ["gte", "gt", "lte", "lt"];

/** Tells the forms of a field test apart; `{ not }` and plain values become one. */
export function testShape(test: FieldTest): TestShape {
  if (typeof test !== "object" || Array.isArray(test)) {
    return { kind: "in", values: listOf<Scalar>(test), not: false };
  }
  if ("not" in test)
    return { kind: "in", values: listOf<Scalar>((test as NotTest).not), not: true };
  if (Object.keys(test).some((key) => rangeKeys.includes(key)))
    return { kind: "range", range: test as RangeTest };
  if ("days" in test || "hours" in test) return { kind: "time", time: test as TimeTest };
  return { kind: "needs", needs: test as NeedsTest };
}
