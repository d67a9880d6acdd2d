import type { ClassSpace } from "../resolve/classes/class-space.ts";
import type { Linked } from "../resolve/link.ts";
import type {
  CeilingSpec,
  ChainSpec,
  Condition,
  Program,
  RouteSpec,
  StepSpec,
} from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";
import type { AttributeReading } from "./diff-attributes.ts";

/** Whoever takes a request first in one policy: what it refuses, a route, or nobody. */
export interface Taker {
  readonly route: RouteSpec | undefined;
  readonly when: Condition;
  /** Takers of two policies with the same key do the same with a request that meets the same ceilings. */
  readonly key: string;
}

/** One policy of two. */
export interface Side {
  readonly linked: Linked;
  /** Without keys: classes are told apart by what is known of a request in the end, whatever a key has said of it. */
  readonly keyless: Program;
  readonly reading: AttributeReading;
  /** In the order in which they take; the last takes all. */
  readonly takers: readonly Taker[];
  readonly ceilings: readonly SideCeiling[];
}

export interface SideCeiling {
  readonly spec: CeilingSpec;
  readonly when: Condition;
  /** Everything of it but its limit. */
  readonly key: string;
}

const everything: Condition = { fields: [] };

export function sideOf(linked: Linked, reading: AttributeReading): Side {
  const { program } = linked;
  const { refuses } = reading;
  const keys = chainKeys(linked);
  const takers: Taker[] = program.routes.map((route) => {
    const { name, action } = route;
    const does = action.kind === "use" ? keys(action.chain) : action.reason;
    return {
      route,
      when: reading.translate(route.when),
      key: JSON.stringify([name, action.kind, does]),
    };
  });
  const refused = refuses ? [{ route: undefined, when: refuses, key: "refused" }] : [];
  const ceilings = program.ceilings.map((spec) => {
    const { name, each, targets, exceeded } = spec;
    const when = reading.translate(spec.when);
    const use = exceeded.kind === "use" ? keys(exceeded.chain) : "";
    const hard = exceeded.kind !== "warn";
    return { spec, when, key: JSON.stringify([name, when, each, targets, hard, use]) };
  });
  const nobody = { route: undefined, when: everything, key: "nobody" };
  const keyless = { ...program, keys: {} };
  return { linked, keyless, reading, takers: [...refused, ...takers, nobody], ceilings };
}

/** Every condition by which a policy tells who takes a request, and which ceilings count it. */
export function conditionsOf({ takers, ceilings }: Side): readonly Condition[] {
  return [...takers, ...ceilings].map(({ when }) => when);
}

/** All that a chain's plan and its costs rest on, as a text; the same for chains of another name. */
function chainKeys(linked: Linked): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const found = known.get(name) ?? chainKey(linked, linked.chain(name));
    known.set(name, found);
    return found;
  };
}

function chainKey(linked: Linked, { steps, maxOutputTokens }: ChainSpec): string {
  return JSON.stringify([maxOutputTokens, steps.map((step) => stepKey(linked, step))]);
}

function stepKey(linked: Linked, step: StepSpec): unknown {
  const target = ({ target: id, settings }: { target: string; settings: { params: unknown } }) => [
    id,
    targetKey(linked, id),
    settings.params,
  ];
  switch (step.kind) {
    case "target":
      return target(step.entry);
    case "pick":
      return [step.pick, step.by, step.from.map(({ entry, weight }) => [target(entry), weight])];
    case "requested": {
      const { providers, models, catalog } = linked.program;
      const admits = step.admits.map(({ provider, model, settings }) => [
        provider,
        model,
        settings.params,
        providerKey(linked, provider),
      ]);
      return [admits, models, catalog, Object.keys(providers).sort()];
    }
    default:
      return unreachable(step);
  }
}

function targetKey(linked: Linked, id: string): unknown {
  const target = linked.program.targets[id as `${string}:${string}`];
  if (!target) return undefined;
  const { window, maxOutput, can, price, provider } = target;
  const { source: _, matched: __, ...rates } = price ?? { source: "", matched: "" };
  return [window, maxOutput, can, price && rates, providerKey(linked, provider)];
}

function providerKey({ program }: Linked, name: string): unknown {
  const provider = program.providers[name];
  return provider && [provider.kind, provider.apis, provider.feePpm, provider.callerMay];
}

/** Tells whether boxes of every condition are known. */
export function isTold({ boxesOf }: ClassSpace, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => boxesOf(condition) !== undefined);
}
