import type { Linked } from "../resolve/link.ts";
import type { Condition } from "../terms/program.ts";
import { splitTarget, targetId } from "../terms/target.ts";
import { ableCondition, bothConditions, listed } from "./able.ts";
import { type NamedPart, namedParts, strangersTo } from "./open-set.ts";
import type { OpenProspect } from "./plan.ts";

/** Requests that name a target which is not known to be unable to serve them. */
export interface ServingPart {
  /** Those for which that is sure, whatever of the part is named. */
  readonly when: Condition;
  /** Those for which it is so for something of the part; the same where all of it is alike. */
  readonly maybe: Condition;
  /** The tests of the model's text in `maybe`, and those of what can be served. */
  readonly named: Condition["fields"];
  readonly able: Condition;
  readonly prefix: string;
  readonly names?: readonly string[];
  readonly mayBeNothing?: true;
}

/** Lists what the caller may name for one glob of a `requested` step, each name with what it is able to serve. */
export function servingParts(linked: Linked, prospect: OpenProspect): readonly ServingPart[] {
  return namedParts(linked, prospect).flatMap((part): readonly ServingPart[] =>
    part.names ? alike(linked, part.prefix, part.names) : [strangers(linked, prospect, part)],
  );
}

function strangers(linked: Linked, { admit }: OpenProspect, part: NamedPart): ServingPart {
  const { when: named, ...rest } = part;
  const each = strangersTo(linked, admit).map((id) => ableOf(linked, id));
  const able: Condition = { fields: [], anyOf: each };
  return {
    ...rest,
    when: each.reduce(bothConditions, named),
    maybe: bothConditions(named, able),
    named: named.fields,
    able,
  };
}

/** Groups names of which the same is known. */
function alike(linked: Linked, prefix: string, names: readonly string[]): readonly ServingPart[] {
  const groups = new Map<string, { able: Condition; names: string[] }>();
  for (const name of names) {
    const able = ableOf(linked, prefix + name);
    const key = JSON.stringify(able);
    const group = groups.get(key) ?? { able, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => {
    const named = [listed("model", group.names)];
    const when = bothConditions({ fields: named }, group.able);
    return { when, maybe: when, named, able: group.able, prefix, names: group.names };
  });
}

function ableOf(linked: Linked, id: string): Condition {
  const parts = splitTarget(id);
  const target = parts && linked.target(targetId(parts.provider, parts.model));
  return target ? ableCondition(target.provider, target.spec, true) : { fields: [] };
}
