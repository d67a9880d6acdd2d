import { actualCost } from "../catalog/cost.ts";
import type { Candidate } from "../resolve/candidate.ts";
import type { LinkedTarget } from "../resolve/link.ts";
import { formatUsd, type NanoUsd } from "../terms/money.ts";
import { unreachable } from "../terms/unreachable.ts";
import type { Usage } from "../terms/usage.ts";
import type { Admission } from "./admit.ts";
import { patiently } from "./ledger-patience.ts";
import type { Billing } from "./ports.ts";
import { alert, type Progress } from "./progress.ts";

/** How long a target rests that billed more than was thought possible: time for a person to look. */
const overrunHoldMs = 60_000;

/**
 * Resolves what was reserved for an attempt by what it is billed, and answers its cost.
 *
 * Unknown usage costs the worst case. A cost above the worst case is kept in full, raises `overrun` and holds the
 * target, since every reservation made for it is too small.
 *
 * A cost that a provider reports counts only from the kinds that are known to report one.
 *
 * @returns `undefined` where neither a price nor a worst case is known; never throws and never waits long, whatever the
 *   ledger does
 */
export async function settle(
  progress: Progress,
  candidate: Candidate,
  { reservationId }: Admission,
  billing: Billing,
): Promise<NanoUsd | undefined> {
  const cost = costOf(candidate, billing);
  if (reservationId === undefined) return cost;
  const { ledger, clock } = progress.engine;
  const resolving = () =>
    billing.kind === "nothing"
      ? ledger.release(reservationId)
      : ledger.settle(reservationId, cost ?? 0);
  try {
    const resolved = await patiently(clock, resolving());
    if (resolved) alert(progress, "ledger", "a cost was not settled in time", candidate.target);
  } catch (thrown) {
    alert(progress, "ledger", `a cost could not be settled: ${String(thrown)}`, candidate.target);
  }
  if (cost !== undefined && candidate.worstCost !== undefined && cost > candidate.worstCost) {
    overrun(progress, candidate, cost);
  }
  return cost;
}

function costOf({ linked, worstCost }: Candidate, billing: Billing): NanoUsd | undefined {
  switch (billing.kind) {
    case "nothing":
      return 0;
    case "unknown":
      return worstCost;
    case "usage":
      // Usage without any input says a cost, or nothing.
      if (!linked.kind.reportsCost && billing.usage.inputTokens === 0) return worstCost;
      return (
        actualCost(linked.spec.price, believed(billing.usage, linked), linked.provider.feePpm) ??
        worstCost
      );
    default:
      return unreachable(billing);
  }
}

/** The usage without a cost that its kind of provider is not known to report. */
function believed(usage: Usage, { kind }: LinkedTarget): Usage {
  if (kind.reportsCost) return usage;
  const { reportedCost: _, ...counts } = usage;
  return counts;
}

function overrun(progress: Progress, { target, worstCost = 0 }: Candidate, cost: NanoUsd): void {
  const { holds, clock } = progress.engine;
  holds.hold(target, "overrun", clock.now() + overrunHoldMs);
  const detail = `cost $${formatUsd(cost)}, and at most $${formatUsd(worstCost)} was reserved`;
  alert(progress, "overrun", detail, target);
}
