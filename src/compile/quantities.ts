import { type NanoUsd, parseUsd } from "../terms/money.ts";
import { parseDurationMs, parsePercentPpm, parseSize } from "../terms/quantity.ts";

/**
 * Quantities of a validated policy: `policy` has checked every one, so what does not parse is a fault of ours.
 *
 * @throws TypeError where the text is not of its form
 */
export const quantity = {
  usd: (text: string): NanoUsd => required(parseUsd(text), text),
  durationMs: (text: string): number => required(parseDurationMs(text), text),
  ppm: (text: string): number => required(parsePercentPpm(text), text),
  size: (value: string | number): number => required(parseSize(value), String(value)),
};

function required(value: number | undefined, text: string): number {
  if (value === undefined) throw new TypeError(`not a checked quantity: ${text}`);
  return value;
}
