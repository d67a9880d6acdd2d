import type { Ability, Api } from "./api.ts";
import type { Condition, FieldName } from "./condition.ts";
import type { AttributeValue } from "./facts.ts";
import type { MovesOn } from "./failure-class.ts";
import type { JsonObject } from "./json.ts";
import type { NanoUsd } from "./money.ts";
import type { Price } from "./price.ts";
import type { TargetId } from "./target.ts";

export type { Condition, FieldName, FieldTest, Test, WeekWindow } from "./condition.ts";

/**
 * A compiled policy: plain, frozen data that JSON can write and read back.
 *
 * Names are resolved, chains flattened, defaults applied, prices and windows bound; nothing in it can fail any more.
 */
export interface Program {
  readonly format: 1;
  /** A hash of everything below: the merged policy, bound catalog facts and non-secret environment values. */
  readonly revision: string;
  /** The versions of the price book and of the model data that were bound. */
  readonly catalog: string;
  /** IANA name of the one calendar of `ceilings`. */
  readonly timezone: string;
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  /** Who may call, by name. */
  readonly keys: Readonly<Record<string, KeySpec>>;
  readonly providers: Readonly<Record<string, ProviderSpec>>;
  /** `models:` in the order they apply: exact keys first, then globs, longest first. */
  readonly models: readonly ModelRule[];
  /** Every target that the policy writes out; targets under `requested` are bound when they are named. */
  readonly targets: Readonly<Record<TargetId, TargetSpec>>;
  /** In file order; the first that matches is taken. */
  readonly routes: readonly RouteSpec[];
  /** The chains that a route or a ceiling names, flattened. */
  readonly chains: Readonly<Record<string, ChainSpec>>;
  readonly ceilings: readonly CeilingSpec[];
  /** What must hold for every request; `analyze` proves it or refutes it. */
  readonly promises: readonly PromiseSpec[];
}

export interface PromiseSpec {
  readonly name: string;
  /** The requests that it speaks of. */
  readonly given: Condition;
  readonly claim: Claim;
}

export type Claim =
  /** No target but those may ever be tried, in whatever state breakers and budgets are. */
  | { readonly kind: "only"; readonly selector: Selector }
  /** None of those may. */
  | { readonly kind: "never"; readonly selector: Selector }
  /** Every request meets a route. */
  | { readonly kind: "total" }
  /** And that route is no denial, and has a target not known to be unable. */
  | { readonly kind: "answerable" }
  /** No request can reserve more, all its attempts together. */
  | { readonly kind: "maxCost"; readonly limit: NanoUsd };

/** Targets by what is known of them; all that is given must hold. A missing label equals nothing. */
export interface Selector {
  /** Names of provider entries. */
  readonly provider?: readonly string[];
  /** Globs over target ids. */
  readonly target?: readonly string[];
  readonly labels?: Readonly<Record<string, readonly string[]>>;
}

export interface AttributeSpec {
  readonly values?: readonly AttributeValue[];
  readonly type: "string" | "number" | "boolean";
  readonly default?: AttributeValue;
  /** Only the key of a request may say it; missing where the caller may. */
  readonly setBy?: "key";
}

/** A key that callers present. */
export interface KeySpec {
  readonly name: string;
  readonly sha256: DigestRef;
  /** The project of its requests. */
  readonly project?: string;
  /** Attributes of its requests, where they do not say otherwise themselves. */
  readonly set: Readonly<Record<string, AttributeValue>>;
  /** The moment from which on it is refused, in epoch milliseconds. */
  readonly expiresMs?: number;
}

/** A SHA-256 digest in lower-case hexadecimal digits, or where it is read from at start. */
export type DigestRef =
  | { readonly digest: string }
  | { readonly env: string; readonly default?: string };

/** Where a secret is read from at start; never the secret. */
export type SecretRef =
  | { readonly env: string; readonly default?: string }
  | { readonly file: string };

export interface ProviderSpec {
  readonly name: string;
  readonly kind: string;
  /** Without a trailing slash; `undefined` for `sandbox`. */
  readonly baseUrl?: string;
  /** `undefined` where the kind needs none and the policy names none. */
  readonly apiKey?: SecretRef;
  /** A provider that may lack its secret: its targets are then skipped as `no_credential`. */
  readonly optional: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Added to every cost, in parts per million: 5.5 % is 55,000. */
  readonly feePpm: number;
  readonly breaker: BreakerSpec;
  /** API formats it speaks. */
  readonly apis: readonly Api[];
  /** Passes calls on to others: what its labels say holds only as far as its operator vouches for it. */
  readonly forwards: boolean;
  /** Why its labels hold also for those it forwards to; `undefined` where nobody vouches for that. */
  readonly vouched?: string;
  /**
   * Steering members of its kind, and suffixes of model names, that a caller may set all the same. A request that does
   * has no known cost here.
   */
  readonly callerMay: readonly string[];
  readonly sandbox?: SandboxSpec;
}

/** How a `sandbox` provider answers. */
export interface SandboxSpec {
  readonly latencyMs: number;
  /** Failures by call: calls `from` to `to` of this provider (1-based, inclusive) end in `with`. */
  readonly fail: readonly SandboxFailure[];
  /** What it reports; `undefined` counts the words of the request and of the answer. */
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
}

export interface SandboxFailure {
  readonly with: SandboxFault;
  readonly from: number;
  readonly to?: number;
}

/** `cut` ends a stream after its first output without a terminal event; `hang` never answers. */
export const sandboxFaults = [
  "rate_limit",
  "overloaded",
  "server_error",
  "auth",
  "insufficient_credit",
  "not_found",
  "invalid_request",
  "context_length",
  "content_filter",
  "network",
  "hang",
  "cut",
] as const;

export type SandboxFault = (typeof sandboxFaults)[number];

export interface BreakerSpec {
  readonly name: string;
  readonly errorRatePpm: number;
  readonly minFailures: number;
  readonly windowMs: number;
  readonly coolDownMs: number;
}

export interface ModelRule {
  /** An exact `provider:model` or a glob over it. */
  readonly pattern: string;
  readonly window?: number;
  readonly maxOutput?: number;
  /** A declared list is complete: what it leaves out, the model cannot do. */
  readonly can?: readonly Ability[];
  readonly price?: Price;
}

/** What is known of one model at one provider. Unknown is `undefined`. */
export interface TargetSpec {
  readonly id: TargetId;
  readonly provider: string;
  /** The model's name as the provider knows it. */
  readonly model: string;
  /** Context window in tokens. */
  readonly window?: number;
  /** Most output tokens of one answer. */
  readonly maxOutput?: number;
  readonly can: Readonly<Partial<Record<Ability, boolean>>>;
  readonly price?: Price;
}

export interface RouteSpec {
  readonly name: string;
  readonly when: Condition;
  readonly action:
    | { readonly kind: "use"; readonly chain: string }
    | { readonly kind: "deny"; readonly reason: string };
}

/** A chain as a request uses it: per-request settings of the chain named, and its steps, flattened. */
export interface ChainSpec {
  readonly name: string;
  /** Bound for the whole request, retries and fallbacks together. */
  readonly maxAttempts: number;
  /** Default and clamp of the output limit. */
  readonly maxOutputTokens?: number;
  /** Time for the whole request. */
  readonly totalMs: number;
  /** What moves on to the next target. */
  readonly on: readonly MovesOn[];
  /** What to do about a member that a target cannot take and that changes the meaning. */
  readonly unsupported: "skip" | "drop";
  readonly steps: readonly StepSpec[];
}

export type StepSpec =
  | { readonly kind: "target"; readonly entry: EntrySpec }
  | { readonly kind: "requested"; readonly admits: readonly AdmitSpec[] }
  | {
      readonly kind: "pick";
      readonly pick: "weighted" | "cheapest" | "fastest";
      /** The field whose value replaces the draw: `user`, `project`, `key` or an attribute. */
      readonly by?: FieldName;
      readonly from: readonly { readonly entry: EntrySpec; readonly weight: number }[];
    };

/** One target in a chain, with the settings its attempts use. */
export interface EntrySpec {
  readonly target: TargetId;
  readonly settings: AttemptSettings;
}

/** `provider:glob` under `requested`: any model of that provider that the glob admits. */
export interface AdmitSpec {
  readonly provider: string;
  /** A glob over the model's name. */
  readonly model: string;
  readonly settings: AttemptSettings;
}

export interface AttemptSettings {
  readonly timeouts: {
    readonly connectMs: number;
    readonly headersMs: number;
    readonly firstOutputMs: number;
    /** For an answer that is not streamed, whose headers come only with it. */
    readonly answerMs: number;
    readonly idleMs: number;
  };
  readonly retry: RetrySpec;
  readonly params: { readonly default: JsonObject; readonly force: JsonObject };
}

export interface RetrySpec {
  readonly name: string;
  readonly maxRetries: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** Retries allowed for each hundred requests, in parts per million: 10 % is 100,000. */
  readonly retryBudgetPpm: number;
}

export const ceilingPeriods = ["request", "minute", "hour", "day", "week", "month"] as const;

export type CeilingPeriod = (typeof ceilingPeriods)[number];

export interface CeilingSpec {
  readonly name: string;
  readonly limit: NanoUsd;
  readonly per: CeilingPeriod;
  /** Fields whose values each have a bucket of their own, in the order written. */
  readonly each: readonly FieldName[];
  readonly when: Condition;
  /** Globs over target ids; `undefined` is every target. */
  readonly targets?: readonly string[];
  readonly exceeded:
    | { readonly kind: "deny" }
    | { readonly kind: "warn" }
    | { readonly kind: "use"; readonly chain: string };
}
