import { globTest } from "../terms/glob.ts";
import type {
  AdmitSpec,
  CeilingSpec,
  ChainSpec,
  EntrySpec,
  Program,
  StepSpec,
} from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";

/** A target that a request may be tried at, in some state of breakers and budgets. */
export type Prospect = WrittenProspect | OpenProspect;

interface Place {
  /** The chain that gives the attempt its output limit: the route's, or the one a ceiling names. */
  readonly chain: ChainSpec;
  /** The ceilings one of which must have refused the request first; missing in the route's own chain. */
  readonly after?: CeilingSpec;
}

export interface WrittenProspect extends Place {
  readonly kind: "written";
  readonly entry: EntrySpec;
}

/** Whatever the caller names, as far as the list admits it: one glob of a `requested` step. */
export interface OpenProspect extends Place {
  readonly kind: "open";
  readonly admit: AdmitSpec;
  /** The globs listed before it, which go first. */
  readonly before: readonly AdmitSpec[];
}

/**
 * Everything that a route may try, in the order of its plan: its own chain, then the chains of the ceilings given.
 *
 * @param uses ceilings with `exceeded: { use }` that requests of the route can meet; one that counts none of the
 * targets so far adds nothing, as it has nothing to refuse
 */
export function prospectsOf(
  program: Program,
  chain: ChainSpec,
  uses: readonly CeilingSpec[],
): readonly Prospect[] {
  const prospects: Prospect[] = chainProspects({ chain });
  for (const ceiling of uses) {
    if (ceiling.exceeded.kind !== "use") continue;
    const next = program.chains[ceiling.exceeded.chain];
    if (!next || !prospects.some((prospect) => mayCount(ceiling, prospect))) continue;
    prospects.push(...chainProspects({ chain: next, after: ceiling }));
  }
  return prospects;
}

/** Tells whether a ceiling may count a target; of an open one, whether it may count any that it stands for. */
export function mayCount({ targets }: CeilingSpec, prospect: Prospect): boolean {
  if (!targets) return true;
  if (prospect.kind === "written") {
    return targets.some((glob) => globTest(glob)(prospect.entry.target));
  }
  const admitted = `${prospect.admit.provider}:${prospect.admit.model}`;
  return targets.some((glob) => globsMeet(glob, admitted));
}

/** Tells whether a ceiling refuses what goes over it, rather than warns. */
export function isHard({ exceeded }: CeilingSpec): boolean {
  return exceeded.kind !== "warn";
}

/** Tells whether some text matches both of two patterns with at most one star each. */
export function globsMeet(left: string, right: string): boolean {
  const [leftStart, leftEnd] = ends(left);
  const [rightStart, rightEnd] = ends(right);
  if (leftEnd === undefined) return globTest(right)(left);
  if (rightEnd === undefined) return globTest(left)(right);
  return (
    (leftStart.startsWith(rightStart) || rightStart.startsWith(leftStart)) &&
    (leftEnd.endsWith(rightEnd) || rightEnd.endsWith(leftEnd))
  );
}

function ends(glob: string): readonly [string, string | undefined] {
  const star = glob.indexOf("*");
  return star === -1 ? [glob, undefined] : [glob.slice(0, star), glob.slice(star + 1)];
}

function chainProspects(place: Place): Prospect[] {
  return place.chain.steps.flatMap((step) => stepProspects(place, step));
}

function stepProspects(place: Place, step: StepSpec): Prospect[] {
  switch (step.kind) {
    case "target":
      return [{ kind: "written", ...place, entry: step.entry }];
    case "pick":
      return step.from.map(({ entry }) => ({ kind: "written", ...place, entry }));
    case "requested":
      return step.admits.map((admit, at) => ({
        kind: "open",
        ...place,
        admit,
        before: step.admits.slice(0, at),
      }));
    default:
      return unreachable(step);
  }
}
