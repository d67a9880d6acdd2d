import type { Price, Rate } from "../terms/price.ts";
import { unreachable } from "../terms/unreachable.ts";

/**
 * The price that is never below either: rate by rate, tier by tier. A rate that one of them leaves out is its plain
 * input or output there.
 */
export function dearerPrice(one: Price, other: Price): Price {
  return {
    ...one,
    input: dearerRate(one.input, other.input),
    output: dearerRate(one.output, other.output),
    ...part("cacheRead", one, other),
    ...part("cacheWrite", one, other),
    ...part("cacheWrite1h", one, other),
    ...part("inputAudio", one, other),
    ...part("outputAudio", one, other),
    ...perRequest(one, other),
  };
}

/** The rate that is never below either, at any size of the input. */
export function dearerRate(one: Rate, other: Rate): Rate {
  const base = Math.max(one.base, other.base);
  const steps = [...(one.tiers ?? []), ...(other.tiers ?? [])].map((tier) => tier.above);
  if (steps.length === 0) return { base };
  const tiers = [...new Set(steps)]
    .sort((a, b) => a - b)
    .map((above) => ({ above, rate: Math.max(rateAt(one, above + 1), rateAt(other, above + 1)) }));
  return { base, tiers };
}

/** The rate of every token of a request whose whole input has this many tokens. */
export function rateAt(rate: Rate, wholeInput: number): number {
  return rate.tiers?.findLast((tier) => tier.above < wholeInput)?.rate ?? rate.base;
}

type Part = "cacheRead" | "cacheWrite" | "cacheWrite1h" | "inputAudio" | "outputAudio";

function part(name: Part, one: Price, other: Price): Partial<Record<Part, Rate>> {
  if (one[name] === undefined && other[name] === undefined) return {};
  return { [name]: dearerRate(rateOf(one, name), rateOf(other, name)) };
}

/** The rate of a kind of tokens; one that has no rate of its own is billed like the wider kind it belongs to. */
export function rateOf(price: Price, name: Part): Rate {
  switch (name) {
    case "cacheRead":
    case "cacheWrite":
    case "inputAudio":
      return price[name] ?? price.input;
    case "cacheWrite1h":
      return price.cacheWrite1h ?? price.cacheWrite ?? price.input;
    case "outputAudio":
      return price.outputAudio ?? price.output;
    default:
      return unreachable(name);
  }
}

function perRequest(one: Price, other: Price): { readonly perRequest?: number } {
  if (one.perRequest === undefined && other.perRequest === undefined) return {};
  return { perRequest: Math.max(one.perRequest ?? 0, other.perRequest ?? 0) };
}
