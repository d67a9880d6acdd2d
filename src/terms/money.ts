/**
 * Money inside Signalbox: a non-negative whole number of nano-dollars (10⁻⁹ USD), never a fraction.
 *
 * A `number` holds it exactly up to {@link maxNanoUsd}, about nine million dollars; the policy schema refuses more.
 */
export type NanoUsd = number;

/** The largest amount that is exact: $9,007,199.254740991. */
export const maxNanoUsd: NanoUsd = Number.MAX_SAFE_INTEGER;

const nanoPerUsd = 1_000_000_000;

/**
 * Reads `$1.50`, or `1.50` without the sign, as nano-dollars.
 *
 * @returns `undefined` for anything else: a sign, an exponent, more than nine decimals, more than {@link maxNanoUsd}.
 */
export function parseUsd(text: string): NanoUsd | undefined {
  const match = /^\$?(\d{1,8})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const nano = Number(match[1]) * nanoPerUsd + Number((match[2] ?? "").padEnd(9, "0"));
  return Number.isSafeInteger(nano) ? nano : undefined;
}

/** Writes nano-dollars as the decimal string of dollars used in JSON: `12345678` is `"0.012345678"`, `2e9` is `"2"`. */
export function formatUsd(nano: NanoUsd): string {
  const whole = Math.trunc(nano / nanoPerUsd);
  const fraction = String(Math.abs(nano % nanoPerUsd))
    .padStart(9, "0")
    .replace(/0+$/, "");
  const sign = nano < 0 && whole === 0 ? "-" : "";
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}
