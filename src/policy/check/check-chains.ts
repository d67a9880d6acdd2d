import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import { chainOrder } from "./chain-order.ts";
import { chainMentions } from "./mentions.ts";
import { mostTargets, plansOf, union } from "./plans.ts";
import { atKey, atValue, type Subject } from "./subject.ts";

/** Finds chains that lead back to themselves. */
export function* checkCycles(subject: Subject): Generator<Diagnostic> {
  for (const { mention, chains } of chainOrder(subject.policy).cycles) {
    const way = [...chains, mention.chain].map(quote).join(" → ");
    yield atValue(subject, mention.path, ["SB207", `the chain leads back to itself: ${way}`]);
  }
}

/**
 * Finds chains with too many targets, and routes whose chain has too many together with the chains that ceilings add to
 * the end of a plan.
 */
export function* checkPlanSize(subject: Subject): Generator<Diagnostic> {
  const plans = plansOf(subject.policy);
  const tooLarge = new Set<string>();
  for (const [chain, { targets }] of plans) {
    if (targets.size <= mostTargets) continue;
    tooLarge.add(chain);
    yield atKey(
      subject,
      ["chains", chain],
      ["SB208", `expected at most ${mostTargets} targets, found more`],
    );
  }
  if (tooLarge.size > 0) return;
  const used = [...chainMentions(subject.policy)].filter(({ within }) => within === undefined);
  const added = used
    .filter(({ path }) => path[0] === "ceilings")
    .map(({ chain }) => plans.get(chain));
  for (const { chain, path } of used) {
    if (path[0] !== "routes" || union([plans.get(chain), ...added]).targets.size <= mostTargets)
      continue;
    const message = `expected at most ${mostTargets} targets with those that ceilings add, found more`;
    yield atValue(subject, path, ["SB208", message]);
  }
}
