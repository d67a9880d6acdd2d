import type { Need } from "../../terms/api.ts";
import type { AttributeValue, Facts } from "../../terms/facts.ts";
import type { FieldName, Test } from "../../terms/program.ts";
import type { ClassSet } from "./class-set.ts";

/**
 * What a field holds in one of its classes: a value that lies in it, the needs of a request, the minute of the week for
 * `time`, or `undefined` where the field is absent.
 */
export type ClassValue = AttributeValue | readonly Need[] | undefined;

/** Values of a field that no condition tells apart. */
export interface FieldClass {
  /** For people: `gpt-4o`, `like gpt-* and *-mini`, `at least 150000`, `any other`, `absent`. */
  readonly label: string;
  /** A value in the class; any other in it is treated the same by every condition. */
  readonly value: ClassValue;
}

/** How the conditions split the values of one field. Every value lies in exactly one class, and none is empty. */
export interface FieldClasses {
  readonly field: FieldName;
  readonly classes: readonly FieldClass[];
  /** The class that a request lies in at a minute of the week. */
  readonly classOf: (facts: Facts, minute: number) => number;
  /**
   * The classes that a test holds for.
   *
   * @returns `undefined` where the test rests on globs too many to keep apart
   */
  readonly admitted: (test: Test) => ClassSet | undefined;
}

/** For each field the classes admitted; `undefined` is all of them. No set is empty. Sets are shared: never written. */
export type Box = readonly (ClassSet | undefined)[];
