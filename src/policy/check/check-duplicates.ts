import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import type { Path } from "../loaded-policy.ts";
import { atValue, type Subject, valuePlace } from "./subject.ts";

/** Finds routes, ceilings, keys and promises that have the name of another. */
export function* checkDuplicateNames(subject: Subject): Generator<Diagnostic> {
  yield* duplicates(subject, "routes", "route");
  yield* duplicates(subject, "ceilings", "ceiling");
  yield* duplicates(subject, "keys", "key");
  yield* duplicates(subject, "assert", "promise");
}

function* duplicates(
  subject: Subject,
  list: "routes" | "ceilings" | "keys" | "assert",
  what: string,
): Generator<Diagnostic> {
  const first = new Map<string, Path>();
  for (const [index, entry] of (subject.policy[list] ?? []).entries()) {
    const member = "promise" in entry ? "promise" : "name";
    const name = "promise" in entry ? entry.promise : entry.name;
    const path = [list, index, member];
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
