import type { AttributeValue } from "../../terms/facts.ts";
import type { FieldName } from "../../terms/program.ts";
import { readerOf, valueTest } from "../condition.ts";
import { addClass, noClasses } from "./class-set.ts";
import type { FieldClass, FieldClasses } from "./field-classes.ts";

/** The classes of a field whose values are all known: each value, then `absent` where the field may be. */
export function closedClasses(
  field: FieldName,
  values: readonly AttributeValue[],
  mayBeAbsent: boolean,
): FieldClasses {
  const classes: FieldClass[] = values.map((value) => ({ label: String(value), value }));
  if (mayBeAbsent) classes.push({ label: "absent", value: undefined });
  const indexes = new Map<AttributeValue | undefined, number>(
    [...values, ...(mayBeAbsent ? [undefined] : [])].map((value, at) => [value, at]),
  );
  const read = readerOf(field);
  return {
    field,
    classes,
    classOf: (facts) => {
      const index = indexes.get(read(facts));
      if (index === undefined) throw new TypeError(`facts whose ${field} the policy does not know`);
      return index;
    },
    admitted: (test) => {
      const holds = valueTest(test);
      const set = noClasses(classes.length);
      for (const [value, index] of indexes) if (holds(value)) addClass(set, index);
      return set;
    },
  };
}
