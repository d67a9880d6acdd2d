import type { Catalog } from "../../catalog/catalog.ts";
import { globTest } from "../../terms/glob.ts";
import type { AdmitSpec, Condition, Program } from "../../terms/program.ts";

/** A model that a request can name. */
export interface ListedModel {
  readonly id: string;
  /** The provider that a target names; `signalbox` for a name that the policy gives. */
  readonly ownedBy: string;
}

/**
 * Lists what a request can name: the names that the routes match literally, in the order of the policy, then the
 * catalog's models that a `requested` step admits, as targets.
 */
export function listModels(program: Program, catalog: Catalog): readonly ListedModel[] {
  const found = new Map<string, ListedModel>();
  const add = (id: string, ownedBy: string) => {
    if (!found.has(id)) found.set(id, { id, ownedBy });
  };
  for (const { when } of program.routes) {
    for (const name of literals(when)) add(name, "signalbox");
  }
  for (const admit of admitted(program)) {
    const kind = program.providers[admit.provider]?.kind;
    const admits = globTest(admit.model);
    const models = kind === undefined ? [] : catalog.models(kind);
    for (const model of models.filter(admits)) add(`${admit.provider}:${model}`, admit.provider);
  }
  return [...found.values()];
}

function literals({ fields, anyOf = [] }: Condition): readonly string[] {
  const own = fields.flatMap(({ field, test }) => {
    if (field !== "model" || test.kind !== "in" || test.not) return [];
    return test.values.filter((value) => typeof value === "string");
  });
  return [...own, ...anyOf.flatMap(literals)];
}

function admitted(program: Program): readonly AdmitSpec[] {
  const steps = Object.values(program.chains).flatMap((chain) => chain.steps);
  return steps.flatMap((step) => (step.kind === "requested" ? step.admits : []));
}
