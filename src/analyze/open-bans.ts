import type { Linked } from "../resolve/link.ts";
import type { Condition } from "../terms/program.ts";
import { ableCondition, listed } from "./able.ts";
import { namedParts } from "./open-set.ts";
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
  const spoken = ableCondition(provider, undefined, true).fields;
  return namedParts(linked, prospect).flatMap(({ when, prefix, names }): readonly BannedPart[] => {
    if (names) {
      const banned = names.filter((name) => bans(ban, provider, prefix + name));
      if (banned.length === 0) return [];
      const fields = [listed("model", banned), ...spoken];
      return [{ when: { fields }, prefix, names: banned }];
    }
    const models = bannedModels(ban, provider, prefix);
    if (models === "none") return [];
    const tests = models === "all" ? when.fields : [...when.fields, models];
    return [{ when: { fields: [...tests, ...spoken] }, prefix }];
  });
}
