import type { MetCeiling } from "../resolve/buckets.ts";
import { formatUsd } from "../terms/money.ts";
import type { Ledger } from "./ports.ts";
import { alert, type Progress } from "./progress.ts";

/** The buckets that an alert was raised for, each with the end of its window, by the ledger they are in. */
const alerted = new WeakMap<Ledger, Map<string, number>>();

/** From this many on, buckets whose windows are over are forgotten. */
const sweepFrom = 1024;

/**
 * Raises an alert for each soft ceiling (`exceeded: warn`) that a reservation has taken past its limit, once for each
 * bucket: spend that falls back under the limit when it settles, and passes it again, is no news.
 */
export function alertSoftCeilings(
  progress: Progress,
  met: readonly MetCeiling[],
  over: readonly string[],
): void {
  for (const { ceiling, bucket } of met) {
    if (!over.includes(ceiling.spec.name)) continue;
    const known = bucketsOf(progress.engine.ledger);
    if (known.has(bucket.key)) continue;
    if (known.size >= sweepFrom) forgetEnded(known, progress.engine.clock.now());
    known.set(bucket.key, bucket.endMs);
    alert(
      progress,
      "ceiling",
      `\`${bucket.name}\` is past its limit of $${formatUsd(ceiling.spec.limit)}`,
    );
  }
}

function bucketsOf(ledger: Ledger): Map<string, number> {
  const known = alerted.get(ledger) ?? new Map<string, number>();
  alerted.set(ledger, known);
  return known;
}

function forgetEnded(known: Map<string, number>, nowMs: number): void {
  for (const [key, endMs] of known) if (endMs <= nowMs) known.delete(key);
}
