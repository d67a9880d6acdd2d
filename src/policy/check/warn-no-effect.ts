import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/nearest.ts";
import { quote } from "../../diagnostics/quote.ts";
import type { Path } from "../loaded-policy.ts";
import type { ChainBlock, Policy } from "../policy.generated.ts";
import { chainMentions, selectorMentions, stepMentions } from "./mentions.ts";
import { atKey, atValue, namesOf, type Subject } from "./subject.ts";

/** Finds settings that nothing reads where they stand. */
export function* warnNoEffect(subject: Subject): Generator<Diagnostic> {
  yield* innerChains(subject);
  yield* groups(subject);
  yield* ceilings(subject);
  yield* contentFilters(subject);
  yield* vouching(subject);
  yield* labelsOfNobody(subject);
}

const perRequest = [
  "maxAttempts",
  "maxOutputTokens",
  "on",
  "allowContentFilterFallback",
  "unsupported",
] as const;

/** Settings of a whole request on chains that only other chains name. */
function* innerChains(subject: Subject): Generator<Diagnostic> {
  const mentions = [...chainMentions(subject.policy)];
  const outer = new Set(
    mentions.filter(({ within }) => within === undefined).map(({ chain }) => chain),
  );
  const inner = new Set(mentions.map(({ chain }) => chain).filter((chain) => !outer.has(chain)));
  for (const [name, chain] of Object.entries(subject.policy.chains ?? {})) {
    if (Array.isArray(chain) || !inner.has(name)) continue;
    for (const path of requestSettings(chain, ["chains", name])) {
      const message = `${quote(path.slice(2).join("."))} has no effect: no route or ceiling names ${quote(name)}`;
      const help = "set it on the chain that a route names, or in `defaults`";
      yield atKey(subject, path, ["SB802", message], { help });
    }
  }
}

function* requestSettings(chain: ChainBlock, path: Path): Generator<Path> {
  for (const setting of perRequest) {
    if (chain[setting] !== undefined) yield [...path, setting];
  }
  if (chain.timeouts?.total !== undefined) yield [...path, "timeouts", "total"];
}

/** `by` and `weight` where no draw is made. */
function* groups(subject: Subject): Generator<Diagnostic> {
  for (const { step, path } of stepMentions(subject.policy)) {
    if (typeof step === "string" || !("pick" in step) || step.pick === "weighted") continue;
    const message = (setting: string) =>
      `${quote(setting)} has no effect: ${quote(step.pick)} makes no draw`;
    if (step.by !== undefined) yield atKey(subject, [...path, "by"], ["SB802", message("by")]);
    for (const [index, member] of step.from.entries()) {
      if (typeof member === "string" || member.weight === undefined) continue;
      yield atKey(subject, [...path, "from", index, "weight"], ["SB802", message("weight")]);
    }
  }
}

/** `each` where every request has a limit of its own already. */
function* ceilings(subject: Subject): Generator<Diagnostic> {
  for (const [index, { each, per }] of (subject.policy.ceilings ?? []).entries()) {
    if (each === undefined || per !== "request") continue;
    const message = "`each` has no effect: the limit holds for each request on its own";
    yield atKey(subject, ["ceilings", index, "each"], ["SB802", message]);
  }
}

/** `content_filter` in `on` of a chain that does not allow it. */
function* contentFilters(subject: Subject): Generator<Diagnostic> {
  const { policy } = subject;
  for (const [name, chain] of Object.entries(policy.chains ?? {})) {
    if (Array.isArray(chain)) continue;
    const at = (chain.on ?? []).indexOf("content_filter");
    if (at === -1 || allows(chain, policy)) continue;
    const message = "`content_filter` has no effect without `allowContentFilterFallback: true`";
    yield atValue(subject, ["chains", name, "on", at], ["SB802", message]);
  }
}

function allows(chain: ChainBlock, policy: Policy): boolean {
  return (chain.allowContentFilterFallback ?? policy.defaults?.allowContentFilterFallback) === true;
}

/** `vouched` on a provider that says it forwards nothing. */
function* vouching(subject: Subject): Generator<Diagnostic> {
  for (const [name, provider] of Object.entries(subject.policy.providers)) {
    if (!("forwards" in provider) || provider.forwards !== false) continue;
    if (provider.vouched === undefined) continue;
    const message = "`vouched` has no effect: with `forwards: false` there is nothing to vouch for";
    yield atKey(subject, ["providers", name, "vouched"], ["SB802", message]);
  }
}

/** A promise never to try targets by a label that no provider has, and that is so kept by any policy. */
function* labelsOfNobody(subject: Subject): Generator<Diagnostic> {
  const { providers } = subject.policy;
  const labels = Object.values(providers).flatMap((each) => namesOf(each.labels));
  for (const { claim, selector, path } of selectorMentions(subject.policy)) {
    for (const label of claim === "never" ? namesOf(selector.labels) : []) {
      if (labels.includes(label)) continue;
      const message = `the promise holds whatever the policy says: no provider has the label ${quote(label)}`;
      const help = didYouMean(label, labels);
      yield atKey(subject, [...path, "labels", label], ["SB802", message], { help });
    }
  }
}
