import type { Box } from "../resolve/classes/class-space.ts";
import type { CeilingSpec } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";
import { attemptOf } from "./attempts.ts";
import { intersections } from "./box.ts";
import { neverDearer } from "./never-dearer.ts";
import { strangersTo } from "./open-set.ts";
import { mayCount, type OpenProspect, type Prospect, type WrittenProspect } from "./plan.ts";
import type { Questions } from "./questions.ts";
import { costOf, type Size } from "./refused.ts";
import type { Region } from "./regions.ts";

/**
 * The requests for which the ceiling in front of a target can refuse some other target of the plan; `undefined` where
 * nothing stands in front.
 */
export function behindCeiling(
  questions: Questions,
  region: Region,
  prospect: Prospect,
  prospects: readonly Prospect[],
): readonly Box[] | undefined {
  const { after } = prospect;
  if (!after) return undefined;
  const { ground } = questions;
  const refusable = prospects.flatMap((other) => {
    if (!mayCount(after, other)) return [];
    if (other.kind === "open") return namedBoxes(questions, other);
    return canLeaveRoom(ground, after, other, prospect) ? questions.willing(other, region) : [];
  });
  return intersections(ground.boxesOf(after.when) ?? [ground.everything], refusable);
}

/** The requests that name a target which costs something, where it is counted. */
function namedBoxes({ ground, servingParts }: Questions, prospect: OpenProspect): readonly Box[] {
  return servingParts(prospect).flatMap(({ maybe, names, prefix }) => {
    const ids = names?.map((name) => prefix + name) ?? strangersTo(ground.linked, prospect.admit);
    const hasCost = ids.some((id) => {
      const target = ground.linked.target(id as TargetId);
      const entry = { target: id as TargetId, settings: prospect.admit.settings };
      return target && costOf({ chain: prospect.chain, entry, target }, large) !== 0;
    });
    return hasCost ? (ground.boxesOf(maybe) ?? [ground.everything]) : [];
  });
}

const large: Size = {
  api: "chat",
  inputTokens: 1,
  inputTokensAtMost: 1_000_000,
  outputTokens: 1,
  answers: 1,
};

/** Tells whether a ceiling can refuse one target of the plan and still let another be tried. */
function canLeaveRoom(
  { linked }: Questions["ground"],
  ceiling: CeilingSpec,
  refused: WrittenProspect,
  tried: Prospect,
): boolean {
  const attempt = attemptOf(linked, refused);
  const cost = attempt && costOf(attempt, large);
  if (!attempt || cost === undefined || cost === 0) return false;
  if (tried.kind === "open" || !mayCount(ceiling, tried)) return true;
  const other = attemptOf(linked, tried);
  return other !== undefined && !neverDearer(attempt, other);
}
