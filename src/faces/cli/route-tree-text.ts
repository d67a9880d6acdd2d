import { printable } from "../../diagnostics/printable.ts";
import { fieldLabel } from "../../resolve/failing.ts";
import type { Program, StepSpec } from "../../terms/program.ts";
import type { TargetId } from "../../terms/target.ts";
import { unreachable } from "../../terms/unreachable.ts";
import { conditionWords } from "./condition-words.ts";
import { columns, type Paint } from "./paint.ts";
import { priceWords } from "./price-words.ts";
import type { ChainNode, RouteNode } from "./route-tree.ts";

/** A line of the tree and what hangs below it; cells of neighbours line up. */
interface Branch {
  readonly cells: readonly string[];
  readonly below: readonly Branch[];
}

/** Draws the tree for people: routes with their conditions, chains, steps, and what a million tokens costs. */
export function routeTreeText(program: Program, nodes: readonly RouteNode[], paint: Paint): string {
  return nodes.map((node) => `${routeText(program, node, paint).join("\n")}\n`).join("\n");
}

function routeText(program: Program, node: RouteNode, paint: Paint): readonly string[] {
  const { route, number, reached, chains, example } = node;
  const when = conditionWords(route.when).join(" and ");
  const words = printable(when === "" ? "every request" : when);
  const remark = {
    yes: "",
    no: paint("yellow", "  never reached"),
    undecided: paint("yellow", "  not known to be reached"),
  }[reached];
  const denial =
    route.action.kind === "deny" ? [`└─ denied: ${printable(route.action.reason)}`] : [];
  return [
    `${number} ${paint("bold", route.name)}  ${words}${remark}`,
    ...[...denial, ...draw(chains.map((chain) => chainBranch(program, chain, paint)))].map(
      (line) => `  ${line}`,
    ),
    ...(example === undefined ? [] : [`  ${paint("dim", `such as: ${printable(example)}`)}`]),
  ];
}

function chainBranch(program: Program, { chain, after, steps }: ChainNode, paint: Paint): Branch {
  const label = `chain ${paint("cyan", chain.name)}`;
  const below = steps.map((step) => stepBranch(program, step, paint));
  if (!after) return { cells: [label], below };
  const when = conditionWords(after.when);
  const only = [
    ...(when.length > 0 ? [`for ${when.join(" and ")}`] : []),
    ...(after.targets ? [`counting ${after.targets.join(", ")}`] : []),
  ];
  const ceiling = `once ceiling ${after.name} refuses`;
  const detail = only.length === 0 ? "" : paint("dim", ` (${printable(only.join("; "))})`);
  return { cells: [`${label}, ${ceiling}${detail}`], below };
}

function stepBranch(program: Program, step: StepSpec, paint: Paint): Branch {
  switch (step.kind) {
    case "target":
      return targetBranch(program, step.entry.target, paint);
    case "requested": {
      const globs = step.admits.map(({ provider, model }) => `${provider}:${model}`);
      const label = `the target that the request names, if it is ${globs.join(" or ")}`;
      return { cells: [printable(label)], below: [] };
    }
    case "pick": {
      const by = step.by === undefined ? "" : ` by ${fieldLabel(step.by)}`;
      const below = step.from.map(({ entry, weight }) =>
        targetBranch(program, entry.target, paint, step.pick === "weighted" ? weight : undefined),
      );
      return { cells: [`${step.pick}${by} of`], below };
    }
    default:
      return unreachable(step);
  }
}

function targetBranch(program: Program, id: TargetId, paint: Paint, weight?: number): Branch {
  const target = program.targets[id];
  const fee = target ? (program.providers[target.provider]?.feePpm ?? 0) : 0;
  const price = paint("dim", priceWords(target?.price, fee));
  const cells = weight === undefined ? [price] : [price, paint("dim", `weight ${weight}`)];
  return { cells: [printable(id), ...cells], below: [] };
}

function draw(branches: readonly Branch[]): readonly string[] {
  // A long line without further cells would push those of the others to the right.
  const several = branches.filter(({ cells }) => cells.length > 1);
  const aligned = columns(
    several.map(({ cells }) => cells),
    0,
  );
  return branches.flatMap((branch, at) => {
    const { cells, below } = branch;
    const isLast = at === branches.length - 1;
    return [
      `${isLast ? "└─" : "├─"} ${aligned[several.indexOf(branch)] ?? cells.join("  ")}`,
      ...draw(below).map((line) => `${isLast ? "  " : "│ "} ${line}`),
    ];
  });
}
