import type { Match, FieldTest as WrittenTest } from "../policy/policy.generated.ts";
import { testShape } from "../policy/shapes.ts";
import { builtInFields } from "../terms/condition.ts";
import { isGlob } from "../terms/glob.ts";
import type { Condition, FieldName, FieldTest, Test } from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";
import { quantity } from "./quantities.ts";
import { weekWindows } from "./week-windows.ts";

function isBuiltIn(written: string): written is (typeof builtInFields)[number] {
  return builtInFields.some((field) => field === written);
}

/** The name of a field as the Program has it: attributes are set apart, so that no name can be mistaken. */
export function fieldName(written: string): FieldName {
  return isBuiltIn(written) ? written : `attributes.${written}`;
}

/** Compiles a match block; no block, or an empty one, holds for every request. */
export function compileMatch(match: Match | undefined): Condition {
  const fields: FieldTest[] = [];
  let anyOf: readonly Condition[] | undefined;
  for (const [field, test] of Object.entries(match ?? {})) {
    if (test === undefined) continue;
    if (field === "anyOf") anyOf = (test as readonly Match[]).map(compileMatch);
    else fields.push({ field: fieldName(field), test: compileTest(test as WrittenTest) });
  }
  return { fields, ...(anyOf && { anyOf }) };
}

function compileTest(written: WrittenTest): Test {
  const shape = testShape(written);
  switch (shape.kind) {
    case "in": {
      const globs = shape.values.filter((value) => typeof value === "string" && isGlob(value));
      const values = shape.values.filter(
        (value) => !globs.includes(value) && value !== "present" && value !== "absent",
      );
      const present = shape.values.includes("present");
      const absent = shape.values.includes("absent");
      return { kind: "in", values, globs: globs.map(String), present, absent, not: shape.not };
    }
    case "range": {
      // A number attribute may be negative or a fraction, which no size is.
      const bounds = Object.entries(shape.range).map(([key, bound]) => [
        key,
        typeof bound === "number" ? bound : quantity.size(bound),
      ]);
      return { kind: "range", ...Object.fromEntries(bounds) };
    }
    case "needs": {
      const { all = [], any = [], none = [] } = shape.needs;
      return { kind: "needs", all, any, none };
    }
    case "time":
      return { kind: "time", windows: weekWindows(shape.time) };
    default:
      return unreachable(shape);
  }
}
