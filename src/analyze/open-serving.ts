import type { Linked } from "../resolve/link.ts";
import type { Condition } from "../terms/program.ts";
import { splitTarget, targetId } from "../terms/target.ts";
import { ableCondition, listed } from "./able.ts";
import { namedParts } from "./open-set.ts";
import type { OpenProspect } from "./plan.ts";

/** Requests that name a target which is not known to be unable to serve them. */
export interface ServingPart {
  readonly when: Condition;
  readonly prefix: string;
  readonly names?: readonly string[];
}

/** A name that no catalog has: what is known of it is what is known of any name. */
const unheardOf = "no-such-model";

/** Lists what the caller may name for one glob of a `requested` step, each name with what it is able to serve. */
export function servingParts(linked: Linked, prospect: OpenProspect): readonly ServingPart[] {
  const { provider } = prospect.admit;
  return namedParts(linked, prospect).flatMap(
    ({ when, prefix, names, mayBeNothing }): ServingPart[] => {
      if (mayBeNothing) return [];
      if (!names) {
        const able = ableFields(linked, targetId(provider, unheardOf));
        return [{ when: { fields: [...when.fields, ...able] }, prefix }];
      }
      return alike(linked, prefix, names).map(({ able, names: same }) => ({
        when: { fields: [listed("model", same), ...able] },
        prefix,
        names: same,
      }));
    },
  );
}

/** Groups names of which the same is known. */
function alike(linked: Linked, prefix: string, names: readonly string[]) {
  const groups = new Map<string, { able: Condition["fields"]; names: string[] }>();
  for (const name of names) {
    const able = ableFields(linked, prefix + name);
    const key = JSON.stringify(able);
    const group = groups.get(key) ?? { able, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function ableFields(linked: Linked, id: string): Condition["fields"] {
  const parts = splitTarget(id);
  const target = parts && linked.target(targetId(parts.provider, parts.model));
  return target ? ableCondition(target.provider, target.spec, true).fields : [];
}
