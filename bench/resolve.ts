import { builtInCatalog } from "../src/catalog/built-in.ts";
import { compile } from "../src/compile/compile.ts";
import { loadPolicy } from "../src/policy/load-policy.ts";
import { readFacts } from "../src/resolve/facts.ts";
import { fixedView } from "../src/resolve/fixed-view.ts";
import { link } from "../src/resolve/link.ts";
import { resolve } from "../src/resolve/resolve.ts";
import type { Facts, ResolveRequest } from "../src/terms/facts.ts";
import { line, timeSync } from "./measure.ts";

const view = fixedView({ nowMs: Date.UTC(2026, 10, 22), draw: 0.4 });

/** A policy of so many routes, each by model and attribute, over a chain of three and two ceilings. */
function policyOf(routes: number): string {
  return JSON.stringify({
    version: 1,
    providers: { ollama: { kind: "ollama" }, openai: { kind: "openai" }, groq: { kind: "groq" } },
    attributes: { team: { values: ["free", "paid"], default: "free" } },
    routes: Array.from({ length: routes }, (_, index) => ({
      name: `route-${index}`,
      ...(index < routes - 1 && {
        match: { model: [`alias-${index}`, `family-${index}-*`], team: "free" },
      }),
      use: "answer",
    })),
    chains: { answer: ["openai:gpt-4o", "groq:llama-3.3-70b-versatile", "ollama:llama3.3:70b"] },
    ceilings: [
      { name: "one-request", limit: "$2", per: "request" },
      { name: "user-day", limit: "$10", per: "day", each: ["project", "user"] },
    ],
    defaults: { maxOutputTokens: 4000 },
  });
}

function timed(what: string, routes: number, request: ResolveRequest): string {
  const kinds = builtInCatalog.kinds;
  const { policy, diagnostics } = loadPolicy(policyOf(routes), {
    file: "bench.yaml",
    env: {},
    kinds,
  });
  if (!policy) throw new TypeError(diagnostics.map(({ message }) => message).join("\n"));
  const { program } = compile(policy, builtInCatalog);
  const linked = link(program, builtInCatalog);
  const outcome = readFacts(program, request);
  if (outcome.kind !== "facts") throw new TypeError(outcome.problems.join("\n"));
  const facts: Facts = outcome.facts;
  return line(
    what,
    timeSync(() => resolve(linked, facts, view)),
    "ns",
  );
}

/** Reports what a decision costs: the match alone hardly shows beside the plan, worst costs and buckets. */
export function benchResolve(): void {
  const request = { project: "research", user: "ann", inputTokens: 1200, outputTokens: 500 };
  console.log("resolve: three targets, two ceilings, worst costs and buckets included");
  console.log(timed("  10 routes, the first matches", 10, { ...request, model: "alias-0" }));
  console.log(timed("  10 routes, the last matches", 10, { ...request, model: "something-else" }));
  console.log(
    timed("  100 routes, the last matches", 100, { ...request, model: "something-else" }),
  );
}
