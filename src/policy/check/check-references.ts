import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/nearest.ts";
import { quote } from "../../diagnostics/quote.ts";
import { isGlob } from "../../terms/glob.ts";
import { splitTarget } from "../../terms/target.ts";
import type { Path } from "../loaded-policy.ts";
import type { Policy } from "../policy.generated.ts";
import { bucketFields } from "./fields.ts";
import {
  admitMentions,
  chainMentions,
  fieldMentions,
  ruleMentions,
  selectorMentions,
  targetMentions,
} from "./mentions.ts";
import { atKey, atValue, named, namesOf, type Subject } from "./subject.ts";

/** Finds chains that are named and not declared. */
export function* checkChainNames(subject: Subject): Generator<Diagnostic> {
  const { chains } = subject.policy;
  for (const { chain, path } of chainMentions(subject.policy)) {
    if (named(chains, chain) !== undefined) continue;
    const help = didYouMean(chain, namesOf(chains));
    yield atValue(subject, path, ["SB202", `the chain ${quote(chain)} is not declared`], { help });
  }
}

/** Finds breakers and retry rules that are named and not declared. */
export function* checkRuleNames(subject: Subject): Generator<Diagnostic> {
  for (const { list, name, path } of ruleMentions(subject.policy)) {
    const declared = namesOf(subject.policy[list]);
    if (declared.includes(name)) continue;
    const what = list === "breakers" ? "breaker" : "retry rule";
    const help = didYouMean(name, declared);
    yield atValue(subject, path, ["SB203", `the ${what} ${quote(name)} is not declared`], { help });
  }
}

/** Finds fields under `each` and `by` that have no values to tell apart. */
export function* checkFieldNames(subject: Subject): Generator<Diagnostic> {
  const known = bucketFields(subject.policy);
  for (const { field, path } of fieldMentions(subject.policy)) {
    if (known.includes(field)) continue;
    const help = didYouMean(field, known) ?? `known are ${known.map(quote).join(", ")}`;
    yield atValue(subject, path, ["SB204", `the field ${quote(field)} is not known here`], {
      help,
    });
  }
}

/** Finds providers that a target, a pattern or a fact about a model names and that are not declared. */
export function* checkProviderNames(subject: Subject): Generator<Diagnostic> {
  for (const mention of providerMentions(subject.policy)) {
    const split = splitTarget(mention.text);
    if (!split) {
      yield notATarget(subject, mention);
      continue;
    }
    if (named(subject.policy.providers, split.provider) !== undefined) continue;
    const at = mention.isKey ? atKey : atValue;
    const help = didYouMean(split.provider, namesOf(subject.policy.providers));
    const message = `the provider ${quote(split.provider)} is not declared`;
    yield at(subject, mention.path, ["SB201", message], { help });
  }
}

interface ProviderMention {
  /** A target, or a pattern whose provider is written out. */
  readonly text: string;
  readonly path: Path;
  readonly isKey?: true;
}

function* providerMentions(policy: Policy): Generator<ProviderMention> {
  for (const { target, path } of targetMentions(policy)) yield { text: target, path };
  for (const { admits, path } of admitMentions(policy)) yield { text: admits, path };
  for (const text of namesOf(policy.models)) {
    if (namesProvider(text)) yield { text, path: ["models", text], isKey: true };
  }
  for (const mention of [...ceilingTargets(policy), ...promisedTargets(policy)]) {
    if (namesProvider(mention.text)) yield mention;
  }
}

function* ceilingTargets(policy: Policy): Generator<ProviderMention> {
  for (const [index, { target }] of (policy.ceilings ?? []).entries()) {
    yield* textsOf(target, ["ceilings", index, "target"]);
  }
}

function* promisedTargets(policy: Policy): Generator<ProviderMention> {
  for (const { selector, path } of selectorMentions(policy)) {
    yield* textsOf(selector.target, [...path, "target"]);
  }
}

/** A text, or the texts of a list, with their places. */
function* textsOf(
  written: string | readonly string[] | undefined,
  path: Path,
): Generator<ProviderMention> {
  if (typeof written === "string") yield { text: written, path };
  else for (const [at, text] of (written ?? []).entries()) yield { text, path: [...path, at] };
}

/** Finds providers that a promise names and that are not declared. */
export function* checkPromisedProviders(subject: Subject): Generator<Diagnostic> {
  const { providers } = subject.policy;
  for (const { selector, path } of selectorMentions(subject.policy)) {
    for (const { text, path: at } of textsOf(selector.provider, [...path, "provider"])) {
      if (named(providers, text) !== undefined) continue;
      const message = `the provider ${quote(text)} is not declared`;
      yield atValue(subject, at, ["SB201", message], {
        help: didYouMean(text, namesOf(providers)),
      });
    }
  }
}

/** A pattern names its provider unless its star comes before the colon. */
function namesProvider(pattern: string): boolean {
  return !isGlob(pattern.split(":", 1)[0] ?? "");
}

function notATarget(subject: Subject, { text, path, isKey }: ProviderMention): Diagnostic {
  const at = isKey ? atKey : atValue;
  return at(subject, path, [
    "SB110",
    `expected a target as \`provider:model\`, found ${quote(text)}`,
  ]);
}
