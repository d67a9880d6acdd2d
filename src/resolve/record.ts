import type { Decision } from "../terms/decision.ts";
import type { Facts } from "../terms/facts.ts";
import type { JsonObject } from "../terms/json.ts";
import { formatUsd, type NanoUsd } from "../terms/money.ts";
import type { Usage } from "../terms/usage.ts";
import { decisionJson } from "./decision-json.ts";
import type {
  DecisionRecord,
  RecordedAttempt,
  RecordedPass,
  RecordedUsage,
  ViewRecord,
} from "./record.types.ts";

export type { DecisionRecord, RecordedAttempt, RecordedPass, RecordedUsage, ViewRecord };

/** A decision and the world it was made in, before anything has come of it. */
export interface Decided {
  readonly requestId: string;
  readonly facts: Facts;
  readonly view: ViewRecord;
  readonly decision: Decision;
}

/** What came of a decision. */
export interface Outcome {
  readonly passed: readonly RecordedPass[];
  readonly attempts: readonly RecordedAttempt[];
  readonly cost: NanoUsd | undefined;
  readonly outcome: string;
}

/** Writes a decision down. */
export function decisionRecord(decided: Decided, ended: Outcome): DecisionRecord {
  const { requestId, facts, view, decision } = decided;
  const { passed, attempts, cost, outcome } = ended;
  return {
    format: 1,
    requestId,
    at: new Date(view.nowMs).toISOString(),
    revision: decision.revision,
    facts: { ...facts, attributes: { ...facts.attributes } },
    view,
    decision: writtenDecision(decision),
    passed,
    attempts,
    cost: cost === undefined ? null : formatUsd(cost),
    outcome,
  };
}

/** A Decision as it is in a record: `decisionJson`, with nothing in it that JSON would drop. */
export function writtenDecision(decision: Decision): JsonObject {
  return JSON.parse(JSON.stringify(decisionJson(decision)));
}

/** The counts of a usage by name, and nothing else that a provider, or a caller's own client, may have put into it. */
export function recordedUsage(usage: Usage): RecordedUsage {
  const { reportedCost } = usage;
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    ...optionalCounts(usage),
    ...(typeof reportedCost === "number" && { reportedCost: formatUsd(reportedCost) }),
  };
}

const optional = [
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWrite1hTokens",
  "reasoningTokens",
  "inputAudioTokens",
  "outputAudioTokens",
] as const;

function optionalCounts(usage: Usage): Partial<Record<(typeof optional)[number], number>> {
  const counts = optional.flatMap((name) => {
    const count = usage[name];
    return typeof count === "number" ? [[name, count] as const] : [];
  });
  return Object.fromEntries(counts);
}
