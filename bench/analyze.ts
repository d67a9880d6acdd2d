import { analyze } from "../src/analyze/analyze.ts";
import { builtInCatalog } from "../src/catalog/built-in.ts";
import { compile } from "../src/compile/compile.ts";
import { compileMatch } from "../src/compile/conditions.ts";
import { loadPolicy } from "../src/policy/load-policy.ts";
import type { Match } from "../src/policy/policy.generated.ts";
import type { RouteSpec } from "../src/terms/program.ts";

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Policies of so many routes: each with its own tenant, or each with a few broad conditions that overlap. */
const shapes: Readonly<Record<string, (roll: (sides: number) => number, index: number) => object>> =
  {
    "one tenant a route": (roll, index) => ({
      tenant: `tenant-${index}`,
      ...(roll(2) === 0 && { model: [`family-${roll(40)}-*`, `model-${roll(200)}`] }),
      ...(roll(3) === 0 && { inputTokens: { gte: roll(64) * 1000 } }),
    }),
    "an alias and a glob a route": (_, index) => ({
      model: [`alias-${index}`, `family-${index}-*`],
      team: "free",
    }),
    "broad conditions": (roll) => ({
      model: [`family-${roll(40)}-*`, `*-${roll(20)}`, `model-${roll(200)}`].slice(0, 1 + roll(3)),
      ...(roll(2) === 0 && { needs: { all: [["tools", "vision", "json"][roll(3)]] } }),
      ...(roll(2) === 0 && { inputTokens: { gte: roll(16) * 1000, lt: (16 + roll(16)) * 1000 } }),
      ...(roll(3) === 0 && { team: ["free", "paid"][roll(2)] }),
      ...(roll(3) === 0 && { api: ["chat", "messages"][roll(2)] }),
      ...(roll(3) === 0 && { user: { not: [`user-${roll(50)}`] } }),
    }),
  };

const chains = ["answer", "other", "third"] as const;

/** A policy with one route, which the loader takes; the others are compiled and put in by themselves. */
function policyOf(): string {
  return JSON.stringify({
    version: 1,
    providers: {
      ollama: { kind: "ollama", labels: { hosting: "self" } },
      openai: { kind: "openai" },
      groq: { kind: "groq" },
    },
    attributes: {
      team: { values: ["free", "paid"], default: "free" },
      tenant: { type: "string" },
    },
    routes: chains.map((chain) => ({ name: chain, use: chain })),
    chains: {
      answer: ["openai:gpt-4o", "groq:llama-3.3-70b-versatile", "ollama:llama3.3:70b"],
      other: ["openai:gpt-4.1", "ollama:llama3.3:70b"],
      third: ["ollama:llama3.3:70b", "groq:llama-3.3-70b-versatile"],
    },
    ceilings: [
      { name: "one-request", limit: "$2", per: "request" },
      { name: "user-day", limit: "$10", per: "day", each: ["project", "user"] },
    ],
    defaults: { maxOutputTokens: 4000 },
    assert: [
      { promise: "nobody falls through", total: true },
      { promise: "two dollars at most", maxCost: "$2" },
      { promise: "no stranger", never: { provider: ["openai"], target: "openai:o1*" } },
    ],
  });
}

/** Reports what the analysis of a large policy takes, its promises included; loading and compiling it are not. */
export function benchAnalyze(): void {
  console.log("analyze: reachability, redundancy, gaps, costs and three promises");
  for (const [name, shape] of Object.entries(shapes)) {
    for (const count of [100, 1_000, 3_000]) console.log(timed(name, count, shape));
  }
}

function timed(name: string, count: number, shape: (typeof shapes)[string]): string {
  const { policy, program } = build(count, shape);
  const before = process.cpuUsage();
  const started = performance.now();
  const found = analyze(policy, program, builtInCatalog);
  const took = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  const cpu = ((user + system) / 1_000).toFixed(0);
  const what = `  ${count} routes, ${name}`.padEnd(52);
  return `${what} ${took.toFixed(0).padStart(8)} ms   (${cpu} ms of CPU, ${found.length} findings)`;
}

function build(count: number, shape: (typeof shapes)[string]) {
  const { kinds } = builtInCatalog;
  const { policy, diagnostics } = loadPolicy(policyOf(), { file: "bench.yaml", env: {}, kinds });
  if (!policy) throw new TypeError(diagnostics.map(({ message }) => message).join("\n"));
  const compiled = compile(policy, builtInCatalog).program;
  const roll = dice(7);
  const routes = Array.from({ length: count }, (_, index): RouteSpec => {
    const when = compileMatch((index < count - 1 ? shape?.(roll, index) : {}) as Match);
    const action = { kind: "use", chain: chains[roll(3)] ?? "answer" } as const;
    return { name: `route-${index}`, when, action };
  });
  return { policy, program: { ...compiled, routes } };
}

benchAnalyze();
