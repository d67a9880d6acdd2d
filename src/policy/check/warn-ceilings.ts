import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import { atKey, named, type Subject } from "./subject.ts";

/** Finds hard ceilings whose buckets are told apart only by what callers say of themselves. */
export function* warnEvadableCeilings(subject: Subject): Generator<Diagnostic> {
  for (const [index, ceiling] of (subject.policy.ceilings ?? []).entries()) {
    const { each = [], exceeded, per, name } = ceiling;
    const said = each.every((field) => !isOfCredential(subject, field));
    if (each.length === 0 || !said || exceeded === "warn" || per === "request") continue;
    const message = `${quote(name)} can be evaded: callers choose ${each.map(quote).join(" and ")} themselves`;
    const help = "add `project` or `key` to `each`, or a second ceiling without `each`";
    yield atKey(subject, ["ceilings", index, "each"], ["SB504", message], { help });
  }
}

/** Whether the key says it, and not the caller. */
function isOfCredential({ policy }: Subject, field: string): boolean {
  const attribute = named(policy.attributes, field);
  return field === "project" || field === "key" || attribute?.setBy === "key";
}
