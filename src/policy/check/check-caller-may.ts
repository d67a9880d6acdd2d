import type { KindSpec } from "../../catalog/catalog.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { describeValue, quote } from "../../diagnostics/quote.ts";
import { atValue, named, type Subject } from "./subject.ts";

/** Finds members under `callerMay` by which nobody could steer that kind of provider. */
export function* checkCallerMay(subject: Subject): Generator<Diagnostic> {
  for (const [name, provider] of Object.entries(subject.policy.providers)) {
    const kind = named(subject.kinds, provider.kind);
    if (provider.kind === "sandbox" || !kind) continue;
    const known = steeringOf(kind);
    for (const [at, member] of (provider.callerMay ?? []).entries()) {
      if (known.includes(member)) continue;
      const message = `expected a member that steers ${quote(kind.kind)}, found ${describeValue(member)}`;
      const near = nearest(member, known);
      const help = near === undefined ? choices(known) : `did you mean ${quote(near)}?`;
      yield atValue(subject, ["providers", name, "callerMay", at], ["SB104", message], { help });
    }
  }
}

/** What a kind may be steered by: members of the body, and suffixes of the model's name. */
function steeringOf({ steering, steeringSuffixes }: KindSpec): readonly string[] {
  return [...steering.map(({ member }) => member), ...steeringSuffixes];
}

const mostListed = 12;

function choices(known: readonly string[]): string | undefined {
  if (known.length === 0) return "nothing steers it: leave `callerMay` out";
  const rest = known.length > mostListed ? ` and ${known.length - mostListed} more` : "";
  return `known are ${known.slice(0, mostListed).map(quote).join(", ")}${rest}`;
}
