import { actualCost } from "../catalog/cost.ts";
import type { Linked } from "../resolve/link.ts";
import type { DecisionRecord, RecordedAttempt } from "../resolve/record.types.ts";
import type { Remade } from "../resolve/record-remake.ts";
import { type NanoUsd, parseUsd } from "../terms/money.ts";
import type { TargetId } from "../terms/target.ts";
import type { Usage } from "../terms/usage.ts";

/** What a recorded request cost; `undefined` where nobody knows. */
export function recordedCost({ cost }: DecisionRecord): NanoUsd | undefined {
  return cost === null ? undefined : parseUsd(cost);
}

/**
 * What a recorded request would have cost, had the policy decided otherwise: a target that failed in the record fails
 * again and costs what it cost then; the first that did not answers, with the tokens that the real answer took, at its
 * own price. A denied request costs nothing.
 *
 * @returns `undefined` where that cannot be told: nobody answered in the record, or a price is not known
 */
export function costElsewhere(
  linked: Linked,
  record: DecisionRecord,
  remade: Remade,
): NanoUsd | undefined {
  if (remade.kind === "refused" || remade.decision.kind === "deny") return 0;
  const failed = record.attempts.filter(({ outcome }) => outcome !== "ok");
  let cost = 0;
  for (const { target, after } of remade.decision.plan) {
    if (after !== undefined) continue;
    const again = failed.filter((attempt) => attempt.target === target);
    if (again.length === 0) {
      const answer = answerCost(linked, record, target);
      return answer === undefined ? undefined : cost + answer;
    }
    for (const attempt of again) {
      const known = knownCost(attempt);
      if (known === undefined) return undefined;
      cost += known;
    }
  }
  return cost;
}

/** What the recorded answer costs at a target. A cost that a provider reports is its own, and says nothing of others. */
function answerCost(
  linked: Linked,
  { attempts }: DecisionRecord,
  target: TargetId,
): NanoUsd | undefined {
  const answered = attempts.find(({ outcome }) => outcome === "ok");
  const found = linked.target(target);
  if (!answered?.usage || !found) return undefined;
  const { reportedCost, ...counts } = answered.usage;
  const reported = answered.target === target && reportedCost ? parseUsd(reportedCost) : undefined;
  const usage: Usage = {
    ...counts,
    ...(reported !== undefined && { reportedCost: reported }),
    raw: {},
  };
  return actualCost(found.spec.price, usage, found.provider.feePpm);
}

function knownCost({ cost }: RecordedAttempt): NanoUsd | undefined {
  return cost === undefined ? undefined : parseUsd(cost);
}
