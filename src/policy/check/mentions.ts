import type { Path } from "../loaded-policy.ts";
import type { ChainBlock, Match, Member, Policy, Selector, Step } from "../policy.generated.ts";
import { chainBlock } from "../shapes.ts";

/** One step of a chain, with where it stands. */
export interface StepMention {
  readonly chain: string;
  readonly block: ChainBlock;
  readonly step: Step;
  readonly path: Path;
}

/** All steps of all chains, in file order. */
export function* stepMentions(policy: Policy): Generator<StepMention> {
  for (const [name, chain] of Object.entries(policy.chains ?? {})) {
    const block = chainBlock(chain);
    const steps: Path = Array.isArray(chain) ? ["chains", name] : ["chains", name, "steps"];
    for (const [index, step] of block.steps.entries()) {
      yield { chain: name, block, step, path: [...steps, index] };
    }
  }
}

/** A target that a chain writes out, alone or as the member of a group. */
export interface TargetMention {
  readonly chain: string;
  readonly block: ChainBlock;
  readonly target: string;
  /** Where the target's text stands. */
  readonly path: Path;
  /** The retry rule that the step itself names. */
  readonly retry?: string;
}

/** All targets that chains write out, in file order. */
export function* targetMentions(policy: Policy): Generator<TargetMention> {
  for (const { step, path, chain, block } of stepMentions(policy)) {
    for (const entry of entriesOf(step, path)) yield { chain, block, ...entry };
  }
}

type Entry = Pick<TargetMention, "target" | "path" | "retry">;

function* entriesOf(step: Step, path: Path): Generator<Entry> {
  if (typeof step === "string" || "target" in step) yield entryOf(step, path);
  else if ("pick" in step) {
    for (const [index, member] of step.from.entries())
      yield entryOf(member, [...path, "from", index]);
  }
}

function entryOf(entry: Extract<Step, { target: string }> | Member, path: Path): Entry {
  if (typeof entry === "string") return { target: entry, path };
  const { target, retry } = entry;
  const at = { target, path: [...path, "target"] };
  return retry === undefined ? at : { ...at, retry };
}

/** A `provider:glob` that a `requested` step admits. */
export interface AdmitMention {
  readonly chain: string;
  readonly admits: string;
  readonly path: Path;
}

/** All that `requested` steps admit, in file order. */
export function* admitMentions(policy: Policy): Generator<AdmitMention> {
  for (const { step, path, chain } of stepMentions(policy)) {
    if (typeof step === "string" || !("requested" in step)) continue;
    for (const [index, admits] of step.requested.entries()) {
      yield { chain, admits, path: [...path, "requested", index] };
    }
  }
}

/** A place that names a chain. */
export interface ChainMention {
  readonly chain: string;
  readonly path: Path;
  /** The chain in which the name stands; missing under routes and ceilings. */
  readonly within?: string;
}

/** All places that name a chain: routes, then steps, then ceilings. */
export function* chainMentions(policy: Policy): Generator<ChainMention> {
  for (const [index, route] of policy.routes.entries()) {
    if ("use" in route) yield { chain: route.use, path: ["routes", index, "use"] };
  }
  for (const { step, path, chain } of stepMentions(policy)) {
    if (typeof step === "string" || !("chain" in step)) continue;
    yield { chain: step.chain, path: [...path, "chain"], within: chain };
  }
  for (const [index, { exceeded }] of (policy.ceilings ?? []).entries()) {
    if (typeof exceeded !== "object") continue;
    yield { chain: exceeded.use, path: ["ceilings", index, "exceeded", "use"] };
  }
}

/** A `match` block, as deep as `anyOf` goes. */
export interface MatchMention {
  readonly match: Match;
  readonly path: Path;
  /** How many `anyOf` are around it. */
  readonly depth: number;
}

/** All match blocks of routes, ceilings and promises, outer before inner. */
export function* matchMentions(policy: Policy): Generator<MatchMention> {
  for (const list of ["routes", "ceilings"] as const) {
    for (const [index, { match }] of (policy[list] ?? []).entries()) {
      if (match) yield* nested(match, [list, index, "match"], 0);
    }
  }
  for (const [index, { given }] of (policy.assert ?? []).entries()) {
    if (given) yield* nested(given, ["assert", index, "given"], 0);
  }
}

function* nested(match: Match, path: Path, depth: number): Generator<MatchMention> {
  yield { match, path, depth };
  for (const [index, inner] of (match.anyOf ?? []).entries()) {
    yield* nested(inner, [...path, "anyOf", index], depth + 1);
  }
}

/** A place that names an entry of `breakers` or `retries`. */
export interface RuleMention {
  readonly list: "breakers" | "retries";
  readonly name: string;
  readonly path: Path;
}

/** All places that name a breaker or a retry rule. */
export function* ruleMentions(policy: Policy): Generator<RuleMention> {
  for (const [name, provider] of Object.entries(policy.providers)) {
    yield* rulesOf(provider, ["providers", name]);
  }
  for (const [name, chain] of Object.entries(policy.chains ?? {})) {
    if (!Array.isArray(chain)) yield* rulesOf(chain, ["chains", name]);
  }
  for (const { retry, path } of targetMentions(policy)) {
    if (retry !== undefined) yield* rulesOf({ retry }, path.slice(0, -1));
  }
  yield* rulesOf(policy.defaults ?? {}, ["defaults"]);
}

interface NamesRules {
  readonly breaker?: string;
  readonly retry?: string;
}

function* rulesOf({ breaker, retry }: NamesRules, path: Path): Generator<RuleMention> {
  if (breaker !== undefined) yield { list: "breakers", name: breaker, path: [...path, "breaker"] };
  if (retry !== undefined) yield { list: "retries", name: retry, path: [...path, "retry"] };
}

/** A place that names a field whose values are told apart: a ceiling's `each`, a group's `by`. */
export interface FieldMention {
  readonly field: string;
  readonly path: Path;
}

/** All fields under `each` and `by`. */
export function* fieldMentions(policy: Policy): Generator<FieldMention> {
  for (const [index, { each }] of (policy.ceilings ?? []).entries()) {
    for (const [at, field] of (each ?? []).entries())
      yield { field, path: ["ceilings", index, "each", at] };
  }
  for (const { step, path } of stepMentions(policy)) {
    if (typeof step === "object" && "pick" in step && step.by !== undefined) {
      yield { field: step.by, path: [...path, "by"] };
    }
  }
}

/** What an `only` or `never` of a promise speaks of. */
export interface SelectorMention {
  readonly claim: "only" | "never";
  readonly selector: Selector;
  readonly path: Path;
}

/** All selectors of promises, in file order. */
export function* selectorMentions(policy: Policy): Generator<SelectorMention> {
  for (const [index, promise] of (policy.assert ?? []).entries()) {
    if ("only" in promise) {
      yield { claim: "only", selector: promise.only, path: ["assert", index, "only"] };
    } else if ("never" in promise) {
      yield { claim: "never", selector: promise.never, path: ["assert", index, "never"] };
    }
  }
}
