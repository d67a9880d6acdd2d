import { didYouMean } from "../../diagnostics/nearest.ts";
import type { Explanation } from "../../resolve/explain.ts";
import type { Given } from "../../resolve/fixed-view.ts";
import type { Program } from "../../terms/program.ts";
import { splitTarget } from "../../terms/target.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Refuses a state of the world that speaks of what the policy does not have: a mistyped name would change nothing, and
 * the explanation would be true of another world than the one asked about.
 *
 * @throws UsageError
 */
export function checkGiven(
  program: Program,
  { breakers = {}, holds = {}, spend = {} }: Given,
): void {
  for (const target of [...Object.keys(breakers), ...Object.keys(holds)]) {
    const provider = splitTarget(target)?.provider;
    if (provider !== undefined && Object.hasOwn(program.providers, provider)) continue;
    const known = Object.keys(program.targets);
    throw new UsageError(`the policy has no target \`${target}\``, didYouMean(target, known));
  }
  for (const bucket of Object.keys(spend)) {
    const [name = ""] = bucket.split("{");
    const known = program.ceilings.map((ceiling) => ceiling.name);
    if (known.includes(name)) continue;
    throw new UsageError(`the policy has no ceiling \`${name}\``, didYouMean(name, known));
  }
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
