import type { Linked } from "../resolve/link.ts";
import type { AdmitSpec, ChainSpec, Condition } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";
import { ableCondition, stateKeepers, willingCondition } from "./able.ts";
import { intersections } from "./box.ts";
import type { Ground } from "./ground.ts";
import { type NamedPart, strangersTo } from "./open-set.ts";
import {
  isHard,
  mayCount,
  type OpenProspect,
  type Prospect,
  type WrittenProspect,
} from "./plan.ts";
import { type Attempt, costOf, refusedBoxes, type Size, withClasses } from "./refused.ts";
import { coversOf } from "./regions.ts";
import type { Cover } from "./witness.ts";

/** The attempt at a target that the policy writes out. */
export function attemptOf(linked: Linked, { chain, entry }: WrittenProspect): Attempt | undefined {
  const target = linked.target(entry.target);
  return target && { chain, entry, target };
}

/** What written targets are able to serve, as conditions; one object for each, so that it is encoded once. */
export interface Abilities {
  /**
   * The requests that a target is not known to be unable to serve.
   *
   * @param first the chain whose first target keeps the state of requests
   */
  readonly of: (prospect: WrittenProspect, first: ChainSpec) => Ability | undefined;
  /** Every condition asked for so far. */
  readonly all: () => readonly Condition[];
}

/** What a target can serve; `willing` counts requests of any length, for a window can be lifted. */
export interface Ability {
  readonly able: Condition;
  readonly willing: Condition;
}

/** Remembers the conditions that it gives. */
export function abilitiesOf(linked: Linked): Abilities {
  const known = new Map<string, Ability>();
  return {
    of: (prospect, first) => {
      const target = linked.target(prospect.entry.target);
      if (!target) return undefined;
      const keeps = stateKeepers(first)?.has(target.provider.name) ?? true;
      const key = `${keeps} ${prospect.entry.target}`;
      const ability = known.get(key) ?? {
        able: ableCondition(target.provider, target.spec, keeps),
        willing: willingCondition(target.provider, target.spec, keeps),
      };
      known.set(key, ability);
      return ability;
    },
    all: () => [...known.values()].flatMap(({ able, willing }) => [able, willing]),
  };
}

/** The requests that hard ceilings keep from a target whatever has been spent, as covers. */
export function refusedCovers(
  ground: Ground,
  prospect: Prospect,
  attempt: Attempt,
  unpricedOnly = false,
): readonly Cover[] {
  const hard = ground.program.ceilings.filter(
    (ceiling) => isHard(ceiling) && mayCount(ceiling, prospect),
  );
  return coversOf(
    hard.flatMap((ceiling) => refusedBoxes(ground, attempt, ceiling, { unpricedOnly })),
  );
}

/**
 * The requests for which hard ceilings keep from a target that the caller names, because nobody knows its price, as
 * covers. Of names that are not listed nothing is claimed where the catalog has prices that may be taken for theirs.
 */
export function unpricedCovers(
  ground: Ground,
  { chain, admit }: OpenProspect,
  { names, prefix }: Pick<NamedPart, "names" | "prefix">,
): readonly Cover[] {
  const { linked } = ground;
  const kind = linked.program.providers[admit.provider]?.kind ?? "";
  if (!names && linked.catalog.models(kind).length > 0) return [];
  const ids = names?.map((name) => prefix + name) ?? strangersTo(linked, admit);
  const boxes = linked.ceilings.flatMap(({ spec, admits }) => {
    if (!isHard(spec)) return [];
    const unpriced = ids.filter(
      (id) => admits(id as TargetId) && isUnpriced(linked, chain, admit, id),
    );
    if (unpriced.length === 0 || (!names && unpriced.length < ids.length)) return [];
    const texts = new Set(unpriced.map((id) => id.slice(prefix.length)));
    const models = ground.space.fields.find(({ field }) => field === "model")?.classes;
    const isNamed = (index: number) => texts.has(String(models?.[index]?.value));
    const { everything } = ground;
    const box = names ? withClasses(ground, everything, "model", isNamed) : everything;
    return intersections(ground.boxesOf(spec.when) ?? [], [box]);
  });
  return coversOf(boxes);
}

/** Any request at all, but one of a size that costs something. */
const someSize: Size = {
  api: "chat",
  inputTokens: 1,
  inputTokensAtMost: 1,
  outputTokens: 1,
  answers: 1,
};

function isUnpriced(linked: Linked, chain: ChainSpec, admit: AdmitSpec, id: string): boolean {
  const target = linked.target(id as TargetId);
  if (!target) return false;
  const entry = { target: target.spec.id, settings: admit.settings };
  return costOf({ chain, entry, target }, someSize) === undefined;
}
