import type { ResolveRequest } from "../../terms/facts.ts";
import type { ClassValue, FieldClasses } from "./field-classes.ts";
import { momentOf } from "./week-moment.ts";

/** A request, and where conditions mention the time a moment: its minute of the week, and in epoch milliseconds. */
export interface Sample {
  readonly request: ResolveRequest;
  readonly at?: { readonly minute: number; readonly nowMs: number };
}

/** Writes the request that lies in one class of each field; what no field says is left out. */
export function sampleRequest(
  timezone: string,
  fields: readonly FieldClasses[],
  classes: readonly number[],
): Sample {
  const members: Record<string, ClassValue> = {};
  const attributes: Record<string, ClassValue> = {};
  let minute: number | undefined;
  fields.forEach(({ field, classes: known }, at) => {
    const chosen = known[classes[at] ?? -1];
    if (!chosen) throw new TypeError(`no class ${classes[at]} of ${field}`);
    const { value } = chosen;
    if (value === undefined) return;
    if (field === "time") minute = Number(value);
    else if (field.startsWith("attributes.")) attributes[field.slice("attributes.".length)] = value;
    else members[field] = value;
  });
  const hasAttributes = Object.keys(attributes).length > 0;
  const request = { ...members, ...(hasAttributes && { attributes }) } as ResolveRequest;
  if (minute === undefined) return { request };
  return { request, at: { minute, nowMs: momentOf(timezone, minute) } };
}
