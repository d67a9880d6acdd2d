import type { AttributeValue, Facts } from "../terms/facts.ts";
import type { CeilingSpec } from "../terms/program.ts";
import type { Bucket, View } from "../terms/view.ts";
import { readerOf } from "./condition.ts";
import type { Linked, LinkedCeiling } from "./link.ts";

/** A ceiling whose `match` admits the request, with the bucket that the request is counted in. */
export interface MetCeiling {
  readonly ceiling: LinkedCeiling;
  readonly bucket: Bucket;
}

/** A per-request bucket is kept a day: far longer than any request, so that no store has to be told its end. */
const requestBucketMs = 86_400_000;

/** The ceilings that a request meets at this moment, in file order, whatever target it goes to. */
export function metCeilings(linked: Linked, facts: Facts, view: View): readonly MetCeiling[] {
  const met: MetCeiling[] = [];
  const minute = linked.minuteOfWeek(view.nowMs);
  for (const ceiling of linked.ceilings) {
    if (ceiling.matches(facts, minute)) {
      met.push({ ceiling, bucket: bucketOf(linked, ceiling.spec, facts, view) });
    }
  }
  return met;
}

function bucketOf(linked: Linked, spec: CeilingSpec, facts: Facts, view: View): Bucket {
  const name = bucketName(spec, facts);
  if (spec.per === "request") {
    const startMs = view.nowMs;
    return {
      ceiling: spec.name,
      name,
      key: `${name}#${view.requestId}`,
      startMs,
      endMs: startMs + requestBucketMs,
    };
  }
  const window = linked.window(spec.per, view.nowMs);
  return { ceiling: spec.name, name, key: `${name}@${window.startMs}`, ...window };
}

/** `user-month{project=research,user=ann}`, the values in the order of `each`; an absent one is `(none)`. */
export function bucketName(spec: CeilingSpec, facts: Facts): string {
  if (spec.each.length === 0) return spec.name;
  let parts = "";
  for (const field of spec.each) {
    const label = field.startsWith("attributes.") ? field.slice("attributes.".length) : field;
    parts += `${parts === "" ? "" : ","}${label}=${valueName(readerOf(field)(facts))}`;
  }
  return `${spec.name}{${parts}}`;
}

/** A value that could be mistaken for the name's own punctuation, or for `(none)`, is written as a JSON string. */
function valueName(value: AttributeValue | undefined): string {
  if (value === undefined) return "(none)";
  if (typeof value !== "string") return String(value);
  return /^[\w.@:/+-]{1,128}$/.test(value) ? value : JSON.stringify(value);
}
