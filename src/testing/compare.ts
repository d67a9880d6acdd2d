import type { AttemptRecord } from "../run/ports.ts";
import type { Decision } from "../terms/decision.ts";
import { formatUsd, type NanoUsd } from "../terms/money.ts";
import type { CostBound, Expectation } from "./policy-test.ts";

/** What became of a test's request: what the policy decided, and the attempts of a run. */
export interface Observed {
  readonly decision: Decision;
  readonly attempts: readonly AttemptRecord[];
}

/** One field of `expect` that is not as expected; all in words. */
export interface FieldDiff {
  /** As the test file writes it: `target`, `skipped.openai:gpt-5`, `attempts[1]`. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** Finds what of an expectation is not met, in the order of the fields in the schema. Money compares exactly. */
export function compare(
  expect: Expectation,
  { decision, attempts }: Observed,
): readonly FieldDiff[] {
  const { route, chain, target, plan, skipped, denied, cost } = expect;
  const planned = decision.kind === "route" ? decision.plan : [];
  const denial = decision.kind === "deny" ? decision.because : undefined;
  return [
    ...differs("route", route, decision.route),
    ...differs("chain", chain, decision.kind === "route" ? decision.chain : undefined),
    ...differs("target", target, answering(decision, attempts)),
    ...(plan
      ? lists(
          "plan",
          plan,
          planned.map((entry) => entry.target),
        )
      : []),
    ...comparedAttempts(expect.attempts, attempts),
    ...(skipped ? skips(skipped, decision) : []),
    // A denial that no test asks for is never what it meant.
    ...(denied === denial
      ? []
      : [{ field: "denied", expected: words(denied), found: words(denial) }]),
    ...(cost ? costs(cost, decision.kind === "route", planned[0]?.worstCost) : []),
  ];
}

/** The target that answers; none where the policy denies, or no attempt succeeds. */
function answering(decision: Decision, attempts: readonly AttemptRecord[]): string | undefined {
  if (decision.kind === "deny") return undefined;
  return attempts.find(({ outcome }) => outcome === "ok")?.target;
}

/** An attempt as test files write it. */
export function attemptWords({ target, outcome }: AttemptRecord): string {
  return `${target} ${outcome}`;
}

function words(text: string | undefined): string {
  return text ?? "nothing";
}

function differs(
  field: string,
  expected: string | undefined,
  found: string | undefined,
): readonly FieldDiff[] {
  if (expected === undefined || expected === found) return [];
  return [{ field, expected, found: words(found) }];
}

/** Each place where two lists differ; what one of them lacks is `nothing`. */
function lists(
  field: string,
  expected: readonly string[],
  found: readonly string[],
): readonly FieldDiff[] {
  return Array.from({ length: Math.max(expected.length, found.length) }, (_, at) => at)
    .filter((at) => expected[at] !== found[at])
    .map((at) => ({
      field: `${field}[${at}]`,
      expected: words(expected[at]),
      found: words(found[at]),
    }));
}

function comparedAttempts(
  expected: Expectation["attempts"],
  attempts: readonly AttemptRecord[],
): readonly FieldDiff[] {
  if (expected === undefined) return [];
  const found = attempts.map(attemptWords);
  if (typeof expected !== "number") return lists("attempts", expected, found);
  if (expected === found.length) return [];
  const listed = found.length === 0 ? "0" : `${found.length} (${found.join(", ")})`;
  return [{ field: "attempts", expected: String(expected), found: listed }];
}

function skips(
  expected: NonNullable<Expectation["skipped"]>,
  { skipped }: Decision,
): readonly FieldDiff[] {
  const found = new Map<string, string>(skipped.map(({ target, because }) => [target, because]));
  const targets = new Set([...Object.keys(expected), ...found.keys()]);
  return [...targets].flatMap((target) => {
    const wanted = Object.hasOwn(expected, target) ? expected[target] : undefined;
    const because = found.get(target);
    if (wanted === because) return [];
    return [{ field: `skipped.${target}`, expected: words(wanted), found: words(because) }];
  });
}

function costs(
  { kind, nano }: CostBound,
  isRouted: boolean,
  worst: NanoUsd | undefined,
): readonly FieldDiff[] {
  const isMet = worst !== undefined && (kind === "exactly" ? worst === nano : worst <= nano);
  if (isMet) return [];
  const expected = `${kind === "exactly" ? "" : "<= "}$${formatUsd(nano)}`;
  if (!isRouted) return [{ field: "cost", expected, found: "nothing" }];
  const found = worst === undefined ? "unknown" : `$${formatUsd(worst)}`;
  return [{ field: "cost", expected, found }];
}
