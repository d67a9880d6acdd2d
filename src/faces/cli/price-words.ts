import { formatUsd } from "../../terms/money.ts";
import type { Price, Rate } from "../../terms/price.ts";

/** Dollars for a million input and output tokens: `$0.13 in, $0.4 out`, with what comes on top. */
export function priceWords(price: Price | undefined, feePpm: number): string {
  if (!price) return "price unknown";
  const fee = feePpm === 0 ? "" : `, plus ${feePpm / 10_000}%`;
  const request = price.perRequest ? `, $${formatUsd(price.perRequest)} a request` : "";
  return `${perMillion(price.input)} in, ${perMillion(price.output)} out${request}${fee}`;
}

/** A rate in pico-dollars a token as dollars a million: a thousand times as many nano-dollars. */
export function perMillion({ base, tiers = [] }: Rate): string {
  const rates = [base, ...tiers.map(({ rate }) => rate)];
  const least = Math.min(...rates) * 1_000;
  const most = Math.max(...rates) * 1_000;
  return least === most ? `$${formatUsd(least)}` : `$${formatUsd(least)} to $${formatUsd(most)}`;
}
