import type { Price } from "../terms/price.ts";
import type { Catalog } from "./catalog.ts";
import { kinds } from "./kinds.ts";
import { listedModels, lookUpModel, modelBookVersion } from "./model-book.ts";
import { lookUpPrice, priceBookSource, pricedModels } from "./price-book.ts";

/**
 * The catalog that ships with the package: kinds, model data and the price book. All of it is data of its release;
 * nothing is fetched, and the same release always answers the same.
 */
export const builtInCatalog: Catalog = {
  version: `${priceBookSource}; models ${modelBookVersion}`,
  kinds,
  model: lookUpModel,
  price: (kind, model) => (isFree(kind) ? nothing : lookUpPrice(kind, model)),
  models,
};

const free = new Set(Object.values(kinds).flatMap((spec) => (spec.free ? [spec.kind] : [])));

/** What a local model costs: its own machine. */
const nothing: Price = { input: { base: 0 }, output: { base: 0 }, source: "kind" };

function isFree(kind: string): boolean {
  return free.has(kind);
}

/** Listing the priced models walks the whole book: done once, and only for the kinds that someone lists. */
const listed = new Map<string, readonly string[]>();

function models(kind: string): readonly string[] {
  const names =
    listed.get(kind) ?? [...new Set([...listedModels(kind), ...pricedModels(kind)])].sort();
  if (Object.hasOwn(kinds, kind)) listed.set(kind, names);
  return names;
}
