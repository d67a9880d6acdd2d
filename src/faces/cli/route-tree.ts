import { evidenceIn, explainCommand } from "../../analyze/evidence.ts";
import { type Ground, groundOf } from "../../analyze/ground.ts";
import { globsMeet, mayCount, type Prospect, prospectsOf } from "../../analyze/plan.ts";
import { reachOf } from "../../analyze/reach.ts";
import { findIn, regionOf } from "../../analyze/regions.ts";
import type { Linked } from "../../resolve/link.ts";
import { globTest } from "../../terms/glob.ts";
import type { CeilingSpec, ChainSpec, RouteSpec, StepSpec } from "../../terms/program.ts";
import type { TargetId } from "../../terms/target.ts";
import { unreachable } from "../../terms/unreachable.ts";

/** A route with every chain that its requests can come to. */
export interface RouteNode {
  readonly route: RouteSpec;
  /** From 1, as routes are numbered for people. */
  readonly number: number;
  /** Whether any request gets to it; `undecided` where that could not be told. */
  readonly reached: "yes" | "no" | "undecided";
  /** Its own chain, then those of ceilings that its requests can meet. None where it denies. */
  readonly chains: readonly ChainNode[];
  /** The call of `explain` with a request that gets here; only where one was asked for and found. */
  readonly example?: string;
}

export interface ChainNode {
  readonly chain: ChainSpec;
  /** The ceiling that must have refused the request before this chain is tried. */
  readonly after?: CeilingSpec;
  readonly steps: readonly StepSpec[];
}

/** Which part of the tree is wanted. */
export interface Wanted {
  /** A glob over targets: only what can come to one of them is kept. */
  readonly target?: string | undefined;
  /** What the example calls the policy. */
  readonly file: string;
}

/**
 * Builds the tree of a policy: for each route what its requests can come to, in whatever state breakers and budgets are.
 *
 * With a target, routes that no request gets to are left out: nothing reaches a target through them.
 */
export function routeTree(linked: Linked, { target, file }: Wanted): readonly RouteNode[] {
  const ground = groundOf(linked);
  const nodes = linked.program.routes.map((route, index) => routeNode(ground, route, index));
  if (target === undefined) return nodes.map(({ node }) => node);
  return nodes.flatMap(({ node, example }) => {
    if (node.reached === "no") return [];
    const chains = node.chains.flatMap((chain) => narrowed(chain, target));
    const command = example(file);
    if (chains.length === 0) return [];
    return [{ ...node, chains, ...(command !== undefined && { example: command }) }];
  });
}

interface Built {
  readonly node: RouteNode;
  readonly example: (file: string) => string | undefined;
}

function routeNode(ground: Ground, route: RouteSpec, index: number): Built {
  const reach = reachOf(ground, index);
  const reached = { reached: "yes", undecided: "undecided", empty: "no", covered: "no" } as const;
  return {
    node: {
      route,
      number: index + 1,
      reached: reached[reach.kind],
      chains: chainsOf(ground, route, index),
    },
    example: (file) =>
      reach.kind === "reached" ? explainCommand(file, evidenceIn(ground, reach.box)) : undefined,
  };
}

function chainsOf(ground: Ground, { action }: RouteSpec, index: number): readonly ChainNode[] {
  const own = action.kind === "use" ? ground.program.chains[action.chain] : undefined;
  if (!own) return [];
  const nodes: ChainNode[] = [{ chain: own, steps: own.steps }];
  const first = new Set(own.steps.flatMap(writtenTargets));
  let prospects: readonly Prospect[] = prospectsOf(ground.program, own, []);
  for (const ceiling of ground.program.ceilings) {
    if (ceiling.exceeded.kind !== "use" || !mayMeet(ground, index, ceiling)) continue;
    const chain = ground.program.chains[ceiling.exceeded.chain];
    if (!chain || !prospects.some((prospect) => mayCount(ceiling, prospect))) continue;
    // A target of the route's own chain keeps its place there.
    const steps = chain.steps.flatMap((step) => stepOf(step, (target) => !first.has(target)));
    if (steps.length > 0) nodes.push({ chain, after: ceiling, steps });
    prospects = [...prospects, ...prospectsOf(ground.program, chain, [])];
  }
  return nodes;
}

/** Tells whether a request that gets to a route can meet a ceiling; so it is said where that cannot be told. */
function mayMeet(ground: Ground, index: number, { when }: CeilingSpec): boolean {
  const region = regionOf(ground, index);
  const boxes = ground.boxesOf(when);
  return !region || !boxes || findIn(ground, region, boxes).kind !== "covered";
}

function narrowed(node: ChainNode, target: string): readonly ChainNode[] {
  const steps = node.steps.flatMap((step) => narrowedStep(step, target));
  return steps.length === 0 ? [] : [{ ...node, steps }];
}

/** The part of a step that can come to a target that the glob admits. */
function narrowedStep(step: StepSpec, target: string): readonly StepSpec[] {
  if (step.kind !== "requested") return stepOf(step, globTest(target));
  const met = step.admits.filter(({ provider, model }) =>
    globsMeet(target, `${provider}:${model}`),
  );
  return met.length === 0 ? [] : [{ ...step, admits: met }];
}

/** A step with those of its written targets that are wanted; none where it loses them all. */
function stepOf(step: StepSpec, isWanted: (target: TargetId) => boolean): readonly StepSpec[] {
  switch (step.kind) {
    case "target":
      return isWanted(step.entry.target) ? [step] : [];
    case "pick": {
      const from = step.from.filter(({ entry }) => isWanted(entry.target));
      return from.length === 0 ? [] : [{ ...step, from }];
    }
    case "requested":
      return [step];
    default:
      return unreachable(step);
  }
}

function writtenTargets(step: StepSpec): readonly TargetId[] {
  if (step.kind === "target") return [step.entry.target];
  return step.kind === "pick" ? step.from.map(({ entry }) => entry.target) : [];
}
