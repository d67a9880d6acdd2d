import type { NanoUsd } from "../terms/money.ts";
import type { Price, Rate } from "../terms/price.ts";
import { type Line, nanoSum } from "./nano-sum.ts";

/** What bounds one attempt. An unknown bound is `undefined`. */
export interface Bounds {
  /** No request like this has more input tokens. */
  readonly inputTokensAtMost: number | undefined;
  /** The limit on one answer's output, reasoning included, as it is sent. */
  readonly outputTokensAtMost: number | undefined;
  /** How many answers are asked for. */
  readonly answers: number;
}

/**
 * The most that one attempt can cost: every input token at the dearest input rate that can apply (plain, cached, cache
 * writing, audio, any tier that the input can reach), every output token of every answer at the dearest output rate,
 * the fee for the request, and the provider's fee on all of it; rounded up.
 *
 * @param feePpm the fee in parts per million
 * @returns `undefined` where the price is unknown, a bound is unknown that a rate above 0 needs, or the amount is not
 * exact as a number.
 * @see actual-cost.ts, which is never more as long as the usage is within the bounds
 */
export function worstCost(
  price: Price | undefined,
  bounds: Bounds,
  feePpm: number,
): NanoUsd | undefined {
  if (price === undefined) return undefined;
  const reach = bounds.inputTokensAtMost ?? Number.POSITIVE_INFINITY;
  const input = line(bounds.inputTokensAtMost, dearestInput(price, reach));
  const output = line(
    times(bounds.outputTokensAtMost, bounds.answers),
    dearestOutput(price, reach),
  );
  if (input === undefined || output === undefined) return undefined;
  return nanoSum([input, output], price.perRequest ?? 0, feePpm);
}

/** The dearest rates that {@link worstCost} computes with, in pico-dollars a token. */
export function dearestRates(
  price: Price,
  inputTokensAtMost: number,
): { readonly input: number; readonly output: number } {
  return {
    input: dearestInput(price, inputTokensAtMost),
    output: dearestOutput(price, inputTokensAtMost),
  };
}

function line(tokens: number | undefined, rate: number): Line | undefined {
  if (rate === 0) return [0, 0];
  return tokens === undefined ? undefined : [tokens, rate];
}

function times(tokens: number | undefined, answers: number): number | undefined {
  return tokens === undefined ? undefined : tokens * answers;
}

function dearestInput(price: Price, reach: number): number {
  return Math.max(
    dearest(price.input, reach),
    dearest(price.cacheRead, reach),
    dearest(price.cacheWrite, reach),
    dearest(price.cacheWrite1h, reach),
    dearest(price.inputAudio, reach),
  );
}

function dearestOutput(price: Price, reach: number): number {
  return Math.max(dearest(price.output, reach), dearest(price.outputAudio, reach));
}

/** A larger input may be cheaper by the token, and the bound is only a bound: every tier within reach counts. */
function dearest(rate: Rate | undefined, reach: number): number {
  if (rate === undefined) return 0;
  let most = rate.base;
  for (const tier of rate.tiers ?? []) {
    if (tier.above < reach && tier.rate > most) most = tier.rate;
  }
  return most;
}
