/** The three other ways the policy language writes a quantity: `30s`, `5.5%`, `32k`. */

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Reads `250ms`, `30s`, `10m` or `2h` as whole milliseconds; anything else is `undefined`. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : undefined;
}

/** Writes milliseconds in the largest unit that needs no fraction: `60000` is `1m`, `1500` is `1500ms`. */
export function formatDuration(ms: number): string {
  for (const unit of ["h", "m", "s"] as const) {
    if (ms !== 0 && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  }
  return `${ms}ms`;
}

/** Reads `5.5%` as parts per million, a whole number (`55000`); at most four decimals, anything else is `undefined`. */
export function parsePercentPpm(text: string): number | undefined {
  const match = /^(\d{1,5})(?:\.(\d{1,4}))?%$/.exec(text);
  return match ? Number(match[1]) * 10_000 + Number((match[2] ?? "").padEnd(4, "0")) : undefined;
}

/** Reads a size: `32k` is 32,000 and `1.5M` is 1,500,000; a plain non-negative integer is itself. */
export function parseSize(value: string | number): number | undefined {
  if (typeof value === "number")
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  const match = /^(\d{1,9}(?:\.\d{1,3})?)([kM])$/.exec(value);
  if (!match) return undefined;
  const size = Math.round(Number(match[1]) * (match[2] === "k" ? 1_000 : 1_000_000));
  return Number.isSafeInteger(size) ? size : undefined;
}
