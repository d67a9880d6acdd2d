import { builtInCatalog } from "../src/catalog/built-in.ts";
import { fixedView } from "../src/resolve/fixed-view.ts";
import { link } from "../src/resolve/link.ts";
import { linearMatch } from "../src/resolve/match-index.ts";
import { resolve } from "../src/resolve/resolve.ts";
import type { Facts } from "../src/terms/facts.ts";
import { line, timeSync } from "./measure.ts";
import { inTurn, lateRequests, type PlanSize, programOf } from "./policies.ts";

const view = fixedView({ nowMs: Date.UTC(2026, 10, 22), draw: 0.4 });

/** Reports what a decision costs: by the number of routes, late matches only, and by the size of its plan. */
export function benchResolve(): void {
  console.log("resolve, the last routes match; a chain of one target, no ceilings");
  console.log("  routes    resolve   scan alone   scan / resolve   resolve / 10 routes");
  const least = decisionNs(10, { targets: 1, ceilings: 0 });
  for (const routes of [10, 100, 1_000, 10_000]) {
    const ns = routes === 10 ? least : decisionNs(routes, { targets: 1, ceilings: 0 });
    const scan = scanNs(routes);
    console.log(
      `  ${routes.toLocaleString("en").padStart(6)} ${cell(ns)} ${cell(scan, 12)} ${ratio(scan / ns, 16)} ${ratio(ns / least, 21)}`,
    );
  }
  console.log(line("  10 routes as a hand-written switch, no plan", timeByHand(), "ns"));
  console.log("\nresolve by the size of its plan, 10 routes");
  for (const targets of [1, 2, 3] as const) {
    for (const ceilings of [0, 2] as const) {
      const what = `  targets ${targets}, ceilings ${ceilings}: worst costs, buckets, eligibility`;
      console.log(line(what, timeDecision(10, { targets, ceilings }), "ns"));
    }
  }
}

function timeDecision(routes: number, size: PlanSize) {
  const program = programOf(routes, size);
  const linked = link(program, builtInCatalog);
  const next = inTurn(lateRequests(program));
  return timeSync(() => resolve(linked, next(), view));
}

function decisionNs(routes: number, size: PlanSize): number {
  return timeDecision(routes, size).medianNs;
}

/** Closures over the conditions of the same Program, asked one after the other. */
function scanNs(routes: number): number {
  const program = programOf(routes, { targets: 1, ceilings: 0 });
  const scan = linearMatch(program.routes.map(({ when }) => when));
  const next = inTurn(lateRequests(program));
  return timeSync(() => scan(next(), 0)).medianNs;
}

function timeByHand() {
  const next = inTurn(lateRequests(programOf(10, { targets: 1, ceilings: 0 })));
  return timeSync(() => byHand(next()));
}

/** The ten routes of {@link programOf} as a person would write them. */
function byHand({ model, attributes, inputTokens, needs, user }: Facts): number {
  const is = (index: number) => model === `alias-${index}` || model?.startsWith(`family-${index}-`);
  if (model === undefined || attributes.team !== "free") return 9;
  switch (model) {
    case "alias-0":
      return 0;
    case "alias-1":
      return 1;
    case "alias-3":
      return 3;
    case "alias-4":
      return 4;
    case "alias-6":
      return 6;
    case "alias-7":
      return 7;
    default:
  }
  for (const index of [0, 1, 3, 4, 6, 7]) if (is(index)) return index;
  if (is(2) && inputTokens >= 102) return 2;
  if (is(5) && needs.includes("tools")) return 5;
  if (is(8) && (user === "user-8" || user === "ann")) return 8;
  return 9;
}

function cell(ns: number, width = 10): string {
  return `${ns.toFixed(0)} ns`.padStart(width);
}

function ratio(value: number, width: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} x`.padStart(width);
}
