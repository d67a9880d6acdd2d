import { findProvider, type ModelInfo } from "@pydantic/genai-prices";
import type { Price } from "../terms/price.ts";
import { findInBook } from "./book-match.ts";
import { bookPrice } from "./book-price.ts";
import { hasUnlistedFee } from "./unlisted-fees.ts";

/** Version of the installed price book; a test holds it against the package itself. */
export const priceBookVersion = "0.1.8";

/**
 * The day the book was published. A price that starts later may or may not apply to a request, a price that started
 * earlier always does: no clock is read, so one book always binds one price.
 */
export const priceBookDate = "2026-09-23";

/** What {@link Price.source} says of a price from the book. */
export const priceBookSource = `@pydantic/genai-prices ${priceBookVersion}`;

/** The book's name of each kind whose prices it has. The others have none: not even those of the models they forward. */
const bookProviders: Readonly<Record<string, string>> = {
  openai: "openai",
  anthropic: "anthropic",
  groq: "groq",
  together: "together",
  openrouter: "openrouter",
};

/**
 * Looks up what a model costs at a kind of provider.
 *
 * `matched` is set where the book names neither the model nor an undated form of it, and only a pattern of the book
 * (`claude-sonnet-5-5` begins with `claude-sonnet-5`) took it for another. The book as published is read once; updates
 * that a program feeds it at run time are not seen, as they would change a compiled policy behind its back.
 *
 * @returns `undefined` where the price is unknown, or known to leave out a fee; never 0 for unknown.
 */
export function lookUpPrice(kind: string, model: string): Price | undefined {
  const key = `${kind}:${model}`;
  if (!remembered.has(key)) {
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, find(kind, model));
  }
  return remembered.get(key);
}

/** Names of the models of a kind that the book has a price for, sorted. */
export function pricedModels(kind: string): readonly string[] {
  return booksModels(kind)
    .map((entry) => entry.id)
    .filter((id) => isUsedName(kind, id) && lookUpPrice(kind, id) !== undefined)
    .sort();
}

const books: ReadonlyMap<string, readonly ModelInfo[]> = new Map(
  Object.entries(bookProviders).map(([kind, providerId]) => [
    kind,
    findProvider({ providerId })?.models ?? [],
  ]),
);

/** Names come from callers too: bounded, so that a flood of them cannot fill the memory. */
const maxRemembered = 10_000;
const remembered = new Map<string, Price | undefined>();

function booksModels(kind: string): readonly ModelInfo[] {
  return books.get(kind) ?? [];
}

function find(kind: string, model: string): Price | undefined {
  const found = findInBook(booksModels(kind), model);
  if (found === undefined || hasUnlistedFee(kind, model)) return undefined;
  const price = bookPrice(found.entry, priceBookDate, priceBookSource);
  if (price === undefined || found.same) return price;
  return { ...price, matched: found.entry.id };
}

/**
 * Tells names that requests use from labels of the book: the beginnings of fine-tuned models' names, and OpenRouter's
 * models without the author they now begin with.
 */
function isUsedName(kind: string, id: string): boolean {
  return !id.endsWith("-") && (kind !== "openrouter" || id.includes("/"));
}
