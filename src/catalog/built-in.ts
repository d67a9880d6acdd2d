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

/** What a local model costs: its own machine. */
const nothing: Price = { input: { base: 0 }, output: { base: 0 }, source: "kind" };

function isFree(kind: string): boolean {
  return Object.entries(kinds).some(([name, spec]) => name === kind && spec.free);
}

function models(kind: string): readonly string[] {
  return [...new Set([...listedModels(kind), ...pricedModels(kind)])].sort();
}
