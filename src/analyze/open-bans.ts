import type { Linked } from "../resolve/link.ts";
import type { Condition } from "../terms/program.ts";
import { bothConditions, listed } from "./able.ts";
import { servingParts } from "./open-serving.ts";
import type { OpenProspect } from "./plan.ts";
import { type Ban, bannedModels, bans } from "./selectors.ts";

/** Requests that name a target which a promise shuts out. */
export interface BannedPart {
  readonly when: Condition;
  readonly prefix: string;
  readonly names?: readonly string[];
}

/** Lists what the caller may name for one glob of a `requested` step that a promise shuts out. */
export function bannedParts(
  linked: Linked,
  ban: Ban,
  prospect: OpenProspect,
): readonly BannedPart[] {
  const provider = linked.program.providers[prospect.admit.provider];
  if (!provider) return [];
  return servingParts(linked, prospect).flatMap((part): readonly BannedPart[] => {
    const { prefix, names, named, able } = part;
    if (names) {
      const banned = names.filter((name) => bans(ban, provider, prefix + name));
      if (banned.length === 0) return [];
      const when = bothConditions({ fields: [listed("model", banned)] }, able);
      return [{ when, prefix, names: banned }];
    }
    const models = bannedModels(ban, provider, prefix);
    if (models === "none") return [];
    const tests = models === "all" ? named : [...named, models];
    return [{ when: bothConditions({ fields: tests }, able), prefix }];
  });
}
