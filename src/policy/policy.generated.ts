// Written by `npm run generate` from schema/policy.schema.json; change that instead.

/**
 * One place where requests can go; `kind` says which members it takes.
 */
export type Provider = KnownProvider | ForwardingProvider | CompatibleProvider | SandboxProvider;
/**
 * Where a secret is read from at start; it is never written in a policy.
 */
export type SecretSource = SecretFromEnv | SecretFromFile;
/**
 * Base URL, written out or read from an environment variable; the path of each API is appended to it. `http` or `https`, without user, query or fragment.
 */
export type TextSource = string | TextFromEnv;
/**
 * Which calls fail, and how: one fault or a list of them.
 */
export type SandboxFaults = SandboxFault | SandboxFaultList;
/**
 * Faults; the first that covers a call decides.
 *
 * @minItems 1
 */
export type SandboxFaultList = SandboxFault[];
/**
 * What an attribute can be: one of a list of values, or anything of a type.
 */
export type Attribute = ListedAttribute | TypedAttribute;
/**
 * The SHA-256 digest of the key, as 64 hexadecimal digits, or the environment variable that holds it.
 */
export type DigestSource = string | DigestFromEnv;
/**
 * One rule: which requests it takes, and what becomes of them.
 */
export type Route = UseRoute | DenyRoute;
/**
 * Blocks of which at least one must hold, beside the fields next to it. At most four deep.
 *
 * @minItems 1
 */
export type MatchList = Match[];
/**
 * What a field must be: a value, a list of which one must do, or a block with `not`, a range, `all`, `any`, `none`, or `days` and `hours`.
 */
export type FieldTest =
  (string | number | boolean) | ScalarList | NotTest | RangeTest | NeedsTest | TimeTest;
/**
 * Values of which one must do. Text may hold one `*`; `present` and `absent` stand for a field that is there, or missing.
 *
 * @minItems 1
 */
export type ScalarList = (string | number | boolean)[];
/**
 * A value, or a list of which none may do.
 */
export type NotValue = (string | number | boolean) | ScalarList;
/**
 * Targets in the order they are tried: a list of steps, or a block of settings with `steps`.
 */
export type Chain = StepList | ChainBlock;
/**
 * A target as `provider:model`, or a block that names a target, another chain, the target that the caller asked for, or a group.
 */
export type Step = string | TargetStep | ChainStep | RequestedStep | GroupStep;
/**
 * A member of a group: a target as `provider:model`, or a block with its weight and settings.
 */
export type Member = string | MemberBlock;
/**
 * Steps in the order they are tried.
 *
 * @minItems 1
 */
export type StepList = Step[];
/**
 * Targets whose spending counts: a `provider:model`, a pattern with one `*` over it, or a list of these. Default: all.
 */
export type TargetFilter = string | GlobList;
/**
 * Targets or patterns of which one must do.
 *
 * @minItems 1
 */
export type GlobList = string[];
/**
 * What happens to a request that could pass the limit: `deny` refuses it (the default), `warn` lets it through and says so, a block with `use` sends it to another chain.
 */
export type Exceeded = ("deny" | "warn") | ExceededUse;
/**
 * A statement about every request that `given` holds for; without `given`, about every request.
 */
export type Assertion =
  OnlyPromise | NeverPromise | TotalPromise | AnswerablePromise | MaxCostPromise;
/**
 * A name under `providers`, or a list of which one must do.
 */
export type ProviderNames = string | NameList;
/**
 * Names of which one must do.
 *
 * @minItems 1
 */
export type NameList = string[];
/**
 * A `provider:model`, a pattern with one `*` over it, or a list of which one must do.
 */
export type TargetNames = string | GlobList;
/**
 * What a label says: a text, or a list of which one must do.
 */
export type LabelTest = string | LabelList;
/**
 * Texts of which one must do.
 *
 * @minItems 1
 */
export type LabelList = string[];

/**
 * A Signalbox policy, language version 1: which provider answers which request, what happens when it fails, and how much it may cost.
 */
export interface Policy {
  /**
   * Version of the policy language; always 1.
   */
  version: 1;
  /**
   * Files whose parts belong to this policy: paths from the file that names them, below the folder of the main file. `routes`, `defaults` and `timezone` are the main file's alone.
   *
   * @minItems 1
   */
  include?: string[];
  /**
   * IANA name of the time zone in which the windows of `ceilings` begin and end, and in which `time` is told. Default: `UTC`.
   */
  timezone?: string;
  /**
   * Where a request can go: names of your choice to provider entries. A target is written `name:model`.
   */
  providers: {
    [k: string]: Provider;
  };
  /**
   * What the catalog does not know of a model, or gets wrong: an exact `provider:model` or a pattern with one `*` to facts. An exact name wins over patterns, a longer pattern over a shorter one.
   */
  models?: {
    [k: string]: Model;
  };
  /**
   * What may be said about a request beside the built-in fields: names to the values they can take.
   */
  attributes?: {
    [k: string]: Attribute;
  };
  /**
   * Who may call: keys by name and digest, and what each says about the requests made with it.
   */
  keys?: Key[];
  /**
   * Which requests go where; the first route that matches decides, in file order.
   *
   * @minItems 1
   */
  routes: Route[];
  /**
   * Who answers, in which order: names to steps, or to a block of settings with `steps`.
   */
  chains?: {
    [k: string]: Chain;
  };
  /**
   * Circuit breakers by name: when a failing model at a provider is left alone, and for how long.
   */
  breakers?: {
    [k: string]: Breaker;
  };
  /**
   * Retry rules by name: how often the same target is tried again, and after which wait.
   */
  retries?: {
    [k: string]: Retry;
  };
  /**
   * Limits on money. Each holds for any number of processes; hard unless `exceeded: warn`.
   */
  ceilings?: Ceiling[];
  defaults?: Defaults;
  /**
   * Promises that must hold for every request, in whatever state breakers and budgets are. Each is proved when the policy is validated, or refuted by a request.
   */
  assert?: Assertion[];
}
/**
 * A provider of a kind whose address, key and habits are known.
 */
export interface KnownProvider {
  /**
   * What kind of provider it is; sets its base URL, the environment variable of its key and the API formats it speaks.
   */
  kind: "openai" | "anthropic" | "groq" | "together" | "ollama" | "lmstudio" | "deepinfra";
  apiKey?: SecretSource;
  baseUrl?: TextSource;
  /**
   * Facts about this provider that `explain` shows and promises can speak of, such as `hosting: self`. Names to text.
   */
  labels?: {
    /**
     * What the label says.
     */
    [k: string]: string;
  };
  /**
   * Name of the circuit breaker under `breakers` that watches this provider's models, each model on its own. Default: `defaults.breaker`.
   */
  breaker?: string;
  /**
   * Added to every cost of this provider, as a percentage of it: `5.5%`. Default: `0%`.
   */
  fee?: string;
  params?: Params;
  timeouts?: AttemptTimeouts;
  /**
   * Name of the retry rule under `retries` for attempts at this provider. Default: `defaults.retry`.
   */
  retry?: string;
  /**
   * Whether the provider may lack its secret: its targets are then skipped as `no_credential` instead of refusing to start. Default: false.
   */
  optional?: boolean;
  /**
   * Members of the request's body, or suffixes of the model's name, that callers of this provider may set although they change who answers or what it costs. A request that sets one has no known price here. Default: none.
   *
   * @minItems 1
   */
  callerMay?: string[];
}
/**
 * A secret in an environment variable.
 */
export interface SecretFromEnv {
  /**
   * Name of the environment variable.
   */
  env: string;
  /**
   * Taken where the variable is not set: a placeholder for servers that want some key, never a real one.
   */
  default?: string;
}
/**
 * A secret in a file.
 */
export interface SecretFromFile {
  /**
   * Path of the file that holds the secret and nothing else; white space at its end is left out.
   */
  file: string;
}
/**
 * A text in an environment variable.
 */
export interface TextFromEnv {
  /**
   * Name of the environment variable.
   */
  env: string;
  /**
   * Taken where the variable is not set.
   */
  default?: string;
}
/**
 * Members of the request's body that the policy sets.
 */
export interface Params {
  /**
   * Members added where the caller sent none: any JSON.
   */
  default?: {
    [k: string]: unknown;
  };
  /**
   * Members that replace whatever the caller sent: any JSON.
   */
  force?: {
    [k: string]: unknown;
  };
}
/**
 * Time limits of one attempt.
 */
export interface AttemptTimeouts {
  /**
   * Longest wait for a connection, as a duration. Default: `5s`.
   */
  connect?: string;
  /**
   * Longest wait from sending the request to the status line of a streamed answer, as a duration. Default: `60s`.
   */
  headers?: string;
  /**
   * Longest wait from sending the request to the first text, reasoning or tool argument of a streamed answer, as a duration. Default: `120s`.
   */
  firstOutput?: string;
  /**
   * Longest wait from sending the request to a whole answer, where none is streamed, as a duration. Default: `5m`.
   */
  answer?: string;
  /**
   * Longest silence between two pieces of a streamed answer, as a duration. Default: `60s`.
   */
  idle?: string;
}
/**
 * A provider of a known kind that forwards requests to other providers.
 */
export interface ForwardingProvider {
  /**
   * What kind of provider it is; sets its base URL, the environment variable of its key and the API formats it speaks.
   */
  kind: "openrouter" | "litellm";
  apiKey?: SecretSource;
  baseUrl?: TextSource;
  /**
   * Facts about this provider that `explain` shows and promises can speak of, such as `hosting: self`. Names to text.
   */
  labels?: {
    /**
     * What the label says.
     */
    [k: string]: string;
  };
  /**
   * Name of the circuit breaker under `breakers` that watches this provider's models, each model on its own. Default: `defaults.breaker`.
   */
  breaker?: string;
  /**
   * Added to every cost of this provider, as a percentage of it: `5.5%`. Default: `0%`.
   */
  fee?: string;
  params?: Params;
  timeouts?: AttemptTimeouts;
  /**
   * Name of the retry rule under `retries` for attempts at this provider. Default: `defaults.retry`.
   */
  retry?: string;
  /**
   * Whether the provider may lack its secret: its targets are then skipped as `no_credential` instead of refusing to start. Default: false.
   */
  optional?: boolean;
  /**
   * Members of the request's body, or suffixes of the model's name, that callers of this provider may set although they change who answers or what it costs. A request that sets one has no known price here. Default: none.
   *
   * @minItems 1
   */
  callerMay?: string[];
  /**
   * Why what `labels` say also holds for the providers that this one forwards to: who has checked it, and how. Promises that rest on the labels are proved under this condition.
   */
  vouched?: string;
}
/**
 * A server that speaks the OpenAI API at an address of your own.
 */
export interface CompatibleProvider {
  /**
   * A server that speaks the OpenAI API; `baseUrl` says where.
   */
  kind: "openai-compatible";
  apiKey?: SecretSource;
  baseUrl: TextSource;
  /**
   * Facts about this provider that `explain` shows and promises can speak of, such as `hosting: self`. Names to text.
   */
  labels?: {
    /**
     * What the label says.
     */
    [k: string]: string;
  };
  /**
   * Name of the circuit breaker under `breakers` that watches this provider's models, each model on its own. Default: `defaults.breaker`.
   */
  breaker?: string;
  /**
   * Added to every cost of this provider, as a percentage of it: `5.5%`. Default: `0%`.
   */
  fee?: string;
  params?: Params;
  timeouts?: AttemptTimeouts;
  /**
   * Name of the retry rule under `retries` for attempts at this provider. Default: `defaults.retry`.
   */
  retry?: string;
  /**
   * Whether the provider may lack its secret: its targets are then skipped as `no_credential` instead of refusing to start. Default: false.
   */
  optional?: boolean;
  /**
   * Members of the request's body, or suffixes of the model's name, that callers of this provider may set although they change who answers or what it costs. A request that sets one has no known price here. Default: none.
   *
   * @minItems 1
   */
  callerMay?: string[];
  /**
   * Whether the server may pass requests on to providers of others; `false` for one that answers them itself. Default: true.
   */
  forwards?: boolean;
  /**
   * Why what `labels` say also holds for the providers that this one forwards to: who has checked it, and how. Promises that rest on the labels are proved under this condition.
   */
  vouched?: string;
}
/**
 * A provider that answers in-process, the same way every time: for demos, tests and dry runs. It costs what `models` says.
 */
export interface SandboxProvider {
  /**
   * Answers in-process, without network or key.
   */
  kind: "sandbox";
  /**
   * Facts about this provider that `explain` shows and promises can speak of, such as `hosting: self`. Names to text.
   */
  labels?: {
    /**
     * What the label says.
     */
    [k: string]: string;
  };
  /**
   * Name of the circuit breaker under `breakers` that watches this provider's models, each model on its own. Default: `defaults.breaker`.
   */
  breaker?: string;
  /**
   * Added to every cost of this provider, as a percentage of it: `5.5%`. Default: `0%`.
   */
  fee?: string;
  params?: Params;
  timeouts?: AttemptTimeouts;
  /**
   * Name of the retry rule under `retries` for attempts at this provider. Default: `defaults.retry`.
   */
  retry?: string;
  /**
   * Time until an answer begins, as a duration. Default: `0ms`.
   */
  latency?: string;
  fail?: SandboxFaults;
  usage?: SandboxUsage;
  /**
   * API formats that it speaks. Default: all.
   *
   * @minItems 1
   */
  api?: ("chat" | "messages" | "embeddings")[];
}
/**
 * One way to fail, for a range of this provider's calls, counted from 1.
 */
export interface SandboxFault {
  /**
   * How the call fails. `hang` never answers; `cut` ends a stream after its first output.
   */
  with:
    | "rate_limit"
    | "overloaded"
    | "server_error"
    | "auth"
    | "insufficient_credit"
    | "not_found"
    | "invalid_request"
    | "context_length"
    | "content_filter"
    | "network"
    | "hang"
    | "cut";
  /**
   * First call that fails, counted from 1. Default: 1.
   */
  from?: number;
  /**
   * Last call that fails, counted from 1. Default: no end.
   */
  to?: number;
}
/**
 * The usage that a sandbox reports, instead of counting words.
 */
export interface SandboxUsage {
  /**
   * Input tokens of every call.
   */
  input: number | string;
  /**
   * Output tokens of every call.
   */
  output: number | string;
}
/**
 * Facts about a model; what is not said comes from the catalog.
 */
export interface Model {
  /**
   * Context window in tokens, input and output together; `128k` is 128,000.
   */
  window?: number | string;
  /**
   * Most output tokens of one answer; `8k` is 8,000.
   */
  maxOutput?: number | string;
  /**
   * All that the model can do; what is left out, it cannot.
   */
  can?: ("tools" | "vision" | "audio" | "files" | "json" | "reasoning")[];
  price?: ModelPrice;
}
/**
 * What a model costs, in US dollars.
 */
export interface ModelPrice {
  /**
   * Dollars for a million input tokens.
   */
  input: string;
  /**
   * Dollars for a million output tokens, reasoning included.
   */
  output: string;
  /**
   * Dollars for a million input tokens read from the provider's cache. Default: `input`.
   */
  cacheRead?: string;
  /**
   * Dollars for a million input tokens written to the provider's cache. Default: `input`.
   */
  cacheWrite?: string;
  /**
   * Dollars for a million input tokens of audio. Default: `input`.
   */
  inputAudio?: string;
  /**
   * Dollars for a million output tokens of audio. Default: `output`.
   */
  outputAudio?: string;
  /**
   * Dollars for each request, on top of its tokens. Default: `$0`.
   */
  perRequest?: string;
}
/**
 * An attribute that takes one of some values.
 */
export interface ListedAttribute {
  /**
   * The values it can take.
   *
   * @minItems 1
   */
  values: (string | number | boolean)[];
  /**
   * Value of requests that say nothing; one of `values`. Without it, the attribute is then absent.
   */
  default?: string | number | boolean;
  /**
   * Who may say it: the `caller`, or only the `key` that the request is made with. Default: `caller`.
   */
  setBy?: "caller" | "key";
}
/**
 * An attribute that takes any value of a type.
 */
export interface TypedAttribute {
  /**
   * What its values are.
   */
  type: "string" | "number" | "boolean";
  /**
   * Value of requests that say nothing; of the type. Without it, the attribute is then absent.
   */
  default?: string | number | boolean;
  /**
   * Who may say it: the `caller`, or only the `key` that the request is made with. Default: `caller`.
   */
  setBy?: "caller" | "key";
}
/**
 * A key that callers present. The policy knows its digest, never the key.
 */
export interface Key {
  /**
   * Name of the key, which `match` and `each` see as `key`; unique.
   */
  name: string;
  sha256: DigestSource;
  /**
   * The project of every request with this key; a caller that says another is refused.
   */
  project?: string;
  /**
   * What the key says: declared attributes to values. A caller may say otherwise only of attributes that are not `setBy: key`.
   */
  set?: {
    /**
     * The attribute's value.
     */
    [k: string]: string | number | boolean;
  };
  /**
   * The first day, in `timezone`, on which the key is no longer taken: `2027-06-30`. Default: never.
   */
  expires?: string;
}
/**
 * A digest in an environment variable; it is not read when the policy is validated.
 */
export interface DigestFromEnv {
  /**
   * Name of the environment variable.
   */
  env: string;
  /**
   * The digest where the variable is not set.
   */
  default?: string;
}
/**
 * A route that sends requests to a chain.
 */
export interface UseRoute {
  /**
   * Name of the route, for decisions and explanations; unique.
   */
  name: string;
  match?: Match;
  /**
   * Name of the chain under `chains` that answers.
   */
  use: string;
}
/**
 * Which requests are meant: every field must hold, and one of `anyOf` where that is given. A field is built in or a declared attribute.
 */
export interface Match {
  anyOf?: MatchList;
  model?: FieldTest;
  api?: FieldTest;
  stream?: FieldTest;
  needs?: FieldTest;
  inputTokens?: FieldTest;
  outputTokens?: FieldTest;
  project?: FieldTest;
  user?: FieldTest;
  key?: FieldTest;
  time?: FieldTest;
  [k: string]: FieldTest | MatchList | undefined;
}
/**
 * Turns a test round; a missing field then holds.
 */
export interface NotTest {
  not: NotValue;
}
/**
 * Bounds on a number; a missing field does not hold.
 */
export interface RangeTest {
  /**
   * At least this, as a number or a size such as `32k`.
   */
  gte?: number | string;
  /**
   * More than this, as a number or a size such as `32k`.
   */
  gt?: number | string;
  /**
   * At most this, as a number or a size such as `32k`.
   */
  lte?: number | string;
  /**
   * Less than this, as a number or a size such as `32k`.
   */
  lt?: number | string;
}
/**
 * Tests what a request needs of a model.
 */
export interface NeedsTest {
  /**
   * Needs that the request must all have.
   *
   * @minItems 1
   */
  all?: ("tools" | "vision" | "audio" | "files" | "json" | "reasoning" | "state")[];
  /**
   * Needs of which the request must have at least one.
   *
   * @minItems 1
   */
  any?: ("tools" | "vision" | "audio" | "files" | "json" | "reasoning" | "state")[];
  /**
   * Needs that the request must not have.
   *
   * @minItems 1
   */
  none?: ("tools" | "vision" | "audio" | "files" | "json" | "reasoning" | "state")[];
}
/**
 * Tests the moment of a request by the clock on the wall in `timezone`. What is left out is any.
 */
export interface TimeTest {
  /**
   * Days of the week, or ranges of them such as `mon-fri`; `sat-mon` goes over the end of the week.
   *
   * @minItems 1
   */
  days?: string[];
  /**
   * Stretches of the day such as `09:00-17:30`, the end excluded. One that ends before it begins goes over midnight and belongs to the day it begins on.
   *
   * @minItems 1
   */
  hours?: string[];
}
/**
 * A route that refuses requests.
 */
export interface DenyRoute {
  /**
   * Name of the route, for decisions and explanations; unique.
   */
  name: string;
  match?: Match;
  /**
   * Why; the caller reads it.
   */
  deny: string;
}
/**
 * A target with settings of its own.
 */
export interface TargetStep {
  /**
   * The target as `provider:model`; the provider is a name under `providers`.
   */
  target: string;
  params?: Params;
  timeouts?: AttemptTimeouts;
  /**
   * Name of the retry rule under `retries` for attempts at this target.
   */
  retry?: string;
}
/**
 * All the steps of another chain.
 */
export interface ChainStep {
  /**
   * Name of the chain under `chains`.
   */
  chain: string;
}
/**
 * The target that the caller asked for, if the list admits it; nothing otherwise.
 */
export interface RequestedStep {
  /**
   * Targets that a caller may choose: `provider:model`, where the model may hold one `*`.
   *
   * @minItems 1
   */
  requested: string[];
}
/**
 * Targets of which one is chosen for each request; the others follow.
 */
export interface GroupStep {
  /**
   * How the order is found: `weighted` draws by weight, `cheapest` goes by this request's worst case, `fastest` by the median time to first output.
   */
  pick: "weighted" | "cheapest" | "fastest";
  /**
   * Field whose value replaces the draw of `weighted`, so that equal values get equal orders: `user`, `project`, `key` or an attribute.
   */
  by?: string;
  /**
   * The members of the group.
   *
   * @minItems 1
   */
  from: Member[];
}
/**
 * A member of a group with a weight or settings of its own.
 */
export interface MemberBlock {
  /**
   * The target as `provider:model`; the provider is a name under `providers`.
   */
  target: string;
  /**
   * Share of the draw, beside the weights of the other members. Default: 1.
   */
  weight?: number;
  params?: Params;
  timeouts?: AttemptTimeouts;
  /**
   * Name of the retry rule under `retries` for attempts at this target.
   */
  retry?: string;
}
/**
 * Steps with settings of their own. Settings of the whole request count where a route or a ceiling names this chain.
 */
export interface ChainBlock {
  /**
   * Most attempts for one request, retries and fallbacks together. Default: that of `defaults`.
   */
  maxAttempts?: number;
  /**
   * Output limit in tokens of requests that set none, and the most that any may ask for; `16k` is 16,000. Default: that of `defaults`.
   */
  maxOutputTokens?: number | string;
  timeouts?: RequestTimeouts;
  /**
   * What moves a request on to the next target: failures of an attempt, and reasons for making none. Default: that of `defaults`.
   */
  on?: (
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
    | "ceiling"
    | "limit"
    | "breaker_open"
    | "hold"
    | "no_credential"
    | "unpriced"
  )[];
  /**
   * Whether an answer withheld by a provider's content filter moves on to the next target. Default: that of `defaults`.
   */
  allowContentFilterFallback?: boolean;
  /**
   * What to do about a part of a request that a target cannot take and that changes its meaning: `skip` the target, or `drop` the part. Default: that of `defaults`.
   */
  unsupported?: "skip" | "drop";
  params?: Params;
  /**
   * Name of the retry rule under `retries` for attempts under this block. Default: that of `defaults`.
   */
  retry?: string;
  steps: StepList;
}
/**
 * Time limits of each attempt, and of the whole request.
 */
export interface RequestTimeouts {
  /**
   * Longest wait for a connection, as a duration. Default: `5s`.
   */
  connect?: string;
  /**
   * Longest wait from sending the request to the status line of a streamed answer, as a duration. Default: `60s`.
   */
  headers?: string;
  /**
   * Longest wait from sending the request to the first text, reasoning or tool argument of a streamed answer, as a duration. Default: `120s`.
   */
  firstOutput?: string;
  /**
   * Longest wait from sending the request to a whole answer, where none is streamed, as a duration. Default: `5m`.
   */
  answer?: string;
  /**
   * Longest silence between two pieces of a streamed answer, as a duration. Default: `60s`.
   */
  idle?: string;
  /**
   * Longest time for the whole request, with all its attempts and waits, as a duration. Default: `10m`.
   */
  total?: string;
}
/**
 * When a failing target is left alone.
 */
export interface Breaker {
  /**
   * Share of failures among the outcomes in the window that opens the breaker, as a percentage. Default: `50%`.
   */
  errorRate?: string;
  /**
   * Fewest failures in the window that open it. Default: 5.
   */
  minFailures?: number;
  /**
   * How far back outcomes are counted, as a duration. Default: `60s`.
   */
  window?: string;
  /**
   * How long an open breaker waits before it lets one probe through, as a duration. Default: `30s`.
   */
  coolDown?: string;
}
/**
 * How the same target is tried again.
 */
export interface Retry {
  /**
   * Most further attempts at the same target; 0 is none. Default: 1.
   */
  maxRetries?: number;
  /**
   * First wait, before jitter, as a duration; it doubles with each retry. Default: `500ms`.
   */
  minDelay?: string;
  /**
   * Longest wait, also where the provider asks for more, as a duration. Default: `8s`.
   */
  maxDelay?: string;
  /**
   * Retries allowed for each hundred requests, as a percentage. Default: `10%`.
   */
  retryBudget?: string;
}
/**
 * A limit on money.
 */
export interface Ceiling {
  /**
   * Name of the ceiling, for decisions and reports; unique.
   */
  name: string;
  /**
   * Most that may be spent in one window, in US dollars: `$1.50`.
   */
  limit: string;
  /**
   * The window: one request with all its attempts, or a span of the calendar in `timezone`. Weeks begin on Monday.
   */
  per: "request" | "minute" | "hour" | "day" | "week" | "month";
  /**
   * Fields whose every value has a limit of its own: `project`, `user`, `key` or attributes. Default: one limit for all.
   *
   * @minItems 1
   */
  each?: string[];
  match?: Match;
  target?: TargetFilter;
  exceeded?: Exceeded;
}
/**
 * Sends requests over the limit to another chain.
 */
export interface ExceededUse {
  /**
   * Name of the chain under `chains`.
   */
  use: string;
}
/**
 * Settings that hold where nothing nearer says otherwise.
 */
export interface Defaults {
  /**
   * Most attempts for one request, retries and fallbacks together. Default: 3.
   */
  maxAttempts?: number;
  /**
   * Output limit in tokens of requests that set none, and the most that any may ask for; `16k` is 16,000. Default: the model's own maximum.
   */
  maxOutputTokens?: number | string;
  timeouts?: RequestTimeouts;
  /**
   * What moves a request on to the next target: failures of an attempt, and reasons for making none. Default: all but `content_filter`.
   */
  on?: (
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
    | "ceiling"
    | "limit"
    | "breaker_open"
    | "hold"
    | "no_credential"
    | "unpriced"
  )[];
  /**
   * Whether an answer withheld by a provider's content filter moves on to the next target. Default: false.
   */
  allowContentFilterFallback?: boolean;
  /**
   * What to do about a part of a request that a target cannot take and that changes its meaning: `skip` the target, or `drop` the part. Default: `skip`.
   */
  unsupported?: "skip" | "drop";
  params?: Params;
  /**
   * Name of the retry rule under `retries` for attempts under this block. Default: one retry after at most 8s.
   */
  retry?: string;
  /**
   * Name of the circuit breaker under `breakers` of providers that name none. Default: one that opens at 50% of at least 5 failures in 60s, for 30s.
   */
  breaker?: string;
}
/**
 * No target but these is ever tried.
 */
export interface OnlyPromise {
  /**
   * What is promised, in words; unique.
   */
  promise: string;
  given?: Match;
  only: Selector;
}
/**
 * Targets by their provider, their name or their provider's labels; all that is given must hold.
 */
export interface Selector {
  provider?: ProviderNames;
  target?: TargetNames;
  /**
   * What the labels of the provider must say, by name: a text, or a list of which one must do. A label that a provider does not have equals nothing.
   */
  labels?: {
    [k: string]: LabelTest;
  };
}
/**
 * None of these targets is ever tried.
 */
export interface NeverPromise {
  /**
   * What is promised, in words; unique.
   */
  promise: string;
  given?: Match;
  never: Selector;
}
/**
 * Every request meets a route.
 */
export interface TotalPromise {
  /**
   * What is promised, in words; unique.
   */
  promise: string;
  given?: Match;
  /**
   * Always `true`: every request meets a route.
   */
  total: true;
}
/**
 * Every request meets a route that does not deny it and has a target not known to be unable.
 */
export interface AnswerablePromise {
  /**
   * What is promised, in words; unique.
   */
  promise: string;
  given?: Match;
  /**
   * Always `true`: with all breakers closed and budgets full, every request has a target that may answer it.
   */
  answerable: true;
}
/**
 * No request can reserve more.
 */
export interface MaxCostPromise {
  /**
   * What is promised, in words; unique.
   */
  promise: string;
  given?: Match;
  /**
   * The most that one request can reserve, all its attempts together, in US dollars: `$1.50`.
   */
  maxCost: string;
}
