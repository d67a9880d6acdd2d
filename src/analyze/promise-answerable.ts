import type { Box } from "../resolve/classes/class-space.ts";
import type { PromiseSpec } from "../terms/program.ts";
import { attemptOf, refusedCovers } from "./attempts.ts";
import { boxesMeet, boxWithout } from "./box.ts";
import { evidenceIn, type Replay, replay } from "./evidence.ts";
import type { Ground } from "./ground.ts";
import { openRefused } from "./open-refused.ts";
import { type Prospect, prospectsOf } from "./plan.ts";
import { decideTotal } from "./promise-total.ts";
import type { Questions } from "./questions.ts";
import { coversOf, findIn, type Region, regionOf } from "./regions.ts";
import { cellOf } from "./sample-box.ts";
import { proved, type Verdict } from "./verdict.ts";
import { budget, type Cover } from "./witness.ts";

/** Requests that turn out to have a target after all are set aside, so many times for each route. */
const mostTries = 12;

/**
 * Decides whether every request that a promise speaks of meets a route that is no denial and that has a target which is
 * not known to be unable, with all breakers closed and nothing spent. A target whose price nobody knows is unable where
 * a hard ceiling counts it.
 */
export function decideAnswerable(questions: Questions, promise: PromiseSpec): Verdict {
  const { ground } = questions;
  const total = decideTotal(ground, promise);
  const given = ground.boxesOf(promise.given);
  if (total.kind !== "proved" || !given) return total;
  let open: Verdict | undefined;
  for (const index of ground.program.routes.keys()) {
    const region = regionOf(ground, index, given);
    const verdict: Verdict = region
      ? decideRegion(questions, region)
      : { kind: "undecided", route: index, because: "too many models are told apart" };
    if (verdict.kind === "refuted") return verdict;
    if (verdict.kind === "undecided") open ??= verdict;
  }
  return open ?? proved;
}

function decideRegion(questions: Questions, region: Region): Verdict {
  const { ground } = questions;
  const { action } = region.route;
  if (region.boxes.length === 0) return proved;
  const chain = action.kind === "use" ? ground.program.chains[action.chain] : undefined;
  const own = chain ? prospectsOf(ground.program, chain, []) : [];
  let without = coversOf(own.flatMap((prospect) => served(questions, region, prospect)));
  const spend = budget();
  for (let tries = 0; tries < mostTries; tries++) {
    const found = findIn(ground, region, undefined, without, spend);
    if (found.kind === "covered") return tries === 0 ? proved : unsure(region, notShown);
    if (found.kind === "undecided") return unsure(region, "the search took too long");
    const shown = refutationIn(ground, region, found.box);
    if (shown) return shown;
    without = [...without, ...coversOf([cellOf(ground, found.box)])];
  }
  return unsure(region, notShown);
}

const notShown = "no request could be shown that no target serves";

/** The refutation by a request of a box, where replaying it shows one. */
function refutationIn(ground: Ground, region: Region, box: Box): Verdict | undefined {
  const { name, action } = region.route;
  const evidence = evidenceIn(ground, box);
  const seen = replay(ground, evidence);
  if (!seen || seen.decision.route !== name || !isUnanswered(seen)) return undefined;
  const detail =
    action.kind === "use"
      ? `no target of \`${action.chain}\` can serve a request that route \`${name}\` takes`
      : `route \`${name}\` denies it`;
  return { kind: "refuted", evidence, route: region.index, detail };
}

/** Tells whether a request is denied, and not for what its targets cost. */
function isUnanswered({ decision, candidates }: Replay): boolean {
  if (decision.kind !== "deny") return false;
  const own = new Set(candidates.flatMap(({ target, after }) => (after ? [] : target)));
  return decision.skipped.every(({ target, because }) => because !== "ceiling" || !own.has(target));
}

/** The requests that a target is not known to be unable to serve. */
function served(questions: Questions, region: Region, prospect: Prospect): readonly Box[] {
  const { ground } = questions;
  if (prospect.kind === "written") {
    const attempt = attemptOf(ground.linked, prospect);
    if (!attempt) return [];
    const refused = refusedCovers(ground, prospect, attempt, true);
    return without(ground, questions.able(prospect, region), refused);
  }
  return questions.servingParts(prospect).flatMap((part) => {
    if (part.mayBeNothing) return [];
    const boxes = ground.boxesOf(part.when) ?? [];
    return without(ground, boxes, openRefused(ground, prospect, part, { unpricedOnly: true }));
  });
}

/** What is left of boxes outside all covers, as boxes. */
function without(
  { whole }: Ground,
  boxes: readonly Box[],
  covers: readonly Cover[],
): readonly Box[] {
  return covers.reduce<readonly Box[]>(
    (left, { box: cover }) =>
      left.flatMap((box) => (boxesMeet(box, cover) ? boxWithout(box, cover, whole) : [box])),
    boxes,
  );
}

function unsure({ index }: Region, because: string): Verdict {
  return { kind: "undecided", route: index, because };
}
