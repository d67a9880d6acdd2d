import type { ConditionalPrice, ModelInfo, ModelPrice, TieredPrices } from "@pydantic/genai-prices";
import type { Price, Rate } from "../terms/price.ts";
import { dearerPrice, dearerRate } from "./dearer.ts";

/**
 * Writes an entry of the price book as a {@link Price}, rates rounded up to whole pico-dollars a token.
 *
 * Where several prices may apply (one that starts after `date`, one for some hours of the day), each rate is the dearest
 * of them. Kinds of tokens that a {@link Price} does not tell apart (images, video, text, reasoning) fold into the
 * dearest of their direction, except cached ones, which are billed as cached text: a bill is never too low for it.
 *
 * @returns `undefined` where the entry has no rate for input tokens: a speech model, or an empty entry.
 */
export function bookPrice(entry: ModelInfo, date: string, source: string): Price | undefined {
  const [first, ...others] = mayApply(entry.prices, date).map((prices) =>
    onePrice(entry.id, prices, source),
  );
  if (first === undefined) return undefined;
  let dearest: Price = first;
  for (const other of others) {
    if (other === undefined) return undefined;
    dearest = dearerPrice(dearest, other);
  }
  return dearest;
}

/** The book takes the last of its prices whose condition holds: whatever stands before a sure one cannot apply. */
function mayApply(
  prices: readonly ConditionalPrice[] | ModelPrice,
  date: string,
): readonly ModelPrice[] {
  if (!isList(prices)) return [prices];
  const sure = prices.findLastIndex(({ constraint }) => {
    if (constraint === undefined) return true;
    return constraint.type === "start_date" && constraint.start_date <= date;
  });
  return prices.slice(Math.max(sure, 0)).map((conditional) => conditional.prices);
}

function isList(
  prices: readonly ConditionalPrice[] | ModelPrice,
): prices is readonly ConditionalPrice[] {
  return Array.isArray(prices);
}

const inputKeys = ["input_mtok", "input_text_mtok", "input_image_mtok", "input_video_mtok"];
const outputKeys = [
  "output_mtok",
  "output_text_mtok",
  "output_reasoning_mtok",
  "output_image_mtok",
  "output_video_mtok",
];

const nothing: Rate = { base: 0 };

function onePrice(id: string, prices: ModelPrice, source: string): Price | undefined {
  if (Object.keys(prices).length === 0 && id.endsWith(":free")) {
    return { input: nothing, output: nothing, source };
  }
  const input = dearestOf(prices, inputKeys);
  if (input === undefined) return undefined;
  const output = dearestOf(prices, outputKeys) ?? nothing;
  return {
    input,
    output,
    ...rate("cacheRead", prices.cache_read_mtok),
    ...rate("cacheWrite", prices.cache_write_mtok),
    ...rate("cacheWrite1h", prices.cache_write_1h_mtok),
    ...rate("inputAudio", prices.input_audio_mtok),
    ...rate("outputAudio", prices.output_audio_mtok),
    ...perRequest(prices.requests_kcount),
    source,
  };
}

function dearestOf(prices: ModelPrice, keys: readonly string[]): Rate | undefined {
  const rates = keys.flatMap((key) => toRate(prices[key]) ?? []);
  return rates.length === 0 ? undefined : rates.reduce(dearerRate);
}

type RateName = "cacheRead" | "cacheWrite" | "cacheWrite1h" | "inputAudio" | "outputAudio";

function rate(
  name: RateName,
  price: number | TieredPrices | undefined,
): Partial<Record<RateName, Rate>> {
  const found = toRate(price);
  return found === undefined ? {} : { [name]: found };
}

function toRate(price: number | TieredPrices | undefined): Rate | undefined {
  if (price === undefined) return undefined;
  if (typeof price === "number") return { base: millionths(price) };
  const tiers = price.tiers.map((tier) => ({ above: tier.start, rate: millionths(tier.price) }));
  if (tiers.length === 0) return { base: millionths(price.base) };
  return { base: millionths(price.base), tiers: tiers.sort((a, b) => a.above - b.above) };
}

/** Dollars a million tokens as pico-dollars a token, rounded up; the tolerance is for decimals that binary cannot hold. */
function millionths(dollars: number): number {
  const exact = dollars * 1_000_000;
  const nearest = Math.round(exact);
  return Math.abs(exact - nearest) < 1e-4 ? nearest : Math.ceil(exact);
}

/** Dollars a thousand requests are as many nano-dollars a request as dollars a million tokens are pico-dollars a token. */
function perRequest(dollarsPerThousand: number | TieredPrices | undefined): {
  readonly perRequest?: number;
} {
  if (dollarsPerThousand === undefined) return {};
  const dearest =
    typeof dollarsPerThousand === "number"
      ? dollarsPerThousand
      : Math.max(dollarsPerThousand.base, ...dollarsPerThousand.tiers.map((tier) => tier.price));
  return { perRequest: millionths(dearest) };
}
