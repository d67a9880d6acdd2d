import type { MatchLogic, ModelInfo } from "@pydantic/genai-prices";
import { plainModelName, sameModelNames } from "./model-name.ts";

/** An entry of the price book, and whether it is the asked model or one that only looks like it. */
export interface BookMatch {
  readonly entry: ModelInfo;
  readonly same: boolean;
}

/**
 * Finds a model in the book: first an entry that names it outright (its id, or an `equals` of its match; some ids are
 * mere labels that no model has, and do not match themselves), then one that
 * names an undated form of it, then the first whose patterns admit it, as the book's own look-up would. Names compare
 * without case, as they do in the book.
 */
export function findInBook(entries: readonly ModelInfo[], model: string): BookMatch | undefined {
  for (const name of sameModelNames(model.toLowerCase())) {
    const named = entries.find((entry) => names(entry, name));
    if (named) return { entry: named, same: true };
  }
  const like = entries.find((entry) => admits(entry.match, model.toLowerCase()));
  if (!like) return undefined;
  return {
    entry: like,
    same: plainModelName(like.id.toLowerCase()) === plainModelName(model.toLowerCase()),
  };
}

function names(entry: ModelInfo, name: string): boolean {
  const isId = entry.id.toLowerCase() === name && admits(entry.match, name);
  return isId || equals(entry.match, name);
}

function equals(match: MatchLogic, name: string): boolean {
  if ("or" in match) return match.or.some((one) => equals(one, name));
  return "equals" in match && match.equals.toLowerCase() === name;
}

function admits(match: MatchLogic, name: string): boolean {
  if ("or" in match) return match.or.some((one) => admits(one, name));
  if ("and" in match) return match.and.every((one) => admits(one, name));
  if ("equals" in match) return name === match.equals.toLowerCase();
  if ("starts_with" in match) return name.startsWith(match.starts_with.toLowerCase());
  if ("ends_with" in match) return name.endsWith(match.ends_with.toLowerCase());
  if ("contains" in match) return name.includes(match.contains.toLowerCase());
  return new RegExp(match.regex).test(name);
}
