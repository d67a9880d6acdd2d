import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { compile } from "../../src/compile/compile.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import { fixedView, type Given } from "../../src/resolve/fixed-view.ts";
import { type Linked, link } from "../../src/resolve/link.ts";
import { type DecisionRecord, decisionRecord } from "../../src/resolve/record.ts";
import type { RecordedAttempt } from "../../src/resolve/record.types.ts";
import { recordingView } from "../../src/resolve/record-view.ts";
import { resolve } from "../../src/resolve/resolve.ts";
import type { ResolveRequest } from "../../src/terms/facts.ts";
import { formatUsd } from "../../src/terms/money.ts";

/** Compiles and links a policy's text. */
export function linkedPolicy(text: string): Linked {
  const loaded = loadPolicy(text, { file: "policy.yaml", env: {}, kinds: builtInCatalog.kinds });
  if (!loaded.policy)
    throw new TypeError(loaded.diagnostics.map(({ message }) => message).join("\n"));
  return link(compile(loaded.policy, builtInCatalog).program, builtInCatalog);
}

/** How a recorded request went: how many tokens its first target took, or nothing where it was not answered. */
export interface Went {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Nano-dollars. */
  readonly cost: number;
  /** Targets that failed before the answer, for nothing. */
  readonly failed?: readonly string[];
}

/** The record of a request decided in a given world. */
export function recordOf(
  linked: Linked,
  requestId: string,
  request: ResolveRequest,
  given: Given = {},
  went?: Went,
): DecisionRecord {
  const outcome = readFacts(linked.program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  const { facts } = outcome;
  const { view, read } = recordingView({ ...fixedView(given), requestId });
  const decision = resolve(linked, facts, view);
  const plan = decision.kind === "route" ? decision.plan : [];
  const failed = plan.filter(({ target }) => went?.failed?.includes(target));
  const answered = plan.find(({ target }) => !went?.failed?.includes(target));
  const attempts: RecordedAttempt[] = [
    ...failed.map(({ target }) => ({ target, outcome: "server_error", cost: "0" })),
    ...(answered && went
      ? [
          {
            target: answered.target,
            outcome: "ok",
            cost: formatUsd(went.cost),
            usage: { inputTokens: went.inputTokens, outputTokens: went.outputTokens },
          },
        ]
      : []),
  ].map((attempt, index) => ({
    ...attempt,
    number: index + 1,
    startedMs: view.nowMs,
    elapsedMs: 5,
    changed: [],
  }));
  const cost = decision.kind === "deny" ? 0 : went?.cost;
  const ended = { passed: [], attempts, cost, outcome: answered ? "ok" : "policy" };
  return decisionRecord({ requestId, facts, view: read(), decision }, ended);
}

/** A log of records. */
export function logOf(records: readonly DecisionRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}
