import type { Policy } from "../policy.generated.ts";
import { type ChainMention, chainMentions } from "./mentions.ts";

/** A step that leads a chain back to itself. */
export interface ChainCycle {
  readonly mention: ChainMention;
  /** The chains passed, from the one that comes again to the one that names it. */
  readonly chains: readonly string[];
}

export interface ChainOrder {
  /** Every declared chain, after all the chains that it names (but for those on a cycle). */
  readonly names: readonly string[];
  readonly cycles: readonly ChainCycle[];
}

interface Visit {
  readonly chain: string;
  readonly left: ChainMention[];
}

/** Orders chains so that each comes after those it names, and finds cycles. Not recursive: chains can be many. */
export function chainOrder(policy: Policy): ChainOrder {
  const mentions = Map.groupBy(chainMentions(policy), ({ within }) => within);
  const visitOf = (chain: string): Visit => ({
    chain,
    left: (mentions.get(chain) ?? []).toReversed(),
  });
  const names: string[] = [];
  const cycles: ChainCycle[] = [];
  const seen = new Set<string>();
  for (const root of Object.keys(policy.chains ?? {})) {
    const open: Visit[] = seen.has(root) ? [] : [visitOf(root)];
    seen.add(root);
    for (let visit = open.at(-1); visit; visit = open.at(-1)) {
      const next = visit.left.pop();
      if (!next) {
        names.push(visit.chain);
        open.pop();
        continue;
      }
      const from = open.findIndex(({ chain }) => chain === next.chain);
      if (from !== -1)
        cycles.push({ mention: next, chains: open.slice(from).map(({ chain }) => chain) });
      else if (!seen.has(next.chain)) open.push(visitOf(next.chain));
      seen.add(next.chain);
    }
  }
  return { names, cycles };
}
