import type { NanoUsd } from "../terms/money.ts";
import type { Price } from "../terms/price.ts";
import type { Usage } from "../terms/usage.ts";
import { rateAt, rateOf } from "./dearer.ts";
import { type Line, nanoSum } from "./nano-sum.ts";

/**
 * What one attempt cost, by the usage that its provider reports; rounded up to the next nano-dollar.
 *
 * A cost that the provider itself reports counts instead when it is above 0, or when the price is $0: a reported 0 for
 * a model that costs something is a provider that does not know. The fee is added to either.
 *
 * Parts of the input are billed at their own rates, the tier set by the whole input. Where parts exceed their whole,
 * or overlap (cached audio), as many tokens as the larger of the two are billed, the dearest parts first. A cache write
 * whose time is not told is billed as the dearer hour.
 *
 * @param feePpm the fee in parts per million
 * @returns `undefined` where nothing tells the cost: no price and no report, or counts that are no counts.
 */
export function actualCost(
  price: Price | undefined,
  usage: Usage,
  feePpm: number,
): NanoUsd | undefined {
  const { reportedCost } = usage;
  if (reportedCost !== undefined && (reportedCost > 0 || isFree(price))) {
    return nanoSum([], reportedCost, feePpm);
  }
  if (price === undefined || !isCounted(usage)) return undefined;
  const wholeInput = inputOf(usage);
  const lines = [...inputLines(price, usage, wholeInput), ...outputLines(price, usage, wholeInput)];
  return nanoSum(lines, price.perRequest ?? 0, feePpm);
}

function isFree(price: Price | undefined): boolean {
  if (price === undefined || (price.perRequest ?? 0) > 0) return false;
  const { input, output, cacheRead, cacheWrite, cacheWrite1h, inputAudio, outputAudio } = price;
  return [input, output, cacheRead, cacheWrite, cacheWrite1h, inputAudio, outputAudio].every(
    (rate) =>
      rate === undefined ||
      (rate.base === 0 && (rate.tiers ?? []).every((tier) => tier.rate === 0)),
  );
}

function isCounted(usage: Usage): boolean {
  const { raw, reportedCost, ...counts } = usage;
  return Object.values(counts).every(
    (count) => count === undefined || (Number.isSafeInteger(count) && count >= 0),
  );
}

function inputOf(usage: Usage): number {
  const read = usage.cacheReadTokens ?? 0;
  return Math.max(usage.inputTokens, read + cacheWrites(usage), usage.inputAudioTokens ?? 0);
}

function cacheWrites(usage: Usage): number {
  return Math.max(usage.cacheWriteTokens ?? 0, usage.cacheWrite1hTokens ?? 0);
}

function inputLines(price: Price, usage: Usage, whole: number): readonly Line[] {
  const read = usage.cacheReadTokens ?? 0;
  const written = cacheWrites(usage);
  const writtenForHour = usage.cacheWrite1hTokens ?? (price.cacheWrite1h ? written : 0);
  const audio = usage.inputAudioTokens ?? 0;
  const parts: readonly Line[] = [
    [audio, rateAt(rateOf(price, "inputAudio"), whole)],
    [writtenForHour, rateAt(rateOf(price, "cacheWrite1h"), whole)],
    [written - writtenForHour, rateAt(rateOf(price, "cacheWrite"), whole)],
    [read, rateAt(rateOf(price, "cacheRead"), whole)],
    [Math.max(0, whole - audio - written - read), rateAt(price.input, whole)],
  ];
  return dearestFirst(parts, whole);
}

function outputLines(price: Price, usage: Usage, wholeInput: number): readonly Line[] {
  const audio = usage.outputAudioTokens ?? 0;
  const whole = Math.max(usage.outputTokens, usage.reasoningTokens ?? 0, audio);
  return [
    [audio, rateAt(rateOf(price, "outputAudio"), wholeInput)],
    [whole - audio, rateAt(price.output, wholeInput)],
  ];
}

/** Hands out `whole` tokens to parts that may add up to more, those that cost most first. */
function dearestFirst(parts: readonly Line[], whole: number): readonly Line[] {
  let left = whole;
  return parts
    .toSorted((one, other) => other[1] - one[1])
    .map(([tokens, rate]) => {
      const taken = Math.min(tokens, left);
      left -= taken;
      return [taken, rate];
    });
}
