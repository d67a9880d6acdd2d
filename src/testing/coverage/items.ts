import type { Path } from "../../policy/loaded-policy.ts";
import type { Policy, Step } from "../../policy/policy.generated.ts";
import { chainBlock } from "../../policy/shapes.ts";
import { memberId } from "./step-origins.ts";

/** Something in a policy that tests can put to use. */
export interface CoverageItem {
  readonly kind: "route" | "step" | "ceiling";
  /** Unique: `route private`, `step cheap[0].from[1]`, `ceiling openai-day`. */
  readonly id: string;
  /** For people: `step 1 of chain cheap, together:llama`. */
  readonly label: string;
  /** Where it stands in the policy. */
  readonly path: Path;
}

/**
 * Lists what tests of a policy can cover: every route, deny routes too; every step of every chain, each member of a
 * group by itself; every ceiling. Told apart by name and position, never by what they lead to.
 */
export function coverageItems(policy: Policy): readonly CoverageItem[] {
  return [
    ...policy.routes.map(({ name }, at): CoverageItem => {
      return { kind: "route", id: `route ${name}`, label: `route ${name}`, path: ["routes", at] };
    }),
    ...Object.entries(policy.chains ?? {}).flatMap(([chain, written]) => {
      const path: Path = Array.isArray(written) ? ["chains", chain] : ["chains", chain, "steps"];
      return chainBlock(written).steps.flatMap((step, at) => stepItems(chain, step, at, path));
    }),
    ...(policy.ceilings ?? []).map(({ name }, at): CoverageItem => {
      const id = `ceiling ${name}`;
      return { kind: "ceiling", id, label: id, path: ["ceilings", at] };
    }),
  ];
}

function stepItems(chain: string, step: Step, at: number, steps: Path): readonly CoverageItem[] {
  const own = `${chain}[${at}]`;
  const path = [...steps, at];
  const item = (id: string, what: string, where: Path): CoverageItem => {
    const label = `step ${at + 1} of chain ${chain}, ${what}`;
    return { kind: "step", id: `step ${id}`, label, path: where };
  };
  if (typeof step === "string") return [item(own, step, path)];
  if ("target" in step) return [item(own, step.target, path)];
  if ("chain" in step) return [item(own, `chain ${step.chain}`, path)];
  if ("requested" in step) return [item(own, `requested ${step.requested.join(", ")}`, path)];
  return step.from.map((member, index) => {
    const target = typeof member === "string" ? member : member.target;
    return item(memberId(own, index), target, [...path, "from", index]);
  });
}
