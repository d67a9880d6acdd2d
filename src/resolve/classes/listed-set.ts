import type { Test } from "../../terms/program.ts";
import {
  addClass,
  allClasses,
  type ClassSet,
  classesLess,
  dropClass,
  noClasses,
} from "./class-set.ts";

/**
 * The classes that an `in` test holds for, once its listed values are known.
 *
 * @param count of the field's classes
 * @param absent the class of the missing value, where the field has one
 * @param addListed adds the classes of the values and globs that the test lists
 */
export function listedSet(
  count: number,
  absent: number | undefined,
  test: Extract<Test, { kind: "in" }>,
  addListed: (set: ClassSet) => void,
): ClassSet {
  const set = test.present ? allClasses(count) : noClasses(count);
  addListed(set);
  if (absent !== undefined) (test.absent ? addClass : dropClass)(set, absent);
  return test.not ? classesLess(allClasses(count), set) : set;
}
