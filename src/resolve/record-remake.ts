import type { Decision } from "../terms/decision.ts";
import type { AttributeValue, Facts } from "../terms/facts.ts";
import type { JsonObject } from "../terms/json.ts";
import type { Program } from "../terms/program.ts";
import { readFacts } from "./facts.ts";
import type { Linked } from "./link.ts";
import { writtenDecision } from "./record.ts";
import type { DecisionRecord } from "./record.types.ts";
import { type Difference, differences } from "./record-differences.ts";
import { recordedView } from "./record-view.ts";
import { resolve } from "./resolve.ts";

/** What a policy makes of a recorded request, in the world as it was then. */
export type Remade =
  | {
      readonly kind: "decision";
      readonly decision: Decision;
      /** As a record would hold it. */
      readonly written: JsonObject;
      /** How much of the world it asked for that the record does not hold, and took to be well. */
      readonly assumed: number;
    }
  /** The policy does not declare what the request says: the caller would get a 400. */
  | { readonly kind: "refused"; readonly problem: string };

/**
 * Makes a recorded decision again. Under the policy of the record's revision the facts are taken as they are; under any
 * other, attributes that it no longer declares are left out and new ones have their defaults.
 */
export function remake(linked: Linked, record: DecisionRecord): Remade {
  const { program } = linked;
  const facts =
    record.revision === program.revision
      ? withPlainAttributes(record.facts)
      : factsUnder(program, record.facts);
  if (typeof facts === "string") return { kind: "refused", problem: facts };
  const { view, assumed } = recordedView(record);
  const decision = resolve(linked, facts, view);
  return { kind: "decision", decision, written: writtenDecision(decision), assumed: assumed() };
}

/**
 * Where a decision that was made again differs from its record; none means the same to the last bit.
 *
 * @param remade under the policy of the record's revision
 */
export function replayDifferences(record: DecisionRecord, remade: Remade): readonly Difference[] {
  if (remade.kind === "decision") return differences(record.decision, remade.written);
  return [{ path: [], left: record.decision, right: remade.problem }];
}

/** Attributes without a prototype, as facts have them: one called `constructor` is no member of every object. */
function withPlainAttributes(facts: Facts): Facts {
  return { ...facts, attributes: Object.assign(Object.create(null), facts.attributes) };
}

/** The facts of the same request under another policy; a text says why it would be refused. */
function factsUnder(program: Program, facts: Facts): Facts | string {
  const declared: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(facts.attributes)) {
    if (Object.hasOwn(program.attributes, name)) declared[name] = value;
  }
  const outcome = readFacts(program, { ...facts, attributes: declared });
  return outcome.kind === "facts" ? outcome.facts : outcome.problems.join("; ");
}
