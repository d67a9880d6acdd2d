import type { Catalog } from "../../catalog/catalog.ts";
import type { AttributeSpec, Program } from "../../terms/program.ts";
import { listModels } from "../sdk/models-list.ts";

/** What a request can say to a policy, as far as it can be listed. */
export interface OfferedNames {
  /** Literals of `match.model` in file order, then the catalog's models that a `requested` step admits. */
  readonly models: readonly string[];
  readonly attributes: readonly OfferedAttribute[];
}

export interface OfferedAttribute {
  readonly name: string;
  readonly spec: AttributeSpec;
}

/** Lists what a policy offers. What only a glob admits cannot be listed and is missing. */
export function offeredNames(program: Program, catalog: Catalog): OfferedNames {
  return {
    models: listModels(program, catalog).map(({ id }) => id),
    attributes: Object.entries(program.attributes)
      .map(([name, spec]) => ({ name, spec }))
      .sort((left, right) => (left.name < right.name ? -1 : 1)),
  };
}
