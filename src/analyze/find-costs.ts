import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { quote } from "../diagnostics/quote.ts";
import type { LoadedPolicy } from "../policy/loaded-policy.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import { formatUsd } from "../terms/money.ts";
import { rateIsZero } from "../terms/price.ts";
import type { CeilingSpec } from "../terms/program.ts";
import { attemptOf } from "./attempts.ts";
import { intersections } from "./box.ts";
import { leastOf, valuesIn } from "./box-values.ts";
import { evidenceIn, replay } from "./evidence.ts";
import { targetPlaces } from "./places.ts";
import { isHard, mayCount, type Prospect, prospectsOf } from "./plan.ts";
import type { Questions } from "./questions.ts";
import type { Reach } from "./reach.ts";
import { costOf, refusedBoxes, withClasses } from "./refused.ts";
import { coversOf, findIn, type Region, regionOf } from "./regions.ts";
import { atKey, atValue, relatedRoutes } from "./report.ts";

/** A route that is reached and names a chain, with all that it may try. */
interface Traffic {
  readonly region: Region;
  readonly prospects: readonly Prospect[];
}

/** Finds targets that can serve nothing, and ceilings that refuse everything or count nothing. */
export function* findCosts(
  loaded: LoadedPolicy,
  questions: Questions,
  reached: readonly Reach[],
): Generator<Diagnostic> {
  const { program } = questions.ground;
  const traffic = reached.flatMap((reach, index): readonly Traffic[] => {
    const region = reach.kind === "reached" ? regionOf(questions.ground, index) : undefined;
    const action = region?.route.action;
    const chain = action?.kind === "use" ? program.chains[action.chain] : undefined;
    if (!region || !chain) return [];
    const uses = program.ceilings.length === 0 ? [] : questions.usesMeeting(region);
    return [{ region, prospects: prospectsOf(program, chain, uses) }];
  });
  yield* idleTargets(loaded, questions, traffic);
  // Of a route that cannot be told, nobody knows what it counts.
  if (reached.some(({ kind }) => kind === "undecided")) return;
  for (const [index, ceiling] of program.ceilings.entries()) {
    const finding =
      idleCeiling(loaded, questions, traffic, index, ceiling) ??
      tinyCeiling(loaded, questions, traffic, index, ceiling);
    if (finding) yield finding;
  }
}

/** Targets in chains that get requests, none of which they are able to serve. */
function* idleTargets(
  loaded: LoadedPolicy,
  questions: Questions,
  traffic: readonly Traffic[],
): Generator<Diagnostic> {
  const { idle, useful } = useOf(questions, traffic);
  const roots = new Set(
    traffic.flatMap(({ prospects }) => prospects.map(({ chain }) => chain.name)),
  );
  for (const { path, target, roots: holding } of targetPlaces(loaded, roots)) {
    const keys = holding.map((root) => `${root} ${target}`);
    if (!keys.every((key) => idle.has(key) && !useful.has(key))) continue;
    const region = idle.get(keys[0] ?? "");
    if (!region) continue;
    const why = whyUnable(questions, region, target);
    const message = `${quote(target)} can serve none of the requests that get to it${why}`;
    const related = relatedRoutes(loaded, [region.index], "sends it what it cannot serve");
    yield atValue(loaded, path, ["SB506", message], { related, help: "take it out of the chain" });
  }
}

/** Chains with targets, as `chain target`: those that serve some route, and those that cannot serve one. */
function useOf(questions: Questions, traffic: readonly Traffic[]) {
  const useful = new Set<string>();
  const idle = new Map<string, Region>();
  for (const { region, prospects } of traffic) {
    const written = prospects.filter((prospect) => prospect.kind === "written");
    const unable = new Set(
      written.filter((prospect) => {
        const able = intersections(
          questions.able(prospect, region),
          worth(questions, region, prospect),
        );
        return findIn(questions.ground, region, able).kind === "covered";
      }),
    );
    const isMute = unable.size === prospects.length && allMute(questions, region, written);
    for (const prospect of written) {
      const key = `${prospect.chain.name} ${prospect.entry.target}`;
      if (isMute || !unable.has(prospect)) useful.add(key);
      else if (!idle.has(key)) idle.set(key, region);
    }
  }
  return { idle, useful };
}

/**
 * The requests that are worth a thought for a target. What writes answers makes no embeddings, though its provider does:
 * where other requests come, those do not count in its favour.
 */
function worth(
  { ground }: Questions,
  region: Region,
  { entry }: Extract<Prospect, { kind: "written" }>,
): readonly Box[] {
  const { everything, linked, space } = ground;
  const spec = linked.target(entry.target)?.spec;
  const writes = spec?.maxOutput !== undefined || (spec?.price && !rateIsZero(spec.price.output));
  const apis = space.fields.find(({ field }) => field === "api")?.classes;
  const isOther = (index: number) => apis?.[index]?.value !== "embeddings";
  const others = withClasses(ground, everything, "api", isOther);
  return writes && findIn(ground, region, [others]).kind === "found" ? [others] : [everything];
}

/** Tells whether no target speaks a format that the route takes, which is found where formats are compared. */
function allMute(
  { ground }: Questions,
  region: Region,
  prospects: readonly Extract<Prospect, { kind: "written" }>[],
): boolean {
  const taken = new Set(region.boxes.flatMap((box) => valuesIn(ground, box, "api")));
  return prospects.every(({ entry }) => {
    const spoken = ground.linked.target(entry.target)?.provider.apis ?? [];
    return !spoken.some((api) => taken.has(api));
  });
}

/** The reason that `explain` gives for one of the requests. */
function whyUnable({ ground }: Questions, region: Region, target: string): string {
  const found = findIn(ground, region);
  if (found.kind !== "found") return "";
  const seen = replay(ground, evidenceIn(ground, found.box));
  const skip = seen?.decision.skipped.find((each) => each.target === target);
  return skip ? `: ${skip.detail}` : "";
}

/** A ceiling that no request meets, or whose targets are in no plan. */
function idleCeiling(
  loaded: LoadedPolicy,
  questions: Questions,
  traffic: readonly Traffic[],
  index: number,
  ceiling: CeilingSpec,
): Diagnostic | undefined {
  const boxes = questions.ground.boxesOf(ceiling.when);
  if (!boxes || boxes.length === 0) return undefined;
  const counting = traffic.filter(({ prospects }) =>
    prospects.some((each) => mayCount(ceiling, each)),
  );
  if (counting.length === 0) {
    if (traffic.length === 0) return undefined;
    const message = `${quote(ceiling.name)} counts nothing: none of its targets is in a chain that gets requests`;
    return atKey(loaded, ["ceilings", index, "target"], ["SB507", message]);
  }
  if (counting.some(({ region }) => findIn(questions.ground, region, boxes).kind !== "covered")) {
    return undefined;
  }
  const message = `${quote(ceiling.name)} counts nothing: no request that it matches gets to ${ceiling.targets ? "its targets" : "a target"}`;
  return atKey(loaded, ["ceilings", index, "match"], ["SB507", message]);
}

/**
 * A hard ceiling below what anything costs: it refuses every request that it counts, or every one of a route. One that
 * shuts out a part of a route may mean to.
 */
function tinyCeiling(
  loaded: LoadedPolicy,
  questions: Questions,
  traffic: readonly Traffic[],
  index: number,
  ceiling: CeilingSpec,
): Diagnostic | undefined {
  const { ground } = questions;
  const meeting = ground.boxesOf(ceiling.when);
  if (!isHard(ceiling) || !meeting) return undefined;
  const shut: { region: Region; least: number; isWhole: boolean }[] = [];
  let counted = 0;
  for (const { region, prospects } of traffic) {
    const boxes = intersections(region.boxes, meeting);
    const part = { ...region, boxes };
    if (boxes.length === 0 || findIn(ground, part).kind !== "found") continue;
    if (!prospects.some((prospect) => mayCount(ceiling, prospect))) continue;
    counted++;
    const least = leastCost(questions, part, prospects, ceiling);
    if (least === undefined) continue;
    const isWhole = findIn(ground, region, undefined, coversOf(meeting)).kind === "covered";
    shut.push({ region, least, isWhole });
  }
  for (const { region, least, isWhole } of shut) {
    if (!isWhole && shut.length < counted) continue;
    const message = `${quote(ceiling.name)} refuses every request that it counts of route ${quote(region.route.name)}: the smallest reserves $${formatUsd(least)}`;
    const related = relatedRoutes(loaded, [region.index], "is shut out");
    const help = "raise the limit, or lower `maxOutputTokens`";
    return atValue(loaded, ["ceilings", index, "limit"], ["SB505", message], { related, help });
  }
  return undefined;
}

/** The least that an attempt costs, where all that can serve cost more than the limit; else `undefined`. */
function leastCost(
  questions: Questions,
  part: Region,
  prospects: readonly Prospect[],
  ceiling: CeilingSpec,
): number | undefined {
  const { ground } = questions;
  const costs: number[] = [];
  for (const prospect of prospects) {
    if (prospect.kind === "open" || !mayCount(ceiling, prospect)) return undefined;
    const attempt = attemptOf(ground.linked, prospect);
    if (!attempt) continue;
    const able = questions.able(prospect, part);
    if (findIn(ground, part, able).kind === "covered") continue;
    const refused = coversOf(refusedBoxes(ground, attempt, ceiling, { least: 1 }));
    if (findIn(ground, part, able, refused).kind !== "covered") return undefined;
    costs.push(...smallestCosts(ground, attempt, intersections(part.boxes, able)));
  }
  return costs.length > 0 ? Math.min(...costs) : undefined;
}

function smallestCosts(
  ground: Questions["ground"],
  attempt: NonNullable<ReturnType<typeof attemptOf>>,
  boxes: readonly Box[],
): readonly number[] {
  return boxes.flatMap((box) => {
    const inputTokens = leastOf(ground, box, "inputTokens");
    const apis = valuesIn(ground, box, "api");
    const size = { inputTokens, inputTokensAtMost: Math.max(1, inputTokens), answers: 1 };
    const outputTokens = Math.max(1, leastOf(ground, box, "outputTokens"));
    const api = apis.includes("embeddings") ? "embeddings" : "chat";
    return costOf(attempt, { ...size, api, outputTokens }) ?? [];
  });
}
