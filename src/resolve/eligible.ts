import type { Skip } from "../terms/decision.ts";
import type { Facts } from "../terms/facts.ts";
import { formatUsd } from "../terms/money.ts";
import type { View } from "../terms/view.ts";
import type { MetCeiling } from "./buckets.ts";
import { type Candidate, steeredMembers } from "./candidate.ts";
import { paramsWeight } from "./params-weight.ts";

/** A reason not to try a target, without the target's name. */
type Reason = Omit<Skip, "target">;

/**
 * Tells why a target may not be tried now, or `undefined` when it may.
 *
 * The one place that decides this, for `resolve`, for `explain`, and for `run` before each attempt. An open breaker is
 * asked last, so that a skip for `breaker_open` means that nothing else stands in the way (the panic rule rests on it).
 *
 * @param stateProvider the provider that keeps this request's state, where it has any: no other may be tried
 */
export function eligible(
  candidate: Candidate,
  facts: Facts,
  view: View,
  met: readonly MetCeiling[],
  stateProvider?: string,
): Skip | undefined {
  const reason =
    missingCredential(candidate, view) ??
    unable(candidate, facts, stateProvider) ??
    tooLong(candidate, facts) ??
    held(candidate, view) ??
    overCeiling(candidate, facts, view, met) ??
    brokenOpen(candidate, view);
  return reason && { target: candidate.target, ...reason };
}

function missingCredential({ linked }: Candidate, view: View): Reason | undefined {
  if (view.hasCredential(linked.provider.name)) return undefined;
  return { because: "no_credential", detail: `\`${linked.provider.name}\` has no key` };
}

function unable(candidate: Candidate, facts: Facts, stateProvider?: string): Reason | undefined {
  const { linked, settings } = candidate;
  const { spec, provider } = linked;
  if (!provider.apis.includes(facts.api)) {
    return { because: "unsupported", detail: `\`${provider.name}\` does not speak ${facts.api}` };
  }
  const lacking = facts.needs.find((need) => need !== "state" && spec.can[need] === false);
  if (lacking) return { because: "unsupported", detail: `the model cannot do ${lacking}` };
  const steered = steeredMembers(facts, linked, settings).find(
    (member) => !provider.callerMay.includes(member),
  );
  if (steered) {
    return { because: "unsupported", detail: `the caller's \`${steered}\` would steer it` };
  }
  if (facts.needs.includes("state") && stateProvider && provider.name !== stateProvider) {
    return {
      because: "unsupported",
      detail: `the request rests on state kept at \`${stateProvider}\``,
    };
  }
  return undefined;
}

function tooLong({ linked }: Candidate, facts: Facts): Reason | undefined {
  const { window } = linked.spec;
  // The window of an embeddings model is that of each of its texts, of which this is the sum.
  if (window === undefined || facts.liftsWindow || facts.api === "embeddings") return undefined;
  if (facts.inputTokens <= window) return undefined;
  return {
    because: "context_length",
    detail: `${facts.inputTokens} input tokens, window ${window}`,
  };
}

function held({ target }: Candidate, view: View): Reason | undefined {
  const hold = view.hold(target);
  if (!hold || hold.untilMs <= view.nowMs) return undefined;
  return { because: "hold", detail: `held because of ${hold.because}`, untilMs: hold.untilMs };
}

function overCeiling(
  candidate: Candidate,
  facts: Facts,
  view: View,
  met: readonly MetCeiling[],
): Reason | undefined {
  for (const { ceiling, bucket } of met) {
    const { spec } = ceiling;
    if (spec.exceeded.kind === "warn" || !ceiling.admits(candidate.target)) continue;
    if (candidate.worstCost === undefined) return unpriced(candidate, facts, spec.name);
    const remaining = spec.limit - view.spent(bucket);
    if (candidate.worstCost === 0 || candidate.worstCost <= remaining) continue;
    return {
      because: "ceiling",
      detail: `needs up to $${formatUsd(candidate.worstCost)}, $${formatUsd(Math.max(0, remaining))} of \`${bucket.name}\` is left`,
      ceiling: spec.name,
      ...(spec.per !== "request" && { untilMs: bucket.endMs }),
    };
  }
  return undefined;
}

function unpriced(candidate: Candidate, facts: Facts, ceiling: string): Reason {
  const detail = `${costGap(candidate, facts)}, and the ceiling \`${ceiling}\` is hard`;
  return { because: "unpriced", detail };
}

/** Why nobody can say what an attempt costs at most. */
function costGap({ linked, settings }: Candidate, facts: Facts): string {
  const { serverTools } = facts;
  if (!linked.spec.price) return "its price is not known";
  if (serverTools) {
    return `nothing bounds what the provider's own tools cost (${serverTools.join(", ")})`;
  }
  if (paramsWeight(settings, linked.kind).isBoundless)
    return "nothing bounds what its `params` ask for";
  const steered = steeredMembers(facts, linked, settings);
  if (steered.length > 0) return `nothing bounds what the caller asks for (${steered.join(", ")})`;
  return "its output has no limit";
}

function brokenOpen({ target }: Candidate, view: View): Reason | undefined {
  const breaker = view.breaker(target);
  if (breaker.state !== "open") return undefined;
  return { because: "breaker_open", detail: "its breaker is open", untilMs: breaker.untilMs };
}
