import type { AttributeValue, Facts } from "../terms/facts.ts";
import type { CeilingSpec } from "../terms/program.ts";
import type { Bucket, View } from "../terms/view.ts";
import { readerOf } from "./condition.ts";
import { fieldLabel } from "./failing.ts";
import type { Linked, LinkedCeiling } from "./link.ts";

/** A ceiling whose `match` admits the request, with the bucket that the request is counted in. */
export interface MetCeiling {
  readonly ceiling: LinkedCeiling;
  readonly bucket: Bucket;
}

/** The ceilings that a request meets at this moment, in file order, whatever target it goes to. */
export function metCeilings(linked: Linked, facts: Facts, view: View): readonly MetCeiling[] {
  const met: MetCeiling[] = [];
  const minute = linked.minuteOfWeek(view.nowMs);
  for (const ceiling of linked.ceilings) {
    if (ceiling.matches(facts, minute)) {
      met.push({ ceiling, bucket: bucketOf(linked, ceiling, facts, view) });
    }
  }
  return met;
}

function bucketOf(linked: Linked, ceiling: LinkedCeiling, facts: Facts, view: View): Bucket {
  const { spec } = ceiling;
  const name = ceiling.bucketName(facts);
  if (spec.per === "request") {
    const startMs = view.nowMs;
    return {
      ceiling: spec.name,
      name,
      key: `${name}#${view.requestId}`,
      startMs,
      endMs: startMs + linked.longestRequestMs,
    };
  }
  const { startMs, endMs } = linked.window(spec.per, view.nowMs);
  return { ceiling: spec.name, name, key: `${name}@${startMs}`, startMs, endMs };
}

/** `user-month{project=research,user=ann}`, the values in the order of `each`; an absent one is `(none)`. */
export function bucketName(spec: CeilingSpec, facts: Facts): string {
  return bucketNamer(spec)(facts);
}

/** {@link bucketName} of one ceiling, made ready. */
export function bucketNamer(spec: CeilingSpec): (facts: Facts) => string {
  const { name } = spec;
  if (spec.each.length === 0) return () => name;
  const parts = spec.each.map((field) => ({ label: fieldLabel(field), read: readerOf(field) }));
  return (facts) => {
    let values = "";
    for (const { label, read } of parts) {
      values += `${values === "" ? "" : ","}${label}=${valueName(read(facts))}`;
    }
    return `${name}{${values}}`;
  };
}

/** A value that could be mistaken for the name's own punctuation, or for `(none)`, is written as a JSON string. */
function valueName(value: AttributeValue | undefined): string {
  if (value === undefined) return "(none)";
  if (typeof value !== "string") return String(value);
  return /^[\w.@:/+-]{1,128}$/.test(value) ? value : JSON.stringify(value);
}
