import type { Linked } from "../resolve/link.ts";
import type { ChainSpec, Condition } from "../terms/program.ts";
import { ableCondition, stateKeepers, willingCondition } from "./able.ts";
import type { Ground } from "./ground.ts";
import { isHard, mayCount, type Prospect, type WrittenProspect } from "./plan.ts";
import { type Attempt, refusedBoxes } from "./refused.ts";
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
