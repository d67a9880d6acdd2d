import type { Box } from "../resolve/classes/class-space.ts";
import { type Api, apis } from "../terms/api.ts";
import { formatUsd, type NanoUsd } from "../terms/money.ts";
import type { CeilingSpec, ChainSpec, PromiseSpec } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";
import { attemptOf } from "./attempts.ts";
import { behindCeiling } from "./behind-ceiling.ts";
import { boxesMeet, boxIntersection, boxWithin, boxWithout } from "./box.ts";
import { leastOf, singles, topsOf, valuesIn } from "./box-values.ts";
import { dearestSum, type Outlay } from "./dearest-sum.ts";
import { strangersTo } from "./open-set.ts";
import { isHard, mayCount, type Prospect, prospectsOf } from "./plan.ts";
import type { Questions } from "./questions.ts";
import { type Attempt, costOf, type Size } from "./refused.ts";
import { findIn, type Region, regionOf } from "./regions.ts";
import { showCost } from "./show-cost.ts";
import { proved, type Refutation, type Verdict } from "./verdict.ts";
import { type Budget, budget } from "./witness.ts";

/**
 * How far requests go that a promise on cost is asked about: `ordinary` ones ask for one answer and are written in four
 * bytes a token; `any` may ask for many answers and may be hardly text.
 */
export type Extent = "ordinary" | "any";

/**
 * Decides whether a request that a promise speaks of can reserve more than its limit, all attempts together: the dearest
 * that `maxAttempts` and the retries of each target allow, as far as hard ceilings let them.
 *
 * A promise that only requests out of the ordinary break is proved, with one of them beside the proof.
 */
export function decideCost(questions: Questions, promise: PromiseSpec, limit: NanoUsd): Verdict {
  const ordinary = decideExtent(questions, promise, limit, "ordinary");
  if (ordinary.kind !== "proved") return ordinary;
  const any = decideExtent(questions, promise, limit, "any");
  return any.kind === "proved" ? any : { kind: "proved", beyond: any };
}

function decideExtent(
  questions: Questions,
  promise: PromiseSpec,
  limit: NanoUsd,
  extent: Extent,
): Verdict {
  const { ground } = questions;
  if (ground.program.ceilings.some((ceiling) => boundsAll(ceiling, limit))) return proved;
  const given = ground.boxesOf(promise.given);
  if (!given) return { kind: "undecided", because: "its `given` tells too many models apart" };
  const costs = new Map<string, number | undefined>();
  let open: Verdict | undefined;
  for (const [index, { action }] of ground.program.routes.entries()) {
    const chain = action.kind === "use" ? ground.program.chains[action.chain] : undefined;
    if (!chain || ground.idle.has(index)) continue;
    const region = regionOf(ground, index, given);
    const verdict: Verdict = region
      ? decideRegion({ questions, region, chain, limit, extent, spend: budget(), costs })
      : { kind: "undecided", route: index, because: "too many models are told apart" };
    if (verdict.kind === "refuted") return verdict;
    if (verdict.kind === "undecided") open ??= verdict;
  }
  return open ?? proved;
}

/** Tells whether a ceiling refuses whatever takes any request above a limit. */
function boundsAll(ceiling: CeilingSpec, limit: NanoUsd): boolean {
  const { per, targets, when } = ceiling;
  const isForAll = targets === undefined && when.fields.length === 0 && when.anyOf === undefined;
  return isHard(ceiling) && per === "request" && isForAll && ceiling.limit <= limit;
}

interface Hunt {
  readonly questions: Questions;
  readonly region: Region;
  readonly chain: ChainSpec;
  readonly limit: NanoUsd;
  readonly extent: Extent;
  readonly spend: Budget;
  /** What attempts of a size cost. A memo over all routes. */
  readonly costs: Map<string, number | undefined>;
}

function decideRegion(hunt: Hunt): Verdict {
  let open: Verdict | undefined;
  for (const box of hunt.region.boxes) {
    const verdict = decideBox(hunt, box);
    if (verdict.kind === "refuted") return verdict;
    if (verdict.kind === "undecided") open ??= verdict;
  }
  return open ?? proved;
}

/** Bounds the cost in a box; where the bound is above the limit, looks for a request or cuts the box in smaller ones. */
function decideBox(hunt: Hunt, box: Box): Verdict {
  const { questions, region, limit, spend } = hunt;
  const { ground } = questions;
  if (spend.left <= 0) return unsure(region);
  const prospects = prospectsIn(hunt, box);
  if (bound(hunt, box, prospects) <= limit) return proved;
  const found = findIn(ground, { ...region, boxes: [box] }, undefined, [], spend);
  if (found.kind === "covered") return proved;
  if (found.kind === "undecided") return unsure(region);
  const shown = showCost(ground, region, found.box, hunt.chain, limit, hunt.extent);
  if (shown) return refutation(region, shown.evidence, shown.cost);
  for (const piece of pieces(hunt, box, prospects)) {
    const verdict = decideBox(hunt, piece);
    if (verdict.kind !== "proved") return verdict;
  }
  return pieces(hunt, box, prospects).length === 0 ? unsure(region) : proved;
}

function prospectsIn({ questions, chain }: Hunt, box: Box): readonly Prospect[] {
  const { ground } = questions;
  const uses = ground.program.ceilings.filter(({ exceeded, when }) => {
    if (exceeded.kind !== "use") return false;
    const part = ground.boxesOf(when);
    return part === undefined || part.some((each) => boxesMeet(each, box));
  });
  return prospectsOf(ground.program, chain, uses);
}

/** The most that any request of a box can reserve; infinite where nothing bounds it. */
function bound(hunt: Hunt, box: Box, prospects: readonly Prospect[]): number {
  const { chain } = hunt;
  const hard = hardIn(hunt, box);
  const outlays = prospects.flatMap((prospect): readonly Outlay[] => {
    const caps = hard.filter((ceiling) => surelyCounts(ceiling, prospect));
    const counted = new Set(caps.filter(({ per }) => per === "request"));
    const cap = Math.min(Number.POSITIVE_INFINITY, ...caps.map(({ limit }) => limit));
    const costs = attemptsIn(hunt, box, prospect, prospects).flatMap(
      ({ mayBePriced, ...attempt }) => {
        const cost = dearest(hunt, box, attempt);
        // What nobody can price is refused by any hard ceiling.
        if (cost === undefined && caps.length > 0 && !mayBePriced) return [];
        if (cheapest(hunt, box, attempt) > cap) return [];
        return Math.min(cost ?? Number.POSITIVE_INFINITY, cap);
      },
    );
    const { retry } = (prospect.kind === "open" ? prospect.admit : prospect.entry).settings;
    return costs.length === 0
      ? []
      : [{ cost: Math.max(...costs), times: 1 + retry.maxRetries, counted }];
  });
  return dearestSum(outlays, chain.maxAttempts);
}

/** The attempts at a target that requests of a box may make: one, or of an open one any that may be named. */
function attemptsIn(
  { questions, region, extent }: Hunt,
  box: Box,
  prospect: Prospect,
  prospects: readonly Prospect[],
): readonly PossibleAttempt[] {
  const { linked } = questions.ground;
  const mayServe = (boxes: readonly Box[]) => boxes.some((each) => boxesMeet(each, box));
  const behind = behindCeiling(questions, region, prospect, prospects);
  if (behind && !mayServe(behind)) return [];
  if (prospect.kind === "written") {
    const attempt = attemptOf(linked, prospect);
    const isAble = mayServe(questions[extent === "any" ? "willing" : "able"](prospect, region));
    return attempt && isAble ? [{ ...attempt, mayBePriced: false }] : [];
  }
  const { chain, admit } = prospect;
  return questions.servingParts(prospect).flatMap(({ maybe, prefix, names }) => {
    if (!mayServe(questions.ground.boxesOf(maybe) ?? [box])) return [];
    const ids = names?.map((name) => prefix + name) ?? strangersTo(linked, admit);
    return ids.flatMap((id): readonly PossibleAttempt[] => {
      const target = linked.target(id as TargetId);
      if (!target) return [];
      const entry = { target: id as TargetId, settings: admit.settings };
      const hasList = linked.catalog.models(target.kind.kind).length > 0;
      return [{ chain, entry, target, mayBePriced: !names && hasList }];
    });
  });
}

interface PossibleAttempt extends Attempt {
  /** It stands for names some of which the catalog may have a price for. */
  readonly mayBePriced: boolean;
}

/** The hard ceilings that every request of a box meets. */
function hardIn({ questions: { ground } }: Hunt, box: Box): readonly CeilingSpec[] {
  return ground.program.ceilings.filter(
    (ceiling) =>
      isHard(ceiling) &&
      (ground.boxesOf(ceiling.when) ?? []).some((each) => boxWithin(box, each, ground.whole)),
  );
}

function surelyCounts(ceiling: CeilingSpec, prospect: Prospect): boolean {
  if (prospect.kind === "written" || !ceiling.targets) return mayCount(ceiling, prospect);
  const { provider, model } = prospect.admit;
  return ceiling.targets.some((glob) => globCovers(glob, `${provider}:${model}`));
}

/** Tells whether every text that matches one pattern matches the other, each with one star at most. */
function globCovers(outer: string, inner: string): boolean {
  const [before = "", after] = outer.split("*");
  if (after === undefined) return outer === inner;
  const [start = "", end] = inner.split("*");
  if (end === undefined) {
    const isLong = inner.length >= before.length + after.length;
    return isLong && inner.startsWith(before) && inner.endsWith(after);
  }
  return start.startsWith(before) && end.endsWith(after);
}

/** More than any request has. */
const many = Number.MAX_SAFE_INTEGER;

/** The most that one attempt can cost in a box; infinite where nothing bounds it, `undefined` where it has no price. */
function dearest(hunt: Hunt, box: Box, attempt: Attempt): number | undefined {
  const { ground } = hunt.questions;
  if (!attempt.target.spec.price) return undefined;
  const [inputs = many] = topsOf(ground, box, "inputTokens");
  const outputs = topsOf(ground, box, "outputTokens");
  const isAny = hunt.extent === "any";
  const costs = apisIn(ground, box).map((api) => {
    const inputTokensAtMost = isAny ? many : Math.min(many, inputs * 4);
    const answers = isAny && api === "chat" ? many : 1;
    const size = { api, inputTokens: 0, inputTokensAtMost, answers, liftsWindow: isAny };
    const sizes = outputs.map((outputTokens) =>
      knownCost(hunt, attempt, { ...size, outputTokens }),
    );
    return Math.max(...sizes.map((cost) => cost ?? Number.POSITIVE_INFINITY));
  });
  return Math.max(0, ...costs);
}

/** {@link costOf}, remembered. */
function knownCost({ costs }: Hunt, attempt: Attempt, size: Size): number | undefined {
  const key = `${attempt.chain.name} ${attempt.entry.target} ${Object.values(size).join(" ")}`;
  if (!costs.has(key)) costs.set(key, costOf(attempt, size));
  return costs.get(key);
}

/** The least that one attempt can cost in a box; infinite where nobody knows what any costs. */
function cheapest(hunt: Hunt, box: Box, attempt: Attempt): number {
  const { ground } = hunt.questions;
  const inputTokens = leastOf(ground, box, "inputTokens");
  const tops = topsOf(ground, box, "outputTokens");
  const outputs = [
    ...(tops.includes(undefined) ? [undefined] : []),
    ...(tops.some((top) => top !== undefined) ? [leastOf(ground, box, "outputTokens") || 1] : []),
  ];
  const least = { inputTokens, inputTokensAtMost: inputTokens, answers: 1 };
  const costs = apisIn(ground, box).flatMap((api) =>
    outputs.flatMap(
      (outputTokens) => knownCost(hunt, attempt, { ...least, api, outputTokens }) ?? [],
    ),
  );
  return Math.min(Number.POSITIVE_INFINITY, ...costs);
}

function apisIn(ground: Questions["ground"], box: Box): readonly Api[] {
  const spoken = valuesIn(ground, box, "api");
  return apis.filter((api) => spoken.includes(api));
}

/** A box in smaller boxes: cut by a condition that only a part of it meets, else by the classes of one field. */
function pieces(hunt: Hunt, box: Box, prospects: readonly Prospect[]): readonly Box[] {
  const { ground } = hunt.questions;
  for (const cut of cuts(hunt, prospects)) {
    if (!boxesMeet(box, cut) || boxWithin(box, cut, ground.whole)) continue;
    const inside = boxIntersection(box, cut);
    return [...(inside ? [inside] : []), ...boxWithout(box, cut, ground.whole)];
  }
  for (const field of ["api", "outputTokens", "inputTokens"] as const) {
    const single = singles(ground, box, field);
    if (single.length > 1) return single;
  }
  return [];
}

function* cuts({ questions, region }: Hunt, prospects: readonly Prospect[]): Generator<Box> {
  const { ground } = questions;
  for (const { when } of ground.program.ceilings) yield* ground.boxesOf(when) ?? [];
  for (const prospect of prospects) {
    if (prospect.kind === "written") yield* questions.able(prospect, region);
    else
      for (const { maybe } of questions.servingParts(prospect)) {
        yield* ground.boxesOf(maybe) ?? [];
      }
  }
}

function refutation(region: Region, evidence: Refutation["evidence"], cost: number): Refutation {
  const most = Number.isFinite(cost) ? `$${formatUsd(cost)}` : "an amount that nobody knows";
  const detail = `a request that route \`${region.route.name}\` takes can reserve ${most}`;
  return { kind: "refuted", evidence, route: region.index, detail };
}

function unsure({ index }: Region): Verdict {
  return { kind: "undecided", route: index, because: "no request could be shown that costs more" };
}
