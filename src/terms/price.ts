import type { NanoUsd } from "./money.ts";

/**
 * What one token costs, in pico-dollars (10⁻¹² USD), a whole number: $1 per million tokens is 1,000,000.
 *
 * `tiers` are in rising order; the last whose `above` is less than the request's *whole* input sets the rate of all its
 * tokens of that kind.
 */
export interface Rate {
  readonly base: number;
  readonly tiers?: readonly { readonly above: number; readonly rate: number }[];
}

/** The price of a model, bound at compile time. Tokens without a rate of their own are billed as plain input or output. */
export interface Price {
  readonly input: Rate;
  readonly output: Rate;
  readonly cacheRead?: Rate;
  readonly cacheWrite?: Rate;
  /** Where keeping a prompt for an hour costs more than the usual few minutes. */
  readonly cacheWrite1h?: Rate;
  readonly inputAudio?: Rate;
  readonly outputAudio?: Rate;
  /** A fixed fee for each request. */
  readonly perRequest?: NanoUsd;
  /** Where the price is from: `policy`, `kind` (a free local kind) or the price book's name and version. */
  readonly source: string;
  /** The model whose price it is, when that is not the model asked for. */
  readonly matched?: string;
}

/** Tells whether tokens of this kind cost nothing, however many they are. */
export function rateIsZero({ base, tiers }: Rate): boolean {
  return base === 0 && (tiers ?? []).every(({ rate }) => rate === 0);
}
