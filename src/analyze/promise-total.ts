import type { PromiseSpec } from "../terms/program.ts";
import { evidenceIn } from "./evidence.ts";
import type { Ground } from "./ground.ts";
import { findGap } from "./reach.ts";
import type { Verdict } from "./verdict.ts";
import { proved } from "./verdict.ts";

/** Decides whether every request that a promise speaks of meets a route. */
export function decideTotal(ground: Ground, { given }: PromiseSpec): Verdict {
  const boxes = ground.boxesOf(given);
  if (!boxes) return { kind: "undecided", because: "its `given` tells too many models apart" };
  const gap = findGap(ground, boxes);
  switch (gap.kind) {
    case "reached": {
      const evidence = evidenceIn(ground, gap.box);
      return { kind: "refuted", evidence, detail: "a request meets no route" };
    }
    case "undecided":
      return { kind: "undecided", because: "the search took too long" };
    default:
      return proved;
  }
}
