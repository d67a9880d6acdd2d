import type { Box } from "../resolve/classes/class-space.ts";
import type { Linked } from "../resolve/link.ts";
import type { ResolveRequest } from "../terms/facts.ts";
import type { Program } from "../terms/program.ts";
import { joined } from "./diff-boxes.ts";
import type { CostChange, DiffWitness, RegionChange } from "./diff-evaluate.ts";
import type { Outcome } from "./diff-outcome.ts";
import { type ChangedPart, changedPairs, type Space, type UndecidedPair } from "./diff-regions.ts";
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

/** Requests that go from one route to one route, and change. */
export interface ChangedRegion {
  /** Missing where no route takes them. */
  readonly leftRoute?: string;
  readonly rightRoute?: string;
  /** The requests in words, each line a set of them. */
  readonly where: readonly string[];
  /** In which ways they change; at least one, those that few requests meet last. */
  readonly cases: readonly ChangedCase[];
}

/** Requests of a region that change in the same way. */
export interface ChangedCase {
  readonly changes: readonly RegionChange[];
  readonly left: OutcomeWords;
  readonly right: OutcomeWords;
  /** How many plans there are beside the one told, for requests that can do with fewer targets and the like. */
  readonly variants: number;
  /** A request that shows it. */
  readonly witness: DiffWitness;
  readonly cost?: CostChange;
}

export interface OutcomeWords {
  readonly denied?: string;
  readonly plan: readonly string[];
  readonly ceilings: readonly string[];
}

/** Compares what two policies do with every request; nothing at all where they do the same. */
export function diffPolicies(left: Linked, right: Linked): PolicyDiff {
  const { coarse, fine, pairs, undecided } = changedPairs(left, right);
  const programs = [left.program, right.program];
  const regions = pairs.map(({ parts, whole }): ChangedRegion => {
    const cases = [...Map.groupBy(parts, caseKey).values()].map((group) => caseOf(programs, group));
    const [first] = parts;
    return {
      ...(first?.left.route !== undefined && { leftRoute: first.left.route }),
      ...(first?.right.route !== undefined && { rightRoute: first.right.route }),
      where: whole
        ? wordsOf(coarse, whole)
        : wordsOf(
            fine,
            parts.map(({ box }) => box),
          ),
      cases: cases.toSorted((one, other) => oddity(one) - oddity(other)),
    };
  });
  return { regions, undecided, settings: settingChanges(left.program, right.program) };
}

function wordsOf({ space, whole }: Space, boxes: readonly Box[]): readonly string[] {
  return joined(boxes, whole).map((box) => boxWords(space, box));
}

/** Who is denied either way comes last, as little changes for it; then who needs more to be shown. */
function oddity({ left, right, witness }: ChangedCase): number {
  const isDenied = left.denied !== undefined && right.denied !== undefined;
  return (isDenied ? 10_000 : 0) + length(witness.request);
}

/** Tells whether two policies do the same with every request. */
export function isSame({ regions, undecided, settings }: PolicyDiff): boolean {
  return regions.length === 0 && undecided.length === 0 && settings.length === 0;
}

function caseKey({ changes, left, right }: ChangedPart): string {
  const answer = ({ denied }: Outcome) =>
    denied !== undefined && unables.has(denied) ? "unable" : denied;
  return JSON.stringify([changes, answer(left), answer(right)]);
}

/** Reasons that lie in the request and its targets; which of them is told depends on the last target alone. */
const unables: ReadonlySet<string> = new Set(["unsupported", "context_length", "unpriced"]);

function caseOf(programs: readonly Program[], group: readonly ChangedPart[]): ChangedCase {
  const shown = group
    .map((part) => ({ part, request: plainRequest(programs, part.witness.request) }))
    .reduce((best, each) => (length(each.request) < length(best.request) ? each : best));
  const { changes, left, right, witness, cost } = shown.part;
  // State kept at a provider narrows every plan to that provider: no other way to change.
  const free = group.filter(({ witness: { request } }) => !request.needs?.includes("state"));
  const plans = new Set(free.map((part) => JSON.stringify([words(part.left), words(part.right)])));
  return {
    changes,
    left: outcomeWords(left),
    right: outcomeWords(right),
    variants: Math.max(0, plans.size - 1),
    witness: { ...witness, request: shown.request },
    ...(cost && { cost }),
  };
}

function words({ denied, shownPlan }: Outcome): readonly string[] {
  return denied === undefined ? shownPlan : [denied];
}

/** How much a request asks of whoever reads it. A target without a model is none that anybody names. */
function length(request: ResolveRequest): number {
  return JSON.stringify(request).length + (request.model?.endsWith(":") ? 1_000 : 0);
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

function outcomeWords({ denied, shownPlan, ceilings }: Outcome): OutcomeWords {
  return {
    ...(denied !== undefined && { denied }),
    plan: shownPlan,
    ceilings,
  };
}
