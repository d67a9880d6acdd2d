// Written by `npm run generate` from schema/policy-test.schema.json; change that instead.

/**
 * How attempts end, in their order: `ok` or the class of a failure.
 *
 * @minItems 1
 */
export type Outcomes = (
  | "ok"
  | "rate_limit"
  | "overloaded"
  | "server_error"
  | "timeout"
  | "network"
  | "unsupported"
  | "context_length"
  | "auth"
  | "permission"
  | "not_found"
  | "insufficient_credit"
  | "content_filter"
  | "invalid_request"
)[];
/**
 * What a run does: how many attempts it makes, or each of them as `provider:model outcome`.
 */
export type Attempts = number | AttemptList;
/**
 * Each attempt as `provider:model outcome`, retries included.
 */
export type AttemptList = string[];

/**
 * Tests of a Signalbox policy: requests, the state of the world they come in, and what the policy must do with them.
 */
export interface PolicyTests {
  /**
   * Path of the policy under test, from the folder of this file.
   */
  policy: string;
  /**
   * The tests, in the order they are run; each starts from a world of its own.
   *
   * @minItems 1
   */
  tests: Test[];
}
/**
 * One request and what must become of it.
 */
export interface Test {
  /**
   * What the test shows, in words; unique in the file.
   */
  name: string;
  request?: Request;
  given?: Given;
  expect: Expect;
}
/**
 * The request, in the words that `explain` takes; what is left out is not said by the caller.
 */
export interface Request {
  /**
   * The model as the caller writes it: a name, or a target as `provider:model`.
   */
  model?: string;
  /**
   * The API format. Default: `chat`.
   */
  api?: "chat" | "messages" | "embeddings";
  /**
   * Whether the answer is streamed. Default: `false`.
   */
  stream?: boolean;
  /**
   * What the request needs of a model.
   */
  needs?: ("tools" | "vision" | "audio" | "files" | "json" | "reasoning" | "state")[];
  /**
   * Input tokens as they are estimated when routing; `32k` is 32,000. Default: 0.
   */
  inputTokens?: number | string;
  /**
   * Most input tokens that such a request can have, for its worst case. Default: four times `inputTokens`.
   */
  inputTokensAtMost?: number | string;
  /**
   * The output limit that the caller asks for, in tokens.
   */
  outputTokens?: number | string;
  /**
   * How many answers are asked for (`n`). Default: 1.
   */
  answers?: number;
  /**
   * Names of tools that the provider itself runs; nothing bounds what they cost.
   */
  serverTools?: string[];
  /**
   * Whether the caller asks for a larger window than the model's own. Default: `false`.
   */
  liftsWindow?: boolean;
  /**
   * The project that the request counts for.
   */
  project?: string;
  /**
   * The user whom the request is for.
   */
  user?: string;
  /**
   * Name of the key that the request comes with.
   */
  key?: string;
  /**
   * What is said about the request: attributes that the policy declares, to their values.
   */
  attributes?: {
    [k: string]: string | number | boolean;
  };
}
/**
 * The state of the world; what is left out is healthy, unspent and unmeasured. It lasts as long as the test.
 */
export interface Given {
  /**
   * Targets to the state of their circuit breaker.
   */
  breakers?: {
    [k: string]: "open" | "half-open" | "closed";
  };
  /**
   * Targets that are out of service, to the reason.
   */
  holds?: {
    [k: string]:
      "rate_limit" | "insufficient_credit" | "auth" | "permission" | "not_found" | "no_credential";
  };
  /**
   * Buckets to what they have spent: `user-month{project=research,user=ann}`, or just `everyone-week` where a ceiling has no `each`.
   */
  spend?: {
    [k: string]: string;
  };
  /**
   * The moment of the request, with its offset from UTC. Default: Monday, `2026-01-05T12:00:00Z`.
   */
  at?: string;
  /**
   * Seed of weighted picks, as `explain --seed` takes it. Default: 0.
   */
  seed?: number;
  /**
   * Targets to their median time to first output, for `pick: fastest`.
   */
  firstOutput?: {
    [k: string]: string;
  };
  /**
   * Providers whose key is not there.
   */
  withoutKey?: string[];
  /**
   * Targets to what each attempt at them ends in, one after the other; later attempts are `ok`.
   */
  faults?: {
    [k: string]: Outcomes;
  };
}
/**
 * What must become of the request. What is left out may be anything, but a denial is always expected in so many words.
 */
export interface Expect {
  /**
   * Name of the route that matches.
   */
  route?: string;
  /**
   * Name of the chain that the route uses.
   */
  chain?: string;
  /**
   * The target that answers: without `faults`, the first of the plan.
   */
  target?: string;
  /**
   * All targets of the plan in the order they are tried, skipped ones left out.
   */
  plan?: string[];
  attempts?: Attempts;
  /**
   * Every target that the decision skips, to the reason; `{}` is none.
   */
  skipped?: {
    [k: string]:
      | "policy"
      | "no_route"
      | "ceiling"
      | "limit"
      | "breaker_open"
      | "hold"
      | "unsupported"
      | "context_length"
      | "no_credential"
      | "unpriced";
  };
  /**
   * Why the request is denied.
   */
  denied?:
    | "policy"
    | "no_route"
    | "ceiling"
    | "limit"
    | "breaker_open"
    | "hold"
    | "unsupported"
    | "context_length"
    | "no_credential"
    | "unpriced";
  /**
   * The most that one attempt at the plan's first target can cost: an amount, or `<= $0.02` for a bound.
   */
  cost?: string;
}
