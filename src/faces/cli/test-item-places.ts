import { type Locate, locator } from "../../diagnostics/span.ts";
import type { CoverageItem } from "../../testing/coverage/items.ts";
import type { TestedPolicy } from "./read-tests.ts";

/** A line of one of a policy's files, from 1. */
export interface ItemPlace {
  readonly file: string;
  readonly line: number;
}

/** Finds where items stand: in the policy's own file, or in one that it includes. */
export function itemPlaces({ loaded }: TestedPolicy): (item: CoverageItem) => ItemPlace {
  const locators = new Map<string, Locate>();
  for (const [file, text] of loaded.sources) locators.set(file, locator(text));
  return ({ path }) => {
    const { file, span } = loaded.keyPlaceOf(path);
    return { file, line: locators.get(file)?.(span.start).line ?? 1 };
  };
}
