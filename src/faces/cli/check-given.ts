import type { Explanation } from "../../resolve/explain.ts";
import type { Given } from "../../resolve/fixed-view.ts";
import { strangeNames } from "../../resolve/given-names.ts";
import type { Program } from "../../terms/program.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Refuses a state of the world that speaks of what the policy does not have.
 *
 * @throws UsageError
 */
export function checkGiven(program: Program, given: Given): void {
  const [first] = strangeNames(program, given);
  if (first) throw new UsageError(first.message, first.help);
}

/** What was given and made no difference to this request, each in one line. */
export function unusedGiven(
  { targets, decision }: Explanation,
  { breakers = {}, holds = {}, spend = {} }: Given,
): readonly string[] {
  const planned = new Set<string>(targets.map(({ target }) => target));
  const states = [...Object.keys(breakers), ...Object.keys(holds)];
  const met = decision.kind === "route" ? decision.ceilings.map(({ bucket }) => bucket) : undefined;
  return [
    ...states
      .filter((target) => !planned.has(target))
      .map((target) => `\`${target}\` is not in the plan`),
    ...Object.keys(spend)
      .filter((bucket) => met && !met.includes(bucket))
      .map((bucket) => `the bucket \`${bucket}\` is not one that this request meets`),
  ];
}
