import type { Model, ModelPrice, Policy } from "../policy/policy.generated.ts";
import { isGlob } from "../terms/glob.ts";
import type { Price, Rate } from "../terms/price.ts";
import type { ModelRule } from "../terms/program.ts";
import { quantity } from "./quantities.ts";

/** Compiles `models:`, put in the order they apply: exact names first, then patterns, longest first. */
export function compileModels(policy: Policy): readonly ModelRule[] {
  return Object.entries(policy.models ?? {})
    .map(([pattern, model]) => compileModel(pattern, model))
    .sort((left, right) => {
      const byForm = Number(isGlob(left.pattern)) - Number(isGlob(right.pattern));
      return byForm || right.pattern.length - left.pattern.length;
    });
}

function compileModel(pattern: string, { window, maxOutput, can, price }: Model): ModelRule {
  return {
    pattern,
    ...(window !== undefined && { window: quantity.size(window) }),
    ...(maxOutput !== undefined && { maxOutput: quantity.size(maxOutput) }),
    ...(can && { can: [...can] }),
    ...(price && { price: compilePrice(price) }),
  };
}

function compilePrice(price: ModelPrice): Price {
  const { cacheRead, cacheWrite, inputAudio, outputAudio, perRequest } = price;
  return {
    input: rate(price.input),
    output: rate(price.output),
    ...(cacheRead !== undefined && { cacheRead: rate(cacheRead) }),
    ...(cacheWrite !== undefined && { cacheWrite: rate(cacheWrite) }),
    ...(inputAudio !== undefined && { inputAudio: rate(inputAudio) }),
    ...(outputAudio !== undefined && { outputAudio: rate(outputAudio) }),
    ...(perRequest !== undefined && { perRequest: quantity.usd(perRequest) }),
    source: "policy",
  };
}

/** Dollars for a million tokens as pico-dollars for one: a thousandth of the nano-dollars, rounded up. */
function rate(perMillion: string): Rate {
  return { base: Math.ceil(quantity.usd(perMillion) / 1_000) };
}
