import type { LoadedPolicy, Path } from "../policy/loaded-policy.ts";
import type { ChainStep, GroupStep, Step } from "../policy/policy.generated.ts";
import { chainBlock, stepShape } from "../policy/shapes.ts";

/** Where a target is written, and the chains named by routes or ceilings that hold it. */
export interface TargetPlace {
  readonly path: Path;
  readonly target: string;
  readonly roots: readonly string[];
}

/** Every place at which the chains of some roots write a target, once for each place. */
export function targetPlaces(
  { policy }: LoadedPolicy,
  roots: Iterable<string>,
): readonly TargetPlace[] {
  const places = new Map<string, { path: Path; target: string; roots: string[] }>();
  for (const root of roots) {
    for (const { path, target } of placesIn(policy, root)) {
      const key = path.join("\n");
      const place = places.get(key) ?? { path, target, roots: [] };
      place.roots.push(root);
      places.set(key, place);
    }
  }
  return [...places.values()];
}

function* placesIn(
  policy: LoadedPolicy["policy"],
  name: string,
): Generator<{ readonly path: Path; readonly target: string }> {
  const chain = policy.chains?.[name];
  if (!chain) return;
  const base: Path = Array.isArray(chain) ? ["chains", name] : ["chains", name, "steps"];
  for (const [index, step] of chainBlock(chain).steps.entries()) {
    const path = [...base, index];
    const shape = stepShape(step);
    if (shape === "target") yield placeOf(step as Written, path);
    if (shape === "chain") yield* placesIn(policy, (step as ChainStep).chain);
    if (shape !== "group") continue;
    for (const [at, member] of (step as GroupStep).from.entries()) {
      yield placeOf(member, [...path, "from", at]);
    }
  }
}

type Written =
  | Exclude<Step, ChainStep | GroupStep | { requested: unknown }>
  | GroupStep["from"][number];

function placeOf(written: Written, path: Path) {
  if (typeof written === "string") return { path, target: written };
  const { target } = written as { readonly target: string };
  return { path: [...path, "target"], target };
}
