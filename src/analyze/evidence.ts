import { isOpen } from "../resolve/candidate.ts";
import type { Box } from "../resolve/classes/class-space.ts";
import { readFacts } from "../resolve/facts.ts";
import { fixedView, type Given } from "../resolve/fixed-view.ts";
import { type Resolution, resolution } from "../resolve/resolve.ts";
import type { PlanEntry } from "../terms/decision.ts";
import type { Facts, ResolveRequest } from "../terms/facts.ts";
import { formatUsd } from "../terms/money.ts";
import type { Ground } from "./ground.ts";
import { sampleIn } from "./sample-box.ts";

/** A request and a state of the world that show what a finding says. */
export interface Evidence {
  readonly request: ResolveRequest;
  readonly given: Given;
}

/** A request of a box, with all well in the world. */
export function evidenceIn(ground: Ground, box: Box): Evidence {
  const { request, at } = sampleIn(ground, box);
  return { request, given: at ? { nowMs: at.nowMs } : {} };
}

/** What becomes of a request, as `explain` would show it. */
export interface Replay extends Resolution {
  readonly facts: Facts;
  /** The targets that can really be tried: those behind a ceiling only where it has refused. */
  readonly tried: readonly PlanEntry[];
}

/** Resolves the request of a piece of evidence in its state of the world; `undefined` where it is no request. */
export function replay({ linked }: Ground, { request, given }: Evidence): Replay | undefined {
  const outcome = readFacts(linked.program, request);
  if (outcome.kind === "problem") return undefined;
  const resolved = resolution(linked, outcome.facts, fixedView(given));
  const { decision } = resolved;
  const refusing = new Set(decision.skipped.flatMap(({ ceiling }) => ceiling ?? []));
  const plan = decision.kind === "route" ? decision.plan : [];
  const tried = plan.filter((entry) => isOpen(entry, refusing));
  return { ...resolved, facts: outcome.facts, tried };
}

/** The call of `explain` that shows it. */
export function explainCommand(file: string, { request, given }: Evidence): string {
  const options = [
    ...Object.entries(given.breakers ?? {}).map(([target, state]) =>
      option("breaker", `${target}=${state}`),
    ),
    ...Object.entries(given.spend ?? {}).map(([bucket, spent]) =>
      option("spend", `${bucket}=${formatUsd(spent)}`),
    ),
    ...(given.nowMs === undefined ? [] : [`--at ${new Date(given.nowMs).toISOString()}`]),
  ];
  const json = shellWord(JSON.stringify(request));
  return ["signalbox explain", shellWord(file), "--request", json, ...options].join(" ");
}

function option(name: string, value: string): string {
  return `--${name} ${shellWord(value)}`;
}

/** A word that any POSIX shell reads as this text. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
