import type { CeilingSpec } from "../terms/program.ts";

/** What attempts at one target can cost. */
export interface Outlay {
  /** Of one attempt; infinite where nothing bounds it. */
  readonly cost: number;
  /** How often it can be tried: once, and once for each retry. */
  readonly times: number;
  /** The hard ceilings on the whole request that count it. */
  readonly counted: ReadonlySet<CeilingSpec>;
}

/**
 * No request reserves more than this over its attempts: the dearest of them all, or what a ceiling on the request leaves
 * of those that it counts, with the dearest that it does not count.
 */
export function dearestSum(outlays: readonly Outlay[], maxAttempts: number): number {
  const attempts = outlays
    .flatMap((outlay) => Array.from({ length: Math.min(outlay.times, maxAttempts) }, () => outlay))
    .sort((left, right) => right.cost - left.cost);
  const ceilings = new Set(attempts.flatMap(({ counted }) => [...counted]));
  const bounds = [...ceilings].map((ceiling) => boundBy(ceiling, attempts, maxAttempts));
  return Math.min(sumOf(attempts, maxAttempts), ...bounds);
}

function boundBy(ceiling: CeilingSpec, attempts: readonly Outlay[], maxAttempts: number): number {
  const inside = attempts.filter(({ counted }) => counted.has(ceiling));
  const outside = attempts.filter(({ counted }) => !counted.has(ceiling));
  let most = 0;
  for (let among = 0; among <= Math.min(inside.length, maxAttempts); among++) {
    const counted = Math.min(ceiling.limit, sumOf(inside, among));
    most = Math.max(most, counted + sumOf(outside, maxAttempts - among));
  }
  return most;
}

function sumOf(attempts: readonly Outlay[], count: number): number {
  return attempts.slice(0, count).reduce((sum, { cost }) => sum + cost, 0);
}

/** What a request does reserve that tries the dearest first, as far as the ceilings on it leave room. */
export function reservedSum(outlays: readonly Outlay[], maxAttempts: number): number {
  const left = new Map<CeilingSpec, number>();
  let sum = 0;
  let made = 0;
  for (const { cost, times, counted } of outlays.toSorted((one, other) => other.cost - one.cost)) {
    for (let time = 0; time < times && made < maxAttempts; time++) {
      const room = [...counted].map((ceiling) => left.get(ceiling) ?? ceiling.limit);
      if (room.some((each) => each < cost)) break;
      for (const ceiling of counted) left.set(ceiling, (left.get(ceiling) ?? ceiling.limit) - cost);
      sum += cost;
      made++;
    }
  }
  return sum;
}
