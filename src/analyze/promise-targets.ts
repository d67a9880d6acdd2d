import type { Box } from "../resolve/classes/class-space.ts";
import type { PromiseSpec } from "../terms/program.ts";
import { splitTarget, type TargetId } from "../terms/target.ts";
import { attemptOf, refusedCovers } from "./attempts.ts";
import { behindCeiling } from "./behind-ceiling.ts";
import { intersections } from "./box.ts";
import { openRefused } from "./open-refused.ts";
import { type Prospect, prospectsOf } from "./plan.ts";
import type { Questions } from "./questions.ts";
import { coversOf, findIn, type Region, regionOf } from "./regions.ts";
import { cellOf } from "./sample-box.ts";
import { type Ban, bans, isTakenOnTrust } from "./selectors.ts";
import { showAttempt } from "./show-attempt.ts";
import { proved, type Refutation, type Verdict } from "./verdict.ts";
import { type Budget, budget, type Cover } from "./witness.ts";

/** Requests that fail to show what a search found are set aside, so many times for each target. */
const mostTries = 12;

/**
 * Decides a promise about targets: whether in any state of breakers, holds and budgets a request that it speaks of can
 * be tried at one that it shuts out.
 *
 * A target counts where some request can really be tried at it: its format is spoken, it is not known to be unable, no
 * hard ceiling always refuses it. Each refutation has been replayed.
 */
export function decideTargets(questions: Questions, promise: PromiseSpec, ban: Ban): Verdict {
  const { ground } = questions;
  const given = ground.boxesOf(promise.given);
  if (!given) return { kind: "undecided", because: "its `given` tells too many models apart" };
  const trusting = new Set<string>();
  let open: Verdict | undefined;
  for (const index of ground.program.routes.keys()) {
    const verdict = decideRoute(questions, promise, ban, index, given, trusting);
    if (verdict.kind === "refuted") return verdict;
    if (verdict.kind === "undecided") open ??= verdict;
  }
  if (open) return open;
  return trusting.size > 0 ? { kind: "proved", trusting: [...trusting] } : proved;
}

function decideRoute(
  questions: Questions,
  promise: PromiseSpec,
  ban: Ban,
  index: number,
  given: readonly Box[],
  trusting: Set<string>,
): Verdict {
  const { ground } = questions;
  const { program } = ground;
  const action = program.routes[index]?.action;
  if (action?.kind !== "use" || ground.idle.has(index)) return proved;
  const chain = program.chains[action.chain];
  const region = regionOf(ground, index, given);
  if (!region) return undecided(index, "too many models are told apart");
  if (!chain || region.boxes.length === 0) return proved;
  const some = findIn(ground, region);
  if (some.kind === "covered") return proved;
  const uses = questions.usesMeeting(region);
  const prospects = prospectsOf(program, chain, uses);
  const spend = budget();
  let open: Verdict | undefined;
  for (const prospect of prospects) {
    const verdict = decideProspect(questions, promise, ban, region, prospect, prospects, spend);
    if (verdict.kind === "refuted") return verdict;
    if (verdict.kind === "undecided") open ??= verdict;
    const trusted = trustedProvider(questions, ban, prospect);
    if (trusted !== undefined) trusting.add(trusted);
  }
  return open ?? proved;
}

/** The provider whose own word keeps a target within a promise; `undefined` where nothing rests on it. */
function trustedProvider(
  { ground }: Questions,
  { kind, selector }: Ban,
  prospect: Prospect,
): string | undefined {
  if (!selector.labels) return undefined;
  const id = prospect.kind === "written" ? prospect.entry.target : undefined;
  const name =
    prospect.kind === "open" ? prospect.admit.provider : providerOf(prospect.entry.target);
  const provider = ground.program.providers[name];
  if (!provider || !isTakenOnTrust(provider)) return undefined;
  const { labels: _, ...rest } = selector;
  const restNames = bans({ kind: "never", selector: rest }, provider, id ?? `${name}:`);
  return kind === "only" || restNames ? name : undefined;
}

function decideProspect(
  questions: Questions,
  promise: PromiseSpec,
  ban: Ban,
  region: Region,
  prospect: Prospect,
  prospects: readonly Prospect[],
  spend: Budget,
): Verdict {
  const behind = behindCeiling(questions, region, prospect, prospects);
  if (behind?.length === 0) return proved;
  for (const { boxes, refused } of searchesFor(questions, promise, ban, region, prospect)) {
    if (!boxes) return undecided(region.index, "too many models are told apart");
    const part = behind ? intersections(boxes, behind) : boxes;
    const verdict = search(questions, ban, region, prospect, part, refused, spend);
    if (verdict.kind !== "proved") return verdict;
  }
  return proved;
}

interface Search {
  /** The requests that a target shut out may serve; `undefined` where they cannot be told. */
  readonly boxes: readonly Box[] | undefined;
  /** Those of them that hard ceilings always refuse. */
  readonly refused: readonly Cover[];
}

/** Where to look for a request that is tried at a target shut out; within windows first, as those read best. */
function* searchesFor(
  questions: Questions,
  promise: PromiseSpec,
  ban: Ban,
  region: Region,
  prospect: Prospect,
): Generator<Search> {
  const { ground } = questions;
  if (prospect.kind === "open") {
    for (const banned of questions.bannedParts(promise, prospect)) {
      const refused = openRefused(ground, prospect, banned);
      yield { boxes: ground.boxesOf(banned.when), refused };
    }
    return;
  }
  const attempt = attemptOf(ground.linked, prospect);
  if (!attempt || !bans(ban, attempt.target.provider, prospect.entry.target)) return;
  const refused = refusedCovers(ground, prospect, attempt);
  yield { boxes: questions.able(prospect, region), refused };
  yield { boxes: questions.willing(prospect, region), refused };
}

/** Looks for a request that is tried at a target which is shut out, until one is shown or none is left. */
function search(
  { ground }: Questions,
  ban: Ban,
  region: Region,
  prospect: Prospect,
  part: readonly Box[],
  refused: readonly Cover[],
  spend: Budget,
): Verdict {
  const isBanned = (target: TargetId) => {
    const provider = ground.program.providers[providerOf(target)];
    return provider !== undefined && bans(ban, provider, target);
  };
  let without = refused;
  for (let tries = 0; tries < mostTries; tries++) {
    const found = findIn(ground, region, part, without, spend);
    if (found.kind === "covered") {
      return tries === 0 ? proved : undecided(region.index, notShown);
    }
    if (found.kind === "undecided") return undecided(region.index, tookTooLong);
    const shown = showAttempt(ground, region.index, found.box, isBanned, prospect.after);
    if (shown) return refutation(region, shown.evidence, shown.target);
    without = [...without, ...coversOf([cellOf(ground, found.box)])];
  }
  return undecided(region.index, notShown);
}

const notShown = "no request could be shown that is tried at a target shut out";
const tookTooLong = "the search took too long";

function refutation(
  region: Region,
  evidence: Refutation["evidence"],
  target: TargetId,
): Refutation {
  const detail = `route \`${region.route.name}\` can try \`${target}\``;
  return { kind: "refuted", evidence, route: region.index, target, detail };
}

function undecided(route: number, because: string): Verdict {
  return { kind: "undecided", route, because };
}

function providerOf(target: string): string {
  return splitTarget(target)?.provider ?? target;
}
