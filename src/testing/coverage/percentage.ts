/** A share as it was counted: never rounded up, so that 100% is all of it. */
export interface Share {
  readonly covered: number;
  readonly total: number;
}

/** Writes a share in percent, cut off after two decimals: 999 of 1,000 is `99.9%`, and only all is `100%`. */
export function percentText({ covered, total }: Share): string {
  const hundredths = total === 0 ? 10_000 : Math.floor((covered * 10_000) / total);
  return `${hundredths / 100}%`;
}

/** A bound in percent, as an exact fraction of 100. */
export interface PercentBound {
  /** The bound times `scale`, a whole number. */
  readonly amount: number;
  readonly scale: number;
}

/** Reads `100` or `99.5`, up to 100 and to four decimals; anything else is `undefined`. */
export function parsePercentBound(text: string): PercentBound | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(text);
  if (!match) return undefined;
  const decimals = match[2] ?? "";
  const scale = 10 ** decimals.length;
  const amount = Number(match[1]) * scale + Number(decimals || 0);
  return amount <= 100 * scale ? { amount, scale } : undefined;
}

/** Tells whether a share reaches a bound; counted in whole numbers. */
export function reaches({ covered, total }: Share, { amount, scale }: PercentBound): boolean {
  return covered * 100 * scale >= amount * total;
}
