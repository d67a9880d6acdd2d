import { type Ability, abilities } from "../terms/api.ts";
import { globTest, isGlob } from "../terms/glob.ts";
import type { Price, Rate } from "../terms/price.ts";
import type { ModelRule, TargetSpec } from "../terms/program.ts";
import { targetId } from "../terms/target.ts";
import { unreachable } from "../terms/unreachable.ts";
import type { Catalog } from "./catalog.ts";

/**
 * Everything known of one model at one provider: what the policy's `models:` says, over what the catalog knows.
 *
 * An exact key goes before any glob, a longer glob before a shorter, the earlier before the later; the first rule that
 * names a property decides it, each property by itself. A `can` list is complete: what it leaves out, the model cannot
 * do. What nobody knows is missing.
 */
export function modelFacts(
  catalog: Catalog,
  rules: readonly ModelRule[],
  provider: { readonly name: string; readonly kind: string },
  model: string,
): TargetSpec {
  const id = targetId(provider.name, model);
  const applying = inOrder(rules.filter((rule) => globTest(rule.pattern)(id)));
  const known = catalog.model(provider.kind, model);
  const can = first(applying, (rule) => rule.can);
  return {
    id,
    provider: provider.name,
    model,
    ...given("window", first(applying, (rule) => rule.window) ?? known?.window),
    ...given("maxOutput", first(applying, (rule) => rule.maxOutput) ?? known?.maxOutput),
    can: can === undefined ? (known?.can ?? {}) : complete(can),
    ...given(
      "price",
      policyPrice(catalog, applying, provider.kind) ?? catalog.price(provider.kind, model),
    ),
  };
}

/** The policy's price; writes to a prompt cache, where it does not say, at the kind's own multiples of plain input. */
function policyPrice(
  { kinds }: Catalog,
  applying: readonly ModelRule[],
  kind: string,
): Price | undefined {
  const price = first(applying, (rule) => rule.price);
  const factors = Object.hasOwn(kinds, kind) ? kinds[kind]?.cacheWriteFactors : undefined;
  if (!price || !factors || price.cacheWrite) return price;
  const cacheWrite = times(price.input, factors.short);
  return {
    ...price,
    cacheWrite,
    cacheWrite1h: price.cacheWrite1h ?? times(price.input, factors.hour),
  };
}

function times({ base, tiers }: Rate, factor: number): Rate {
  const rates = tiers?.map(({ above, rate }) => ({ above, rate: Math.ceil(rate * factor) }));
  return { base: Math.ceil(base * factor), ...(rates && { tiers: rates }) };
}

/** What a person should know about a target's price. */
export type PriceStanding =
  | { readonly kind: "known" }
  /** Nobody knows it: the target cannot be used under a hard ceiling. */
  | { readonly kind: "missing" }
  /** It is the price of another model, whose name is like the one asked for. */
  | { readonly kind: "matched"; readonly matched: string };

/** Tells whether a bound target has a price, and whether it is its own. */
export function priceStanding(target: { readonly price?: Price }): PriceStanding {
  if (target.price === undefined) return { kind: "missing" };
  if (target.price.matched === undefined) return { kind: "known" };
  return { kind: "matched", matched: target.price.matched };
}

/** One line about a price for people, or `undefined` where there is nothing to say. */
export function explainPrice(target: TargetSpec): string | undefined {
  const standing = priceStanding(target);
  switch (standing.kind) {
    case "known":
      return undefined;
    case "missing":
      return `the price of \`${target.id}\` is unknown`;
    case "matched":
      return `\`${target.id}\` is priced as \`${standing.matched}\`, whose name is like it`;
    default:
      return unreachable(standing);
  }
}

/** Rules in the order they apply: exact keys first, then globs, longest first, else as written. */
export function inOrder(rules: readonly ModelRule[]): readonly ModelRule[] {
  return rules.toSorted((one, other) => rank(other) - rank(one));
}

function rank({ pattern }: ModelRule): number {
  return isGlob(pattern) ? pattern.length : Number.MAX_SAFE_INTEGER;
}

function first<T>(
  rules: readonly ModelRule[],
  property: (rule: ModelRule) => T | undefined,
): T | undefined {
  for (const rule of rules) {
    const value = property(rule);
    if (value !== undefined) return value;
  }
  return undefined;
}

function complete(can: readonly Ability[]): TargetSpec["can"] {
  return Object.fromEntries(abilities.map((ability) => [ability, can.includes(ability)]));
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [name in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: Value };
}
