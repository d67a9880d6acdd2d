import { builtInCatalog } from "../src/catalog/built-in.ts";
import { compile } from "../src/compile/compile.ts";
import { loadPolicy } from "../src/policy/load-policy.ts";
import { readFacts } from "../src/resolve/facts.ts";
import type { Facts, ResolveRequest } from "../src/terms/facts.ts";
import type { Condition, FieldTest, Program, Test } from "../src/terms/program.ts";

/** How much a decision has to plan beside the match. */
export interface PlanSize {
  readonly targets: 1 | 2 | 3;
  readonly ceilings: 0 | 2;
}

const targets = ["openai:gpt-4o", "groq:llama-3.3-70b-versatile", "ollama:llama3.3:70b"];

const ceilings = [
  { name: "one-request", limit: "$2", per: "request" },
  { name: "user-day", limit: "$10", per: "day", each: ["project", "user"] },
];

/**
 * A Program of so many routes over one chain. Routes go by model, listed and by glob, and by team; every third also by
 * input, needs or user. The last takes all that is left. They are put into a compiled policy directly, for it is not the
 * loader that is timed.
 */
export function programOf(routes: number, size: PlanSize): Program {
  const text = JSON.stringify({
    version: 1,
    providers: { ollama: { kind: "ollama" }, openai: { kind: "openai" }, groq: { kind: "groq" } },
    attributes: { team: { values: ["free", "paid"], default: "free" } },
    routes: [{ name: "rest", use: "answer" }],
    chains: { answer: targets.slice(0, size.targets) },
    ...(size.ceilings > 0 && { ceilings: ceilings.slice(0, size.ceilings) }),
    defaults: { maxOutputTokens: 4000 },
  });
  const { kinds } = builtInCatalog;
  const { policy, diagnostics } = loadPolicy(text, { file: "bench.yaml", env: {}, kinds });
  if (!policy) throw new TypeError(diagnostics.map(({ message }) => message).join("\n"));
  const { program } = compile(policy, builtInCatalog);
  const conditions = conditionsOf(routes);
  return {
    ...program,
    routes: conditions.map((when, index) => ({
      name: `route-${index}`,
      when,
      action: { kind: "use", chain: "answer" },
    })),
  };
}

/** The conditions of {@link programOf}. */
export function conditionsOf(routes: number): readonly Condition[] {
  return Array.from({ length: routes }, (_, index) =>
    index === routes - 1 ? { fields: [] } : { fields: [...fieldsOf(index), ...moreOf(index)] },
  );
}

function fieldsOf(index: number): readonly FieldTest[] {
  const model = listed([`alias-${index}`], [`family-${index}-*`]);
  return [
    { field: "model", test: model },
    { field: "attributes.team", test: listed(["free"]) },
  ];
}

function moreOf(index: number): readonly FieldTest[] {
  switch (index % 9) {
    case 2:
      return [{ field: "inputTokens", test: { kind: "range", gte: 100 + (index % 500) } }];
    case 5:
      return [{ field: "needs", test: { kind: "needs", all: ["tools"], any: [], none: [] } }];
    case 8:
      return [{ field: "user", test: listed([`user-${index}`, "ann"]) }];
    default:
      return [];
  }
}

function listed(values: readonly string[], globs: readonly string[] = []): Test {
  return { kind: "in", values, globs, present: false, absent: false, not: false };
}

/** Requests that the last routes of so many take: listed models, models of a family, and models that no route names. */
export function lateRequests(program: Program): readonly Facts[] {
  const routes = program.routes.length;
  return Array.from({ length: 60 }, (_, index) => {
    const late = Math.max(0, routes - 2 - (index % 5));
    const models = [`alias-${late}`, `family-${late}-large`, `something-else-${index}`];
    return factsOf(program, { model: models[index % models.length] ?? "" });
  });
}

function factsOf(program: Program, request: ResolveRequest): Facts {
  const usual = { project: "research", user: "ann", inputTokens: 1200, outputTokens: 500 };
  const outcome = readFacts(program, { ...usual, needs: ["tools"], ...request });
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("\n"));
  return outcome.facts;
}

/** A function that hands out the items one after the other, over and over. */
export function inTurn<T>(items: readonly T[]): () => T {
  let at = 0;
  return () => {
    at = at + 1 < items.length ? at + 1 : 0;
    return items[at] as T;
  };
}
