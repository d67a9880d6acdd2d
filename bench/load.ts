import { builtInCatalog } from "../src/catalog/built-in.ts";
import { compile } from "../src/compile/compile.ts";
import { originsOf } from "../src/compile/origins.ts";
import { programJson } from "../src/compile/program-json.ts";
import { revisionOf } from "../src/compile/revision.ts";
import { readProgramJson } from "../src/faces/sdk/read-program-json.ts";
import { loadPolicy } from "../src/policy/load-policy.ts";

const routes = 10_000;

/** A policy of one route; the rest of them are added to its Program, as no file of ours is needed for that. */
const policy = `version: 1
providers: { openai: { kind: openai }, ollama: { kind: ollama } }
attributes: { team: { values: [free, paid], default: free } }
routes: [{ name: route, match: { model: [alias, "family-*"], team: free }, use: answer }]
chains: { answer: ["openai:gpt-4o", "ollama:llama3.3:70b"] }
`;

function compiledJson(): string {
  const { kinds } = builtInCatalog;
  const { policy: loaded } = loadPolicy(policy, { file: "policy.yaml", env: {}, kinds });
  if (!loaded) throw new TypeError("the policy of this bench is broken");
  const { program } = compile(loaded, builtInCatalog);
  const { revision, ...one } = program;
  const many = {
    ...one,
    routes: Array.from({ length: routes }, (_, index) => ({
      ...program.routes[0],
      name: `route-${index}`,
    })),
  } as typeof one;
  const origins = originsOf(loaded, program);
  const places = many.routes.flatMap(() => origins.routes);
  return programJson(
    { ...many, revision: revisionOf(many) },
    { ...origins, routes: places },
    new Map([["policy.yaml", policy]]),
  );
}

/** Reports how long a compiled policy takes to load, its revision checked, beside parsing the same text as JSON. */
export function benchLoad(): void {
  const text = compiledJson();
  console.log(`load: a compiled policy of ${routes} routes, ${(text.length / 1e6).toFixed(1)} MB`);
  const parse = milliseconds(() => JSON.parse(text));
  const read = milliseconds(() => readProgramJson(text));
  const members = Object.entries(JSON.parse(text) as object).reverse();
  const reshaped = JSON.stringify(Object.fromEntries(members), null, 2);
  const slow = milliseconds(() => readProgramJson(reshaped));
  show("  JSON.parse alone", parse);
  show("  readProgramJson", read, parse);
  show("  readProgramJson, its members in another order", slow, parse);
}

interface Times {
  readonly median: number;
  readonly least: number;
}

/** Milliseconds a call of something too long for thousands of rounds. */
function milliseconds(call: () => unknown): Times {
  const times = Array.from({ length: 15 }, () => {
    const started = performance.now();
    call();
    return performance.now() - started;
  }).sort((left, right) => left - right);
  return { median: times[7] ?? 0, least: times[0] ?? 0 };
}

function show(what: string, { median, least }: Times, base?: Times): void {
  const ratio = base ? `   ${(median / base.median).toFixed(1)} times` : "";
  console.log(
    `${what.padEnd(52)} ${median.toFixed(1).padStart(8)} ms   (least ${least.toFixed(1)})${ratio}`,
  );
}
