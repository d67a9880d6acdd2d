import type { Place } from "../diagnostics/diagnostic.ts";
import type { LoadedPolicy, Path } from "../policy/loaded-policy.ts";
import type { GroupStep, MemberBlock, Step, TargetStep } from "../policy/policy.generated.ts";
import { chainBlock, stepShape } from "../policy/shapes.ts";
import type { Program } from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";

/** Where the parts of a Program were written. */
export interface Origins {
  readonly providers: Readonly<Record<string, Place>>;
  /** In the order of `Program.routes`. */
  readonly routes: readonly Place[];
  readonly chains: Readonly<Record<string, ChainOrigin>>;
  /** In the order of `Program.ceilings`. */
  readonly ceilings: readonly Place[];
}

export interface ChainOrigin {
  readonly at: Place;
  /** In the order of the chain's flattened steps; a step of another chain stands where that chain wrote it. */
  readonly steps: readonly Place[];
}

/** Finds where each provider, route, chain, step and ceiling of a compiled policy was written. */
export function originsOf(loaded: LoadedPolicy, program: Program): Origins {
  const at = loaded.keyPlaceOf;
  return {
    providers: mapKeys(program.providers, (name) => at(["providers", name])),
    routes: program.routes.map((_, index) => at(["routes", index])),
    chains: mapKeys(program.chains, (name) => ({
      at: at(["chains", name]),
      steps: firstMentions(writtenSteps(loaded, name)).map(({ path }) => at(path)),
    })),
    ceilings: program.ceilings.map((_, index) => at(["ceilings", index])),
  };
}

function mapKeys<T>(
  record: Readonly<Record<string, unknown>>,
  make: (name: string) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.keys(record).map((name) => [name, make(name)]));
}

interface WrittenStep {
  readonly step: Step;
  readonly path: Path;
}

/** The steps of a chain with those of the chains it names in their place, as `compileChains` puts them. */
function writtenSteps(loaded: LoadedPolicy, name: string): readonly WrittenStep[] {
  const chain = loaded.policy.chains?.[name];
  if (!chain) throw new TypeError(`unchecked chain ${name}`);
  const list: Path = Array.isArray(chain) ? ["chains", name] : ["chains", name, "steps"];
  return chainBlock(chain).steps.flatMap((step, index) =>
    typeof step === "object" && "chain" in step
      ? writtenSteps(loaded, step.chain)
      : [{ step, path: [...list, index] }],
  );
}

/** Leaves out the steps that `compileChains` leaves out: those whose every target stood before. */
function firstMentions(steps: readonly WrittenStep[]): readonly WrittenStep[] {
  const seen = new Set<string>();
  return steps.filter(({ step }) => {
    const targets = targetsOf(step);
    if (targets === undefined) return true;
    const before = seen.size;
    for (const target of targets) seen.add(target);
    return seen.size > before;
  });
}

/** The targets that a step writes out; `undefined` for one that stands for what the caller names. */
function targetsOf(step: Step): readonly string[] | undefined {
  const shape = stepShape(step);
  switch (shape) {
    case "target":
      return [targetOf(step as string | TargetStep)];
    case "group":
      return (step as GroupStep).from.map(targetOf);
    case "requested":
      return undefined;
    case "chain":
      throw new TypeError("the chains were flattened before");
    default:
      return unreachable(shape);
  }
}

function targetOf(written: string | TargetStep | MemberBlock): string {
  return typeof written === "string" ? written : written.target;
}
