import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import { parseDurationMs } from "../../terms/quantity.ts";
import { splitTarget } from "../../terms/target.ts";
import { policyDefaults } from "../defaults.ts";
import type { Policy } from "../policy.generated.ts";
import { chainBlock } from "../shapes.ts";
import { chainMentions, targetMentions } from "./mentions.ts";
import { plansOf } from "./plans.ts";
import { atKey, atValue, keyPlace, named, type Subject } from "./subject.ts";

/** Finds chains with several targets whose every one is at the same provider. */
export function* warnOneProvider(subject: Subject): Generator<Diagnostic> {
  const plans = plansOf(subject.policy);
  for (const chain of usedChains(subject.policy)) {
    const plan = plans.get(chain);
    if (!plan || plan.targets.size < 2 || plan.providers.size !== 1) continue;
    const [provider = ""] = plan.providers;
    const message = `all targets of ${quote(chain)} are at the provider ${quote(provider)}`;
    const help = "add a target at another provider, which answers when this one is down";
    yield atKey(subject, ["chains", chain], ["SB602", message], { help });
  }
}

/** Finds chains with several targets that may make one attempt only, so that there is no fallback. */
export function* warnOneAttempt(subject: Subject): Generator<Diagnostic> {
  const { policy } = subject;
  const plans = plansOf(policy);
  const several = [...usedChains(policy)].filter(
    (name) => (plans.get(name)?.targets.size ?? 0) > 1,
  );
  const inherited: string[] = [];
  for (const name of several) {
    const own = maxAttemptsOf(policy, name);
    if (own === undefined) inherited.push(name);
    if (own !== 1) continue;
    const message = `${quote(name)} has several targets and one attempt: there is no fallback`;
    yield atValue(subject, ["chains", name, "maxAttempts"], ["SB603", message]);
  }
  if (policy.defaults?.maxAttempts !== 1 || inherited.length === 0) return;
  const related = inherited.map((name) => {
    return {
      ...keyPlace(subject, ["chains", name]),
      message: `${quote(name)} has several targets`,
    };
  });
  const message = "chains with several targets get one attempt: there is no fallback";
  yield atValue(subject, ["defaults", "maxAttempts"], ["SB603", message], { related });
}

/** Finds breakers that let a probe through while a retry of the same target may still be waiting. */
export function* warnShortCoolDown(subject: Subject): Generator<Diagnostic> {
  const pairs = new Map(
    Array.from(rulePairs(subject.policy), (pair) => [`${pair.breaker} ${pair.retry}`, pair]),
  );
  for (const pair of pairs.values()) yield* shortCoolDown(subject, pair);
}

function* shortCoolDown(
  subject: Subject,
  { breaker = "", retry = "" }: RulePair,
): Generator<Diagnostic> {
  const guard = named(subject.policy.breakers, breaker);
  const rule = named(subject.policy.retries, retry);
  const coolDown = guard?.coolDown ?? policyDefaults.breaker.coolDown;
  const maxDelay = rule?.maxDelay ?? policyDefaults.retry.maxDelay;
  const long = (parseDurationMs(coolDown) ?? 0) >= (parseDurationMs(maxDelay) ?? 0);
  if (long || rule?.maxRetries === 0) return;
  const path =
    guard?.coolDown === undefined
      ? ["retries", retry, "maxDelay"]
      : ["breakers", breaker, "coolDown"];
  const message = `a cool-down of ${quote(coolDown)} is shorter than a retry's wait of up to ${quote(maxDelay)}`;
  yield atValue(subject, path, ["SB604", message]);
}

interface RulePair {
  readonly breaker: string | undefined;
  readonly retry: string | undefined;
}

/** The breaker and the retry rule of each target, the nearest that is named; `undefined` is the built-in one. */
function* rulePairs(policy: Policy): Generator<RulePair> {
  for (const { target, block, retry } of targetMentions(policy)) {
    const provider = named(policy.providers, splitTarget(target)?.provider ?? "");
    yield {
      breaker: provider?.breaker ?? policy.defaults?.breaker,
      retry: retry ?? block.retry ?? provider?.retry ?? policy.defaults?.retry,
    };
  }
}

/** Chains that a route or a ceiling names. */
function usedChains(policy: Policy): ReadonlySet<string> {
  const used = [...chainMentions(policy)].filter(({ within }) => within === undefined);
  return new Set(used.map(({ chain }) => chain));
}

function maxAttemptsOf(policy: Policy, name: string): number | undefined {
  const chain = named(policy.chains, name);
  return chain && chainBlock(chain).maxAttempts;
}
