import { fieldLabel } from "../../resolve/failing.ts";
import { formatUsd } from "../../terms/money.ts";
import type { Rate } from "../../terms/price.ts";
import type { Program, StepSpec } from "../../terms/program.ts";
import type { TargetId } from "../../terms/target.ts";
import { unreachable } from "../../terms/unreachable.ts";
import { conditionWords } from "./condition-words.ts";
import type { ChainNode, RouteNode } from "./route-tree.ts";

/** The tree as machines read it; money in dollars a million tokens, as decimal strings. */
export function routeTreeJson(
  program: Program,
  nodes: readonly RouteNode[],
  target: string | undefined,
): object {
  return {
    format_version: 1,
    revision: program.revision,
    ...(target !== undefined && { target }),
    routes: nodes.map((node) => routeJson(program, node)),
  };
}

function routeJson(
  program: Program,
  { route, number, reached, chains, example }: RouteNode,
): object {
  return {
    number,
    name: route.name,
    when: conditionWords(route.when),
    reached,
    ...(route.action.kind === "deny" && { deny: route.action.reason }),
    chains: chains.map((chain) => chainJson(program, chain)),
    ...(example !== undefined && { example }),
  };
}

function chainJson(program: Program, { chain, after, steps }: ChainNode): object {
  return {
    chain: chain.name,
    ...(after && {
      after: {
        ceiling: after.name,
        when: conditionWords(after.when),
        ...(after.targets && { targets: after.targets }),
      },
    }),
    maxAttempts: chain.maxAttempts,
    ...(chain.maxOutputTokens !== undefined && { maxOutputTokens: chain.maxOutputTokens }),
    steps: steps.map((step) => stepJson(program, step)),
  };
}

function stepJson(program: Program, step: StepSpec): object {
  switch (step.kind) {
    case "target":
      return targetJson(program, step.entry.target);
    case "requested":
      return { requested: step.admits.map(({ provider, model }) => `${provider}:${model}`) };
    case "pick":
      return {
        pick: step.pick,
        ...(step.by !== undefined && { by: fieldLabel(step.by) }),
        from: step.from.map(({ entry, weight }) => ({
          ...targetJson(program, entry.target),
          ...(step.pick === "weighted" && { weight }),
        })),
      };
    default:
      return unreachable(step);
  }
}

function targetJson(program: Program, id: TargetId): object {
  const target = program.targets[id];
  const provider = target && program.providers[target.provider];
  return {
    target: id,
    ...(target?.price && {
      price: { input: rateJson(target.price.input), output: rateJson(target.price.output) },
    }),
    ...(provider && provider.feePpm > 0 && { feePercent: provider.feePpm / 10_000 }),
    ...(provider && Object.keys(provider.labels).length > 0 && { labels: provider.labels }),
  };
}

/** Dollars a million tokens; a list where it depends on the input's length. */
function rateJson({ base, tiers = [] }: Rate): unknown {
  const dollars = (pico: number) => formatUsd(pico * 1_000);
  if (tiers.length === 0) return dollars(base);
  return [
    { above: 0, rate: dollars(base) },
    ...tiers.map(({ above, rate }) => ({ above, rate: dollars(rate) })),
  ];
}
