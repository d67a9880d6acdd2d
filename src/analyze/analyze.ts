import type { Catalog } from "../catalog/catalog.ts";
import { type Diagnostic, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import type { LoadedPolicy } from "../policy/loaded-policy.ts";
import { link } from "../resolve/link.ts";
import type { Program } from "../terms/program.ts";
import { findCosts } from "./find-costs.ts";
import { findPromises } from "./find-promises.ts";
import { findEmpty, findGaps, findRoutes, reaches } from "./find-routes.ts";
import { questionsOf } from "./questions.ts";

/**
 * Finds what is wrong with a policy over all requests and all states of breakers, holds and budgets: routes that are
 * never reached or make no difference, conditions that nothing meets, gaps, broken promises, targets and ceilings that
 * do nothing. Each refutation comes with a request that shows it, and the call of `explain` that replays it.
 *
 * Pure. Exact as far as it claims anything: where a search runs out of its budget it says so.
 *
 * @param catalog the one that the Program was compiled with
 */
export function analyze(
  loaded: LoadedPolicy,
  program: Program,
  catalog: Catalog,
): readonly Diagnostic[] {
  const linked = link(program, catalog);
  const questions = questionsOf(linked, false);
  const { ground } = questions;
  const reached = reaches(ground);
  const found = [
    ...findRoutes(loaded, ground, reached),
    ...findEmpty(loaded, ground),
    ...findGaps(loaded, ground),
    ...findCosts(loaded, questions, reached),
  ];
  if (program.promises.length > 0) {
    found.push(...findPromises(loaded, hasOpen(program) ? questionsOf(linked, true) : questions));
  }
  return sortDiagnostics(found);
}

/** Tells whether callers can name targets. They are told apart for promises alone, since they make many classes. */
function hasOpen({ chains }: Program): boolean {
  return Object.values(chains).some(({ steps }) => steps.some(({ kind }) => kind === "requested"));
}
