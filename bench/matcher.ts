import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { builtInCatalog } from "../src/catalog/built-in.ts";
import { link } from "../src/resolve/link.ts";
import { indexedMatch, linearMatch } from "../src/resolve/match-index.ts";
import { timeSync } from "./measure.ts";
import { conditionsOf, inTurn, lateRequests, programOf } from "./policies.ts";

/** Reports what the match alone costs, where the index begins to pay, and what building it takes. */
export function benchMatcher(): void {
  console.log("\nthe match alone, the last routes match");
  console.log("  routes      index       scan   link        memory");
  for (const routes of [4, 8, 16, 100, 1_000, 10_000]) {
    const program = programOf(routes, { targets: 1, ceilings: 0 });
    const conditions = program.routes.map(({ when }) => when);
    const next = inTurn(lateRequests(program));
    const [index, scan] = [indexedMatch(conditions), linearMatch(conditions)];
    const cells = [
      routes.toLocaleString("en").padStart(6),
      `${timeSync(() => index(next(), 0)).medianNs.toFixed(0)} ns`.padStart(10),
      `${timeSync(() => scan(next(), 0)).medianNs.toFixed(0)} ns`.padStart(10),
      `${leastLinkMs(routes).toFixed(1)} ms`.padStart(8),
      `${(indexBytes(routes) / 1e6).toFixed(1)} MB`.padStart(10),
    ];
    console.log(`  ${cells.join(" ")}`);
  }
}

/** The least of three links, each of a Program of its own. */
function leastLinkMs(routes: number): number {
  const times = [1, 2, 3].map(() => {
    const program = programOf(routes, { targets: 1, ceilings: 0 });
    const started = performance.now();
    link(program, builtInCatalog);
    return performance.now() - started;
  });
  return Math.min(...times);
}

/** What an index keeps in memory beside the conditions that it was built from. */
function indexBytes(routes: number): number {
  const conditions = conditionsOf(routes);
  const before = settledBytes();
  const index = indexedMatch(conditions);
  const bytes = settledBytes() - before;
  if (index.length !== 2) throw new TypeError("the index is kept until it is measured");
  return Math.max(0, bytes);
}

function settledBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
