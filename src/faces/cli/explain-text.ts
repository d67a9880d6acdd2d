import type { Explanation } from "../../resolve/explain.ts";
import type { PlanEntry } from "../../terms/decision.ts";
import type { Facts } from "../../terms/facts.ts";
import { formatUsd } from "../../terms/money.ts";
import { columns, type Paint, painter } from "./paint.ts";

/** Draws an explanation for people: the routes walked, the plan, what was skipped, what is left under each ceiling. */
export function explanationText(
  explanation: Explanation,
  facts: Facts,
  notes: readonly string[],
  colour: boolean,
): string {
  const paint = painter(colour);
  const { decision } = explanation;
  const blocks = [
    requestBlock(explanation, facts, notes, paint),
    routesBlock(explanation, paint),
    decision.kind === "route" ? planBlock(explanation, decision.plan, paint) : "",
    skippedBlock(explanation, paint),
    decision.kind === "route" && decision.ceilings.length > 0
      ? block(
          "ceilings",
          decision.ceilings.map(({ bucket, remaining }) => [
            bucket,
            `$${formatUsd(remaining)} left`,
          ]),
          paint,
        )
      : "",
    verdict(explanation, paint),
  ];
  return `${blocks.filter((text) => text !== "").join("\n\n")}\n`;
}

/** A heading and rows whose columns line up. */
function block(heading: string, rows: readonly (readonly string[])[], paint: Paint): string {
  return [paint("bold", heading), ...columns(rows)].join("\n");
}

function requestBlock(
  { moment }: Explanation,
  facts: Facts,
  notes: readonly string[],
  paint: Paint,
): string {
  const { model, api, stream, needs, inputTokens, outputTokens, project, user, key, attributes } =
    facts;
  const asked = { model, api, stream: stream || undefined, needs: needs.join(", ") || undefined };
  const rows = Object.entries({
    ...asked,
    inputTokens,
    outputTokens,
    project,
    user,
    key,
    ...attributes,
    time: moment,
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const noted = notes.map((note) => `\n  ${paint("dim", note)}`).join("");
  return block("request", rows, paint) + noted;
}

function routesBlock({ considered, decision }: Explanation, paint: Paint): string {
  const width = Math.max(...considered.map(({ route }) => route.length));
  const lines = considered.map(({ route, failing }) => {
    const name = route.padEnd(width);
    if (!failing) {
      const to = decision.kind === "route" ? `uses chain ${decision.chain}` : "matches";
      return `  ${paint("green", "✓")} ${name}  ${to}`;
    }
    return `  ${paint("dim", "✗")} ${name}  ${failing.field}: expected ${failing.expected}, found ${failing.found}`;
  });
  return [paint("bold", "routes"), ...lines].join("\n");
}

function planBlock(explanation: Explanation, plan: readonly PlanEntry[], paint: Paint): string {
  const rows = plan.map((entry, index) => [
    `${index + 1}`,
    entry.target,
    entry.worstCost === undefined ? "cost unknown" : `up to $${formatUsd(entry.worstCost)}`,
    remarks(explanation, entry),
  ]);
  return block("plan", rows, paint);
}

/** Labels, the ceiling that an entry waits for, and what nobody knows about it. */
function remarks({ targets }: Explanation, entry: PlanEntry): string {
  const facts = targets.find(({ target }) => target === entry.target);
  const labels = Object.entries(facts?.labels ?? {}).map(([name, value]) => `${name}: ${value}`);
  const waits = entry.after === undefined ? [] : [`only after ${entry.after.join(" or ")} refuses`];
  const unknown = entry.unknown ? [`not known to do ${entry.unknown.join(", ")}`] : [];
  const priced = facts?.priceOf === undefined ? [] : [`priced as ${facts.priceOf}`];
  return [...labels, ...waits, ...unknown, ...priced].join(" · ");
}

function skippedBlock({ decision }: Explanation, paint: Paint): string {
  if (decision.skipped.length === 0) return "";
  const rows = decision.skipped.map(({ target, because, detail }) => [target, because, detail]);
  return block("skipped", rows, paint);
}

function verdict({ decision }: Explanation, paint: Paint): string {
  const revision = paint("dim", `revision ${decision.revision}`);
  if (decision.kind === "deny") {
    return `${paint("red", "denied")} because ${decision.because}: ${decision.detail}\n${revision}`;
  }
  const [first] = decision.plan;
  return `${paint("green", "routed")} to ${first?.target} by route ${decision.route}\n${revision}`;
}
