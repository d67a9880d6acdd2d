import type { TargetId } from "../terms/target.ts";

/** How long targets took to their first output, lately. */
export interface Latencies {
  readonly record: (target: TargetId, firstOutputMs: number) => void;
  /** Median of the last few, in milliseconds: the mean of the middle two of an even number. */
  readonly median: (target: TargetId) => number | undefined;
}

/** The most targets kept; those measured least recently are forgotten first, and are unmeasured again. */
const maxTargets = 1024;

/** Nothing measured yet. `kept` is how many of its last measurements a target's median is over. */
export function createLatencies(kept = 32): Latencies {
  const targets = new Map<TargetId, Sample>();
  return {
    record: (target, firstOutputMs) => {
      const sample = targets.get(target) ?? { inOrder: [], sorted: [] };
      push(sample, firstOutputMs, kept);
      targets.delete(target);
      targets.set(target, sample);
      if (targets.size > maxTargets) forgetOldest(targets);
    },
    median: (target) => {
      const sample = targets.get(target);
      return sample && median(sample.sorted);
    },
  };
}

/** The same measurements twice: as they came, oldest first, and in rising order. */
interface Sample {
  readonly inOrder: number[];
  readonly sorted: number[];
}

function push({ inOrder, sorted }: Sample, ms: number, kept: number): void {
  inOrder.push(ms);
  sorted.splice(lowerBound(sorted, ms), 0, ms);
  if (inOrder.length <= kept) return;
  const oldest = inOrder.shift();
  if (oldest !== undefined) sorted.splice(lowerBound(sorted, oldest), 1);
}

/** The first index whose value is not below `ms`. */
function lowerBound(sorted: readonly number[], ms: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function median(sorted: readonly number[]): number | undefined {
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

function forgetOldest(targets: Map<TargetId, Sample>): void {
  const [oldest] = targets.keys();
  if (oldest !== undefined) targets.delete(oldest);
}
