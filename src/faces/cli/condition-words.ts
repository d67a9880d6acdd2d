import { fieldLabel, testWords } from "../../resolve/failing.ts";
import type { Condition } from "../../terms/program.ts";

/**
 * A condition in the words of the policy, each part by itself, all of which must hold: `data: private`,
 * `any of (model: a) or (team: free)`. None for a condition that holds for every request.
 */
export function conditionWords({ fields, anyOf }: Condition): readonly string[] {
  const words = fields.map(({ field, test }) => `${fieldLabel(field)}: ${testWords(test)}`);
  if (!anyOf) return words;
  const branches = anyOf.map(
    (branch) => `(${conditionWords(branch).join(" and ") || "any request"})`,
  );
  return [...words, branches.join(" or ")];
}
