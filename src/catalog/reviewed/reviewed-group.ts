import type { ModelFacts } from "../catalog.ts";

/** What was looked up by hand about some models of one kind, from one source. */
export interface ReviewedGroup {
  /** Page or data set, and date. */
  readonly source: string;
  readonly models: Readonly<Record<string, Partial<Omit<ModelFacts, "source">>>>;
}
