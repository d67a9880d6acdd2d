import type { Policy, Step } from "../../policy/policy.generated.ts";
import { chainBlock } from "../../policy/shapes.ts";
import type { Linked } from "../../resolve/link.ts";
import { requestedEntry } from "../../resolve/order.ts";
import type { Facts } from "../../terms/facts.ts";

/** Names a step of a chain by where it is written: `cheap[0]`, or `cheap[0].from[1]` for the member of a group. */
export type StepId = string;

/** A target in a chain as it is written, or the place of one that callers name. */
interface Origin {
  /** Missing for a `requested` step. */
  readonly target?: string;
  /** The step that writes it, after the `chain:` steps that lead to it, outermost first. */
  readonly steps: readonly StepId[];
}

/** The steps that put a target into a chain's plan for a request: the one that writes it, and those that lead there. */
export type StepsOf = (chain: string, target: string, facts: Facts) => readonly StepId[];

/**
 * Prepares {@link StepsOf} for one policy: chains are walked as they are written, so that a step that other chains share
 * is the same step wherever it is used.
 */
export function stepOrigins(policy: Policy, linked: Linked): StepsOf {
  const memo = new Map<string, readonly Origin[]>();
  return (chain, target, facts) => {
    const origins = memo.get(chain) ?? originsIn(policy, chain, []);
    memo.set(chain, origins);
    const admits = linked
      .chain(chain)
      .steps.flatMap((step) => (step.kind === "requested" ? [step.admits] : []));
    let requested = 0;
    for (const origin of origins) {
      if (origin.target === target) return origin.steps;
      if (origin.target !== undefined) continue;
      const [entry] = requestedEntry(linked, admits[requested++] ?? [], facts.model);
      if (entry?.target === target) return origin.steps;
    }
    return [];
  };
}

function originsIn(policy: Policy, chain: string, through: readonly StepId[]): readonly Origin[] {
  const block = policy.chains?.[chain];
  if (!block) throw new TypeError(`unchecked chain ${chain}`);
  return chainBlock(block).steps.flatMap((step, at) => {
    const id = `${chain}[${at}]`;
    return originsOfStep(policy, step, id, through);
  });
}

function originsOfStep(
  policy: Policy,
  step: Step,
  id: StepId,
  through: readonly StepId[],
): readonly Origin[] {
  const steps = [...through, id];
  if (typeof step === "string") return [{ target: step, steps }];
  if ("target" in step) return [{ target: step.target, steps }];
  if ("chain" in step) return originsIn(policy, step.chain, steps);
  if ("requested" in step) return [{ steps }];
  return step.from.map((member, at) => ({
    target: typeof member === "string" ? member : member.target,
    steps: [...through, memberId(id, at)],
  }));
}

/** Names the member of a group. */
export function memberId(group: StepId, at: number): StepId {
  return `${group}.from[${at}]`;
}
