import type { Box } from "../resolve/classes/class-space.ts";
import { splitTarget, type TargetId, targetId } from "../terms/target.ts";
import { intersections } from "./box.ts";
import type { Ground } from "./ground.ts";
import { type NamedPart, strangersTo } from "./open-set.ts";
import { isHard, type OpenProspect } from "./plan.ts";
import { type Asked, type Attempt, refusedBoxes, withClasses } from "./refused.ts";
import { coversOf } from "./regions.ts";
import type { Cover } from "./witness.ts";

/**
 * The requests for which hard ceilings keep from a target that the caller names whatever has been spent, as covers. Of
 * names that are not listed nothing is claimed where the catalog has prices that may be taken for theirs.
 */
export function openRefused(
  ground: Ground,
  prospect: OpenProspect,
  { names, prefix }: Pick<NamedPart, "names" | "prefix">,
  asked: Asked = {},
): readonly Cover[] {
  const { linked, everything } = ground;
  if (names) {
    const groups = alike(ground, prospect, names, prefix);
    return coversOf(
      groups.flatMap(({ attempt, texts }) => {
        const models = ground.space.fields.find(({ field }) => field === "model")?.classes;
        const isNamed = (index: number) => texts.has(String(models?.[index]?.value));
        const named = withClasses(ground, everything, "model", isNamed);
        return intersections(refusedOf(ground, attempt, asked), [named]);
      }),
    );
  }
  const kind = linked.program.providers[prospect.admit.provider]?.kind ?? "";
  if (linked.catalog.models(kind).length > 0) return [];
  const each = strangersTo(linked, prospect.admit).map((id) => {
    const attempt = attemptAt(ground, prospect, id);
    return attempt ? refusedOf(ground, attempt, asked) : [];
  });
  return coversOf(each.reduce(intersections, [everything]));
}

/** What any hard ceiling that counts an attempt refuses of it. */
function refusedOf(ground: Ground, attempt: Attempt, asked: Asked): readonly Box[] {
  return ground.linked.ceilings.flatMap(({ spec, admits }) =>
    isHard(spec) && admits(attempt.entry.target) ? refusedBoxes(ground, attempt, spec, asked) : [],
  );
}

function attemptAt(
  { linked }: Ground,
  { chain, admit }: OpenProspect,
  id: string,
): Attempt | undefined {
  const parts = splitTarget(id);
  const target = parts && linked.target(targetId(parts.provider, parts.model));
  return target && { chain, entry: { target: id as TargetId, settings: admit.settings }, target };
}

/** Names whose attempts cost the same and are counted by the same ceilings. */
function alike(
  ground: Ground,
  prospect: OpenProspect,
  names: readonly string[],
  prefix: string,
): readonly { readonly attempt: Attempt; readonly texts: ReadonlySet<string> }[] {
  const groups = new Map<string, { attempt: Attempt; texts: Set<string> }>();
  for (const name of names) {
    const attempt = attemptAt(ground, prospect, prefix + name);
    if (!attempt) continue;
    const { price, window, maxOutput } = attempt.target.spec;
    const counting = ground.linked.ceilings.map(({ admits }) => admits(attempt.entry.target));
    const key = JSON.stringify([price, window, maxOutput, counting]);
    const group = groups.get(key) ?? { attempt, texts: new Set<string>() };
    group.texts.add(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}
