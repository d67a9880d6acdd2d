import { policyDefaults } from "../policy/defaults.ts";
import type {
  ChainBlock,
  ChainStep,
  Defaults,
  GroupStep,
  MemberBlock,
  Policy,
  Provider,
  RequestedStep,
  Step,
  TargetStep,
} from "../policy/policy.generated.ts";
import { chainBlock, stepShape } from "../policy/shapes.ts";
import type { MovesOn } from "../terms/failure-class.ts";
import type { AdmitSpec, ChainSpec, EntrySpec, StepSpec } from "../terms/program.ts";
import { splitTarget, type TargetId, targetId } from "../terms/target.ts";
import { unreachable } from "../terms/unreachable.ts";
import { fieldName } from "./conditions.ts";
import { defaultOn, defaultTotalMs } from "./defaults.ts";
import { quantity } from "./quantities.ts";
import { attemptSettings, type SettingsSource } from "./settings.ts";

/** Compiles the chains that a route or a ceiling names; the others live on inside them, if at all. */
export function compileChains(policy: Policy): Record<string, ChainSpec> {
  const compiled = rootChains(policy).map((name) => [name, compileChain(policy, name)] as const);
  return Object.fromEntries(compiled);
}

/** Names of the chains that routes and ceilings use, in the order of the file. */
function rootChains(policy: Policy): readonly string[] {
  const byRoutes = policy.routes.flatMap((route) => ("use" in route ? [route.use] : []));
  const byCeilings = (policy.ceilings ?? []).flatMap(({ exceeded }) =>
    typeof exceeded === "object" ? [exceeded.use] : [],
  );
  return [...new Set([...byRoutes, ...byCeilings])];
}

function compileChain(policy: Policy, name: string): ChainSpec {
  const chain = blockOf(policy, name);
  const defaults: Defaults = policy.defaults ?? {};
  const maxOutput = chain.maxOutputTokens ?? defaults.maxOutputTokens;
  const total = chain.timeouts?.total ?? defaults.timeouts?.total;
  return {
    name,
    maxAttempts: chain.maxAttempts ?? defaults.maxAttempts ?? policyDefaults.maxAttempts,
    ...(maxOutput !== undefined && { maxOutputTokens: quantity.size(maxOutput) }),
    totalMs: total === undefined ? defaultTotalMs : quantity.durationMs(total),
    on: movesOn(
      chain.on ?? defaults.on ?? defaultOn,
      chain.allowContentFilterFallback ?? defaults.allowContentFilterFallback ?? false,
    ),
    unsupported: chain.unsupported ?? defaults.unsupported ?? "skip",
    steps: withoutRepeats(flatten(policy, name)),
  };
}

/** `content_filter` moves on only where the policy allows it in so many words. */
function movesOn(on: readonly MovesOn[], allowContentFilter: boolean): readonly MovesOn[] {
  const rest = on.filter((reason) => reason !== "content_filter");
  return allowContentFilter ? [...rest, "content_filter"] : rest;
}

function blockOf(policy: Policy, name: string): ChainBlock {
  const chain = policy.chains?.[name];
  if (!chain) throw new TypeError(`unchecked chain ${name}`);
  return chainBlock(chain);
}

/** The steps of a chain with those of the chains it names in their place. Cycles have been refused before. */
function flatten(policy: Policy, name: string): readonly StepSpec[] {
  const chain = blockOf(policy, name);
  return chain.steps.flatMap((step) => compileStep(policy, chain, step));
}

function compileStep(policy: Policy, chain: ChainBlock, step: Step): readonly StepSpec[] {
  const shape = stepShape(step);
  switch (shape) {
    case "target":
      return [{ kind: "target", entry: entryOf(policy, chain, step as string | TargetStep) }];
    case "chain":
      return flatten(policy, (step as ChainStep).chain);
    case "requested": {
      const admits = (step as RequestedStep).requested.map((glob) => admitOf(policy, chain, glob));
      return [{ kind: "requested", admits }];
    }
    case "group": {
      const { pick, by, from } = step as GroupStep;
      const members = from.map((member) => ({
        entry: entryOf(policy, chain, member),
        weight: typeof member === "string" ? 1 : (member.weight ?? 1),
      }));
      return [
        { kind: "pick", pick, ...(by !== undefined && { by: fieldName(by) }), from: members },
      ];
    }
    default:
      return unreachable(shape);
  }
}

function entryOf(
  policy: Policy,
  chain: ChainBlock,
  written: string | TargetStep | MemberBlock,
): EntrySpec {
  const step = typeof written === "string" ? { target: written } : written;
  const { provider, model } = split(step.target);
  const settings = attemptSettings(policy, step, chain, providerOf(policy, provider));
  return { target: targetId(provider, model), settings };
}

function admitOf(policy: Policy, chain: SettingsSource, glob: string): AdmitSpec {
  const { provider, model } = split(glob);
  return {
    provider,
    model,
    settings: attemptSettings(policy, {}, chain, providerOf(policy, provider)),
  };
}

function split(target: string): { readonly provider: string; readonly model: string } {
  const parts = splitTarget(target);
  if (!parts) throw new TypeError(`unchecked target ${target}`);
  return parts;
}

function providerOf(policy: Policy, name: string): Provider {
  const provider = policy.providers[name];
  if (!provider) throw new TypeError(`unchecked provider ${name}`);
  return provider;
}

/** Leaves out every target that stood before; a group that loses all its members goes with them. */
function withoutRepeats(steps: readonly StepSpec[]): readonly StepSpec[] {
  const seen = new Set<TargetId>();
  const first = ({ target }: EntrySpec) => !seen.has(target) && seen.add(target) !== undefined;
  return steps.flatMap((step): readonly StepSpec[] => {
    switch (step.kind) {
      case "target":
        return first(step.entry) ? [step] : [];
      case "requested":
        return [step];
      case "pick": {
        const from = step.from.filter(({ entry }) => first(entry));
        return from.length > 0 ? [{ ...step, from }] : [];
      }
      default:
        return unreachable(step);
    }
  });
}

/** Every target that the chains write out, those of groups included. */
export function writtenTargets(chains: Readonly<Record<string, ChainSpec>>): readonly TargetId[] {
  const targets = Object.values(chains).flatMap(({ steps }) =>
    steps.flatMap((step) => {
      if (step.kind === "target") return [step.entry.target];
      return step.kind === "pick" ? step.from.map(({ entry }) => entry.target) : [];
    }),
  );
  return [...new Set(targets)];
}
