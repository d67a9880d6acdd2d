/** Nanoseconds a call, the median and the least of several rounds. */
export interface Timing {
  readonly medianNs: number;
  readonly leastNs: number;
}

const rounds = 9;

/** Times a synchronous function: as many calls a round as take about 100 ms, after a warm-up. */
export function timeSync(call: () => unknown): Timing {
  const calls = calibrate((count) => {
    const started = performance.now();
    for (let index = 0; index < count; index++) call();
    return performance.now() - started;
  });
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    for (let index = 0; index < calls; index++) call();
    return ((performance.now() - started) * 1e6) / calls;
  });
  return summary(times);
}

/** Times an asynchronous function, one call after the other. */
export async function timeAsync(call: () => Promise<unknown>): Promise<Timing> {
  const calls = 4_000;
  const times: number[] = [];
  for (let round = 0; round < rounds + 2; round++) {
    const started = performance.now();
    for (let index = 0; index < calls; index++) await call();
    if (round > 1) times.push(((performance.now() - started) * 1e6) / calls);
  }
  return summary(times);
}

function calibrate(run: (count: number) => number): number {
  let count = 16;
  while (run(count) < 100 && count < 1e8) count *= 2;
  return count;
}

function summary(times: readonly number[]): Timing {
  const sorted = times.toSorted((left, right) => left - right);
  return { medianNs: sorted[Math.floor(sorted.length / 2)] ?? 0, leastNs: sorted[0] ?? 0 };
}

/** One aligned line of a report. */
export function line(what: string, { medianNs, leastNs }: Timing, unit: "ns" | "µs"): string {
  const scale = unit === "ns" ? 1 : 1_000;
  const show = (ns: number) => (ns / scale).toFixed(unit === "ns" ? 0 : 1).padStart(8);
  return `${what.padEnd(52)} ${show(medianNs)} ${unit}   (least ${show(leastNs).trim()})`;
}
