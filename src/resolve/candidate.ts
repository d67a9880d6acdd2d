import { dearestRates, worstCost } from "../catalog/cost.ts";
import type { Need } from "../terms/api.ts";
import type { PlanEntry } from "../terms/decision.ts";
import type { Facts } from "../terms/facts.ts";
import type { AttemptSettings, ChainSpec, EntrySpec } from "../terms/program.ts";
import type { LinkedTarget } from "./link.ts";
import { type ParamsWeight, paramsWeight } from "./params-weight.ts";

/** A target of the chain with what one attempt at it would send and could cost. */
export interface Candidate extends PlanEntry {
  readonly linked: LinkedTarget;
  /** The rates of the worst cost, in pico-dollars a token, for a target that can be held to them. */
  readonly rates: { readonly input: number; readonly output: number } | undefined;
}

/** Works out the output limit and the worst cost of one attempt. */
export function candidateOf(
  facts: Facts,
  chain: ChainSpec,
  entry: EntrySpec,
  linked: LinkedTarget,
  after: readonly string[] | undefined,
): Candidate {
  const { spec, provider, kind } = linked;
  const sent = facts.api === "embeddings" ? undefined : sentLimit(chain, spec.maxOutput);
  const params = paramsWeight(entry.settings, kind);
  const bounds = {
    inputTokensAtMost: inputBound(facts, params, spec.window),
    outputTokensAtMost: outputBound(facts, params, sent, spec.maxOutput),
    answers: Math.max(facts.answers, params.answers),
  };
  const bounded = worstCost(spec.price, bounds, provider.feePpm);
  // What a provider's own tools read and cost has no bound; a target that costs nothing runs none.
  const runsTools = facts.serverTools !== undefined || params.isBoundless;
  // A caller that steers may choose another model, at another price.
  const isSteered = steeredMembers(facts, linked, entry.settings).length > 0;
  const cost = isSteered || (runsTools && bounded !== 0) ? undefined : bounded;
  return {
    target: entry.target,
    worstCost: cost,
    maxOutputTokens: sent,
    after,
    unknown: unknownNeeds(facts.needs, linked),
    settings: entry.settings,
    linked,
    rates:
      kind.takesMaxPrice && spec.price && cost !== undefined
        ? dearestRates(spec.price, bounds.inputTokensAtMost)
        : undefined,
  };
}

const noMembers: readonly string[] = [];

/** What the caller set that steers this target; what the policy forces, the caller has not set. */
export function steeredMembers(
  { steering }: Facts,
  { kind }: LinkedTarget,
  { params }: AttemptSettings,
): readonly string[] {
  const members = steering && Object.hasOwn(steering, kind.kind) ? steering[kind.kind] : undefined;
  return members ? members.filter((member) => !Object.hasOwn(params.force, member)) : noMembers;
}

/**
 * Tells whether an entry's turn may come: it waits for no ceiling, or one that it waits for has refused the request.
 *
 * @param refusing names of the ceilings that have
 */
export function isOpen(
  { after }: Pick<PlanEntry, "after">,
  refusing: ReadonlySet<string>,
): boolean {
  return after === undefined || after.some((ceiling) => refusing.has(ceiling));
}

/** The entry of the plan that a candidate stands for. */
export function planEntry({
  target,
  worstCost,
  maxOutputTokens,
  after,
  unknown,
  settings,
}: Candidate): PlanEntry {
  return { target, worstCost, maxOutputTokens, after, unknown, settings };
}

/** The limit that the policy puts on the output; `undefined` where it puts none and the request leaves as it came. */
function sentLimit(chain: ChainSpec, modelMaximum: number | undefined): number | undefined {
  if (chain.maxOutputTokens === undefined) return undefined;
  return Math.min(chain.maxOutputTokens, modelMaximum ?? chain.maxOutputTokens);
}

/**
 * What bounds the input: the request with what the policy adds to it, and the window where that is less. The window of
 * an embeddings model is that of each of the texts, however many there are, and bounds nothing.
 */
function inputBound(facts: Facts, params: ParamsWeight, window: number | undefined): number {
  const input = facts.inputTokensAtMost + params.inputTokens;
  if (facts.api === "embeddings" || facts.liftsWindow || window === undefined) return input;
  return Math.min(input, window);
}

/**
 * What bounds the output: the limit that is sent, a lower one that the request will have, else the model's own maximum.
 * A limit that the policy forces stands in place of the caller's; one that it fills in counts where the caller has none.
 */
function outputBound(
  facts: Facts,
  { forcedLimit, defaultLimit }: ParamsWeight,
  sent: number | undefined,
  modelMaximum: number | undefined,
): number | undefined {
  const { api } = facts;
  if (api === "embeddings") return 0;
  const asked = forcedLimit[api] ?? facts.outputTokens ?? defaultLimit[api];
  // Nothing asked for means the provider's own; what a limit of 0 means is anybody's guess.
  if (asked === undefined || asked === 0 || asked === Infinity) return sent ?? modelMaximum;
  return sent === undefined ? asked : Math.min(asked, sent);
}

/** The needs that nobody knows whether the target meets. `state` is a matter of the plan, not of the model. */
function unknownNeeds(needs: readonly Need[], { spec }: LinkedTarget): readonly Need[] | undefined {
  if (needs.length === 0) return undefined;
  const unknown = needs.filter((need) => need !== "state" && spec.can[need] === undefined);
  return unknown.length > 0 ? unknown : undefined;
}
