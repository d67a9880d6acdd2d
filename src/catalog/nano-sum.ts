import { maxNanoUsd, type NanoUsd } from "../terms/money.ts";

/** So many tokens at so many pico-dollars each; whole and non-negative both. */
export type Line = readonly [tokens: number, rate: number];

/**
 * Adds up token lines and a fixed amount, adds a fee on all of it, and rounds up once, to the next nano-dollar.
 *
 * @param feePpm parts per million: 5.5 % is 55,000
 * @returns `undefined` where the amount is more than {@link maxNanoUsd}, or not a number.
 */
export function nanoSum(
  lines: readonly Line[],
  fixed: NanoUsd,
  feePpm: number,
): NanoUsd | undefined {
  return quickSum(lines, fixed, feePpm) ?? exactSum(lines, fixed, feePpm);
}

const ppm = 1_000_000;

/** The same in plain numbers, as long as every step is exact: `undefined` says nothing about the amount. */
export function quickSum(
  lines: readonly Line[],
  fixed: NanoUsd,
  feePpm: number,
): NanoUsd | undefined {
  let pico = fixed * 1_000;
  for (const line of lines) pico += line[0] * line[1];
  if (!Number.isSafeInteger(pico)) return undefined;
  if (feePpm === 0) return dividedUp(pico, 1_000);
  const wholes = Math.floor(pico / ppm);
  const fee = wholes * feePpm + dividedUp((pico - wholes * ppm) * feePpm, ppm);
  const sum = pico + fee;
  return Number.isSafeInteger(fee) && Number.isSafeInteger(sum) ? dividedUp(sum, 1_000) : undefined;
}

/** The same in big integers, for amounts above some nine thousand dollars. */
export function exactSum(
  lines: readonly Line[],
  fixed: NanoUsd,
  feePpm: number,
): NanoUsd | undefined {
  if (![fixed, feePpm, ...lines.flat()].every(Number.isSafeInteger)) return undefined;
  let pico = BigInt(fixed) * 1_000n;
  for (const [tokens, rate] of lines) pico += BigInt(tokens) * BigInt(rate);
  const scaled = pico * BigInt(ppm + feePpm);
  const nano = (scaled + 999_999_999n) / 1_000_000_000n;
  return nano <= BigInt(maxNanoUsd) ? Number(nano) : undefined;
}

/** Dividing first would round: 9,007,199,254,740,001 / 1,000 is no double. */
function dividedUp(amount: number, by: number): number {
  const rest = amount % by;
  return (amount - rest) / by + (rest > 0 ? 1 : 0);
}
