import type { ClassSet } from "../resolve/classes/class-set.ts";
import type { ClassSpace } from "../resolve/classes/class-space.ts";
import type { Linked } from "../resolve/link.ts";
import { joined } from "./diff-boxes.ts";
import type { ResolveRequest } from "../terms/facts.ts";
import type { Program } from "../terms/program.ts";
import type { CostChange, DiffWitness, RegionChange } from "./diff-evaluate.ts";
import type { Outcome } from "./diff-outcome.ts";
import { type ChangedPart, changedParts, type UndecidedPair } from "./diff-regions.ts";
import { type SettingChange, settingChanges } from "./diff-settings.ts";
import { boxWords } from "./diff-words.ts";

/** What changes from one policy to another. */
export interface PolicyDiff {
  /** Requests that are treated differently, in the order of the first policy's routes. */
  readonly regions: readonly ChangedRegion[];
  /** Pairs of routes of which it could not be told in time what changes. */
  readonly undecided: readonly UndecidedPair[];
  /** How requests are carried out, counted and priced, wherever they go. */
  readonly settings: readonly SettingChange[];
}

/** Requests that change in the same way, from one route to one route. */
export interface ChangedRegion {
  readonly changes: readonly RegionChange[];
  readonly left: OutcomeWords;
  readonly right: OutcomeWords;
  /** The requests in words, each line a set of them. */
  readonly where: readonly string[];
  /** How many plans there are beside the one told, for requests that can do with fewer targets and the like. */
  readonly variants: number;
  /** A request that shows it. */
  readonly witness: DiffWitness;
  readonly cost?: CostChange;
}

export interface OutcomeWords {
  readonly route?: string;
  readonly denied?: string;
  readonly plan: readonly string[];
  readonly ceilings: readonly string[];
}

/** Compares what two policies do with every request; nothing at all where they do the same. */
export function diffPolicies(left: Linked, right: Linked): PolicyDiff {
  const { space, whole, parts, undecided } = changedParts(left, right);
  const groups = Map.groupBy(parts, regionKey);
  const plain = (request: ResolveRequest) => plainRequest([left.program, right.program], request);
  const regions = [...groups.values()].map((group) => regionOf(space, whole, group, plain));
  return {
    // Who is denied either way comes last, as little changes for it.
    regions: regions.toSorted((one, other) => weight(one) - weight(other)),
    undecided,
    settings: settingChanges(left.program, right.program),
  };
}

function weight({ left, right }: ChangedRegion): number {
  return left.denied !== undefined && right.denied !== undefined ? 1 : 0;
}

/** Tells whether two policies do the same with every request. */
export function isSame({ regions, undecided, settings }: PolicyDiff): boolean {
  return regions.length === 0 && undecided.length === 0 && settings.length === 0;
}

function regionKey({ changes, left, right }: ChangedPart): string {
  const words = ({ route, denied }: Outcome) => [
    route,
    denied !== undefined && unables.has(denied) ? "unable" : denied,
  ];
  return JSON.stringify([changes, words(left), words(right)]);
}

/** Reasons that lie in the request and its targets; which of them is told depends on the last target alone. */
const unables: ReadonlySet<string> = new Set(["unsupported", "context_length", "unpriced"]);

function regionOf(
  space: ClassSpace,
  whole: readonly ClassSet[],
  group: readonly ChangedPart[],
  plain: (request: ResolveRequest) => ResolveRequest,
): ChangedRegion {
  const boxes = joined(
    group.map(({ box }) => box),
    whole,
  );
  const shown = group
    .map((part) => ({ part, request: plain(part.witness.request) }))
    .reduce((best, each) => (length(each.request) < length(best.request) ? each : best));
  const { changes, left, right, witness, cost } = shown.part;
  const plans = new Set(group.map((part) => JSON.stringify([words(part.left), words(part.right)])));
  return {
    changes,
    left: outcomeWords(left),
    right: outcomeWords(right),
    where: boxes.map((box) => boxWords(space, box)),
    variants: plans.size - 1,
    witness: { ...witness, request: shown.request },
    ...(cost && { cost }),
  };
}

function words({ denied, shownPlan }: Outcome): readonly string[] {
  return denied === undefined ? shownPlan : [denied];
}

function length(request: ResolveRequest): number {
  return JSON.stringify(request).length;
}

/** A request without what goes without saying under every policy. */
function plainRequest(programs: readonly Program[], request: ResolveRequest): ResolveRequest {
  const { api, stream, needs = [], inputTokens, attributes = {}, ...rest } = request;
  const said = Object.entries(attributes).filter(([name, value]) =>
    programs.some(({ attributes: declared }) => declared[name]?.default !== value),
  );
  return {
    ...rest,
    ...(api !== undefined && api !== "chat" && { api }),
    ...(stream && { stream }),
    ...(needs.length > 0 && { needs }),
    ...(inputTokens && { inputTokens }),
    ...(said.length > 0 && { attributes: Object.fromEntries(said) }),
  };
}

function outcomeWords({ route, denied, shownPlan, ceilings }: Outcome): OutcomeWords {
  return {
    ...(route !== undefined && { route }),
    ...(denied !== undefined && { denied }),
    plan: shownPlan,
    ceilings,
  };
}
