import { apis } from "../terms/api.ts";
import { isGlob } from "../terms/glob.ts";
import type { ChainSpec, Condition, FieldTest } from "../terms/program.ts";
import { splitTarget, type TargetId, targetId } from "../terms/target.ts";
import { ableCondition, bothConditions, listed } from "./able.ts";
import type { Side } from "./diff-takers.ts";
import { type NamedPart, namedParts } from "./open-set.ts";
import { type OpenProspect, prospectsOf } from "./plan.ts";
import { restsAfter } from "./selectors.ts";

/**
 * What can make a difference to the plans of some chains, beyond the route that is taken: what targets are able to do,
 * whether an output limit is said, and which model is named where a caller may name one.
 *
 * Two requests that agree on all of these, on every route and on every ceiling have the same plan.
 */
export function planConditions(
  { linked }: Side,
  chains: Iterable<ChainSpec>,
): readonly Condition[] {
  const uses = linked.program.ceilings.filter(({ exceeded }) => exceeded.kind === "use");
  const prospects = [...chains].flatMap((chain) => prospectsOf(linked.program, chain, uses));
  const open = prospects.filter((prospect) => prospect.kind === "open");
  const written = prospects.flatMap((prospect) =>
    prospect.kind === "written" ? [prospect.entry.target] : [],
  );
  const conditions = [
    ...always,
    ...abilities(linked, written),
    ...open.flatMap((prospect) => openConditions(linked, prospect)),
    ...(open.length > 0 ? [namesOf(written)] : []),
  ];
  return [...new Map(conditions.map((each) => [JSON.stringify(each), each])).values()];
}

const always: readonly Condition[] = [
  ...apis.map((api) => ({ fields: [listed("api", [api])] })),
  { fields: [{ field: "outputTokens", test: present() }] },
  // A limit of 0 bounds nothing.
  { fields: [{ field: "outputTokens", test: { kind: "range", gte: 1 } }] },
  { fields: [{ field: "needs", test: { kind: "needs", all: ["state"], any: [], none: [] } }] },
];

function present(): FieldTest["test"] {
  return { kind: "in", values: [], globs: [], present: true, absent: false, not: false };
}

function abilities(linked: Side["linked"], targets: readonly TargetId[]): readonly Condition[] {
  return targets.flatMap((id) => {
    const target = linked.target(id);
    return target ? [ableCondition(target.provider, target.spec, true)] : [];
  });
}

/** The parts of what a caller may name, each with what it is able to do, and the names that `models` speaks of. */
function openConditions(linked: Side["linked"], prospect: OpenProspect): readonly Condition[] {
  const { provider } = prospect.admit;
  const rules = linked.program.models.flatMap(({ pattern }) => [
    pattern,
    ...restsAfter(pattern, `${provider}:`),
  ]);
  return [
    ...namedParts(linked, prospect).flatMap((part) => partConditions(linked, provider, part)),
    ...rules.map(modelCondition),
  ];
}

function partConditions(
  linked: Side["linked"],
  provider: string,
  { when, names, prefix }: NamedPart,
): readonly Condition[] {
  const able = (id: TargetId) => abilities(linked, [id])[0] ?? { fields: [] };
  if (!names) return [when, bothConditions(when, able(targetId(provider, "no-such-model")))];
  const groups = Map.groupBy(names, (name) => JSON.stringify(able(idOf(prefix + name))));
  return [
    when,
    ...[...groups].map(([ability, alike]) =>
      bothConditions({ fields: [listed("model", alike)] }, JSON.parse(ability)),
    ),
  ];
}

function idOf(text: string): TargetId {
  const parts = splitTarget(text);
  return parts ? targetId(parts.provider, parts.model) : targetId(text, "");
}

/** Every target that the chains write out, as a caller could name it: as a target, and by its model alone. */
function namesOf(written: readonly TargetId[]): Condition {
  const names = written.flatMap((id) => [id, splitTarget(id)?.model ?? id]);
  return { fields: [listed("model", [...new Set(names)])] };
}

function modelCondition(pattern: string): Condition {
  const [values, globs] = isGlob(pattern) ? [[], [pattern]] : [[pattern], []];
  return { fields: [listed("model", values, globs)] };
}
