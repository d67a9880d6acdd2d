import { splitTarget } from "../../terms/target.ts";
import type { Policy } from "../policy.generated.ts";
import { chainOrder } from "./chain-order.ts";
import { admitMentions, chainMentions, targetMentions } from "./mentions.ts";

/** Most targets that a plan may hold. */
export const mostTargets = 32;

/** What a chain can lead to, with the chains that it names. */
export interface Plan {
  /** Different targets, where `requested` steps count as one each; no more than one above {@link mostTargets}. */
  readonly targets: ReadonlySet<string>;
  /** Providers of these targets, as far as they are counted. */
  readonly providers: ReadonlySet<string>;
}

/** Finds what every chain leads to. Linear in the policy, as no set grows past the limit. */
export function plansOf(policy: Policy): ReadonlyMap<string, Plan> {
  const own = ownTargets(policy);
  const named = Map.groupBy(chainMentions(policy), ({ within }) => within);
  const plans = new Map<string, Plan>();
  for (const chain of chainOrder(policy).names) {
    const inner = (named.get(chain) ?? []).map((mention) => plans.get(mention.chain));
    plans.set(chain, union([own.get(chain), ...inner]));
  }
  return plans;
}

/** Joins plans; what is over the limit is left out. */
export function union(plans: readonly (Plan | undefined)[]): Plan {
  const targets = new Set<string>();
  const providers = new Set<string>();
  for (const plan of plans) {
    for (const target of plan?.targets ?? []) if (targets.size <= mostTargets) targets.add(target);
    for (const provider of plan?.providers ?? [])
      if (providers.size <= mostTargets) providers.add(provider);
  }
  return { targets, providers };
}

function ownTargets(policy: Policy): ReadonlyMap<string, Plan> {
  const own = new Map<string, { targets: Set<string>; providers: Set<string> }>();
  const add = (chain: string, target: string, text: string): void => {
    const plan = own.get(chain) ?? { targets: new Set<string>(), providers: new Set<string>() };
    plan.targets.add(target);
    plan.providers.add(splitTarget(text)?.provider ?? text);
    own.set(chain, plan);
  };
  for (const { chain, target } of targetMentions(policy)) add(chain, target, target);
  for (const { chain, admits, path } of admitMentions(policy)) {
    add(chain, `requested ${path.slice(0, -1).join(" ")}`, admits);
  }
  return own;
}
