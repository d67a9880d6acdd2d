import type { Box } from "../resolve/classes/class-space.ts";
import type { Linked } from "../resolve/link.ts";
import type {
  AdmitSpec,
  CeilingSpec,
  ChainSpec,
  Condition,
  PromiseSpec,
} from "../terms/program.ts";
import { listed } from "./able.ts";
import { abilitiesOf } from "./attempts.ts";
import { type Ground, groundOf } from "./ground.ts";
import { type BannedPart, bannedParts } from "./open-bans.ts";
import { type ServingPart, servingParts } from "./open-serving.ts";
import { type OpenProspect, type Prospect, prospectsOf, type WrittenProspect } from "./plan.ts";
import { findIn, type Region } from "./regions.ts";

/** A Ground on which everything can be asked that promises and costs ask about. */
export interface Questions {
  readonly ground: Ground;
  /** The requests that a target is not known to be unable to serve, for a route. */
  readonly able: (prospect: WrittenProspect, region: Region) => readonly Box[];
  /** The same, and those that are longer than its window: a caller may have a larger one. */
  readonly willing: (prospect: WrittenProspect, region: Region) => readonly Box[];
  /** What the caller may name that a promise shuts out. */
  readonly bannedParts: (promise: PromiseSpec, prospect: OpenProspect) => readonly BannedPart[];
  /** What the caller may name that is not known to be unable to serve. */
  readonly servingParts: (prospect: OpenProspect) => readonly ServingPart[];
  /** The ceilings with `exceeded: { use }` that requests of a region can meet. */
  readonly usesMeeting: (region: Region) => readonly CeilingSpec[];
}

/** Asked of every policy, so that these fields are always told apart. */
const always: readonly Condition[] = [
  { fields: [listed("api", ["chat"])] },
  {
    fields: [
      {
        field: "outputTokens",
        test: { kind: "in", values: [], globs: [], present: true, absent: false, not: false },
      },
    ],
  },
];

/**
 * Lays the ground for all questions.
 *
 * @param withPromises whether what promises ask is asked too: which models the caller can name
 */
export function questionsOf(linked: Linked, withPromises: boolean): Questions {
  const { program } = linked;
  const abilities = abilitiesOf(linked);
  const open: OpenProspect[] = [];
  for (const [chain, prospect] of everyProspect(linked)) {
    if (prospect.kind === "written") abilities.of(prospect, chain);
    else open.push(prospect);
  }
  const promises = withPromises ? program.promises : [];
  const banned = new Map(
    promises.map((promise) => [promise, bannedBy(linked, promise, open)] as const),
  );
  const serving = new Map<AdmitSpec, readonly ServingPart[]>();
  if (promises.length > 0) {
    for (const prospect of open) serving.set(prospect.admit, servingParts(linked, prospect));
  }
  const parts = [...banned.values()].flatMap((each) => [...each.values()].flat());
  const ground = groundOf(linked, [
    ...always,
    ...abilities.all(),
    ...parts.map(({ when }) => when),
    ...[...serving.values()].flat().flatMap(({ when, maybe }) => [when, maybe]),
  ]);
  const abilityOf = (prospect: WrittenProspect, { route }: Region) => {
    const first = route.action.kind === "use" ? program.chains[route.action.chain] : undefined;
    const ability = first && abilities.of(prospect, first);
    if (!ability) throw new TypeError(`a target without a chain: ${prospect.entry.target}`);
    return ability;
  };
  return {
    ground,
    able: (prospect, region) => ground.boxesOf(abilityOf(prospect, region).able) ?? [],
    willing: (prospect, region) => ground.boxesOf(abilityOf(prospect, region).willing) ?? [],
    bannedParts: (promise, { admit }) => banned.get(promise)?.get(admit) ?? [],
    servingParts: ({ admit }) => serving.get(admit) ?? [],
    usesMeeting: (region) => usesMeeting(ground, region),
  };
}

/** Every target that any route may try, with the route's chain. */
function* everyProspect({ program }: Linked): Generator<readonly [ChainSpec, Prospect]> {
  const uses = program.ceilings.filter(({ exceeded }) => exceeded.kind === "use");
  const names = new Set(
    program.routes.flatMap(({ action }) => (action.kind === "use" ? [action.chain] : [])),
  );
  for (const name of names) {
    const chain = program.chains[name];
    if (!chain) continue;
    for (const prospect of prospectsOf(program, chain, uses)) yield [chain, prospect];
  }
}

function bannedBy(
  linked: Linked,
  { claim }: PromiseSpec,
  open: readonly OpenProspect[],
): ReadonlyMap<AdmitSpec, readonly BannedPart[]> {
  if (claim.kind !== "only" && claim.kind !== "never") return new Map();
  return new Map(
    open.map((prospect) => [prospect.admit, bannedParts(linked, claim, prospect)] as const),
  );
}

function usesMeeting(ground: Ground, region: Region): readonly CeilingSpec[] {
  return ground.program.ceilings.filter(({ exceeded, when }) => {
    if (exceeded.kind !== "use") return false;
    const part = ground.boxesOf(when);
    return part === undefined || findIn(ground, region, part).kind !== "covered";
  });
}
