import type { JsonObject } from "../terms/json.ts";
import { maxNanoUsd, type NanoUsd } from "../terms/money.ts";
import { asObject } from "./json-read.ts";

/**
 * The cost that a provider reports in `usage.cost`, rounded up to a nano-dollar.
 *
 * With a key of one's own behind OpenRouter (`is_byok`) `cost` is only its fee, and what the provider behind it bills is
 * added; where that is not said, the cost is unknown.
 *
 * @see https://openrouter.ai/docs/use-cases/usage-accounting (2026-11-22)
 */
export function reportedCost(usage: JsonObject): NanoUsd | undefined {
  const cost = nanoUsd(usage.cost);
  if (cost === undefined || usage.is_byok !== true) return cost;
  const upstream = nanoUsd(asObject(usage.cost_details).upstream_inference_cost);
  return upstream === undefined ? undefined : Math.min(maxNanoUsd, cost + upstream);
}

function nanoUsd(usd: unknown): NanoUsd | undefined {
  if (typeof usd !== "number" || !(usd >= 0)) return undefined;
  // A thousandth of a nano-dollar is below what a float says about a decimal, and no reason to round up.
  const nano = Math.max(0, Math.ceil(usd * 1e9 - 1e-3));
  return nano <= maxNanoUsd ? nano : undefined;
}
