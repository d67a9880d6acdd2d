import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import type { Path } from "../loaded-policy.ts";
import { atValue, type Subject, valuePlace } from "./subject.ts";

/** Finds routes, and ceilings, that have the name of another. */
export function* checkDuplicateNames(subject: Subject): Generator<Diagnostic> {
  yield* duplicates(subject, "routes", "route");
  yield* duplicates(subject, "ceilings", "ceiling");
}

function* duplicates(
  subject: Subject,
  list: "routes" | "ceilings",
  what: string,
): Generator<Diagnostic> {
  const first = new Map<string, Path>();
  for (const [index, { name }] of (subject.policy[list] ?? []).entries()) {
    const path = [list, index, "name"];
    const earlier = first.get(name);
    if (!earlier) first.set(name, path);
    else {
      const related = [{ ...valuePlace(subject, earlier), message: "first used here" }];
      yield atValue(subject, path, ["SB209", `another ${what} is named ${quote(name)}`], {
        related,
      });
    }
  }
}
