import type { FailureClass } from "../terms/failure-class.ts";

/** Types and codes that mean one thing whatever the status. The more general ones are left to message and status. */
export const classOfCode: Readonly<Record<string, FailureClass>> = {
  ...codes("rate_limit", [
    "openrouter_in_flight_budget",
    "quota_per_day",
    "rate_limit_exceeded",
    "rate_limit_error",
    "rate_limited",
    "ratelimitreached",
    "slow_down",
    "throttlingexception",
    "servicequotaexceededexception",
  ]),
  ...codes("insufficient_credit", [
    "openrouter_credits",
    "openrouter_key_limit",
    "insufficient_quota",
    "insufficient_credits",
    "insufficient_balance",
    "credit_balance_exhausted",
    "credit_limit_exceeded",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "enforced_spend_limit_reached",
    "billing_error",
    "billing_not_active",
    "billing_hard_limit_reached",
    "budget_exceeded",
    "payment_required",
    "personal-team-blocked:spending-limit",
  ]),
  ...codes("context_length", [
    "context_length_exceeded",
    "context_window_exceeded",
    "exceed_context_size_error",
  ]),
  ...codes("content_filter", [
    "content_filter",
    "content_policy_violation",
    "responsibleaipolicyviolation",
    "moderation_blocked",
    "moderation_reasons",
  ]),
  ...codes("auth", [
    "invalid_api_key",
    "authentication_error",
    "auth_error",
    "unauthenticated",
    "expiredtokenexception",
    "unrecognizedclientexception",
    "invalidsignatureexception",
  ]),
  ...codes("permission", [
    "ip_not_authorized",
    "unsupported_country_region_territory",
    "permission_error",
    "permission_denied",
    "accessdeniedexception",
  ]),
  ...codes("not_found", [
    "model_not_found",
    "model_decommissioned",
    "invalid_model",
    "not_found_error",
    "deploymentnotfound",
    "resourcenotfoundexception",
  ]),
  ...codes("overloaded", [
    "overloaded_error",
    "server_is_overloaded",
    "capacity_exceeded",
    "modelnotreadyexception",
    "serviceunavailableexception",
  ]),
  ...codes("timeout", ["timeout_error", "modeltimeoutexception", "deadline_exceeded"]),
  ...codes("server_error", [
    "tool_use_failed",
    "modelerrorexception",
    "modelstreamerrorexception",
    "internalserverexception",
    "conflict_error",
    "no_answer",
    "malformed_event",
    "ended_in_error",
    "no_stream",
  ]),
  ...codes("unsupported", [
    "unsupported_parameter",
    "unsupported_value",
    "invalid_function_parameters",
  ]),
};

function codes(
  failure: FailureClass,
  names: readonly string[],
): Readonly<Record<string, FailureClass>> {
  return Object.fromEntries(names.map((name) => [name, failure]));
}

/**
 * Codes that mean something else at one status. Above the tokens of a minute is too large, not too soon; and Google says
 * of a rate what others say of an account, "you exceeded your current quota".
 */
export const classOfCodeAt: Readonly<Record<string, FailureClass>> = {
  "rate_limit_exceeded 413": "context_length",
  "resource_exhausted 429": "rate_limit",
};

/** A message that means something at these statuses; the first that matches counts. Only lower-case text is searched. */
export interface MessageRule {
  readonly class: FailureClass;
  readonly statuses: readonly number[];
  readonly pattern: RegExp;
}

/** Every pattern is linear: no repetition without a bound. `0` stands for an error without a status. */
export const messageRules: readonly MessageRule[] = [
  {
    class: "context_length",
    statuses: [0, 400, 403, 413, 422],
    pattern:
      /context (?:length|window|size)|prompt is too long|input is too long|token count .{0,60}exceed|tokens exceed|(?:tokens per minute|too many tokens|reduce the length)/,
  },
  {
    class: "insufficient_credit",
    statuses: [0, 400, 403, 412, 429],
    pattern:
      /credit balance|insufficient (?:credit|balance|fund|quota)|exceeded your current quota|api usage limits|exceededbudget|budget (?:has been |limit )?exceeded|spend(?:ing)? (?:cap|limit)|requires more credits|account is suspended/,
  },
  {
    class: "auth",
    statuses: [0, 400, 403],
    pattern:
      /api[ -]key (?:is )?(?:not valid|invalid|expired)|(?:invalid|incorrect|missing) (?:x-)?api[ -]key/,
  },
  {
    class: "permission",
    statuses: [0, 400],
    pattern: /location is not supported|country, region/,
  },
  {
    class: "content_filter",
    statuses: [0, 400, 403],
    pattern:
      /content (?:management )?polic|content[ _-]filter|safety system|usage polic|requires moderation|(?:was|were|been) flagged/,
  },
  {
    class: "not_found",
    statuses: [0, 400, 503],
    pattern:
      /invalid model|unknown model|model identifier is invalid|no endpoints found|on-demand throughput isn.t supported|meets your routing requirements|model ?.{0,120} (?:not found|does not exist)|^model .{0,120} is not supported\./,
  },
  {
    class: "unsupported",
    statuses: [0, 400, 404, 422],
    pattern:
      /does not support|doesn't support|not supported (?:with|by|for|in|on) (?:this|the) (?:model|endpoint)|unsupported parameter|support tool use/,
  },
  {
    class: "overloaded",
    statuses: [0, 500],
    pattern: /\boverloaded\b|at capacity|server busy/,
  },
  {
    class: "rate_limit",
    statuses: [0],
    pattern: /rate[ -]limit|too many requests/,
  },
];

/** Statuses at which a message may be about what the caller wrote, and repeat it; `0` is none. */
export const quotingStatuses: ReadonlySet<number> = new Set([0, 400, 503]);

/** How servers find fault with a member or a value, which some of them repeat without quotes. */
export const complaint =
  /extra inputs|extra fields|unrecognized|unexpected|unknown (?:name|field|key|member|param|argument)|invalid (?:value|type|enum)|supported values|expected|not permitted|not allowed|should (?:be|match)|must (?:be|match)/;

/** What a status means where nothing else is said. */
export const classOfStatus: Readonly<Record<number, FailureClass>> = {
  401: "auth",
  402: "insufficient_credit",
  403: "permission",
  404: "not_found",
  408: "timeout",
  409: "server_error",
  412: "insufficient_credit",
  424: "server_error",
  425: "server_error",
  429: "rate_limit",
  498: "overloaded",
  499: "cancelled",
  503: "overloaded",
  504: "timeout",
  522: "timeout",
  524: "timeout",
  529: "overloaded",
};

/** Statuses that one kind gives a meaning of its own. Groq answers 413 to requests above the tokens of a minute. */
export const classOfKindStatus: Readonly<Record<string, Readonly<Record<number, FailureClass>>>> = {
  groq: { 413: "context_length" },
};

/** Types that say as much as a status, for errors that come without one. */
export const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  invalid_argument: 400,
  request_too_large: 413,
  request_forbidden: 403,
  resource_exhausted: 429,
  requests: 429,
  tokens: 429,
  unavailable: 503,
  service_unavailable_error: 503,
  api_error: 500,
  server_error: 500,
  internal: 500,
};

/** Classes in which another try at the same target can help. */
export const retryableClasses: ReadonlySet<FailureClass> = new Set([
  "rate_limit",
  "overloaded",
  "server_error",
  "timeout",
  "network",
]);

/** Codes that say that an answer was begun, and may be billed. */
export const begunCodes: ReadonlySet<string> = new Set([
  "tool_use_failed",
  "json_validate_failed",
  "modelerrorexception",
  "modelstreamerrorexception",
  "ended_in_error",
]);

/** Codes of failures that the caller's own tools bring about: another try may help, and the target is none the worse. */
export const blamelessCodes: ReadonlySet<string> = new Set(["tool_use_failed"]);

/** Codes and statuses of failures that the same target gives again at once. */
export const lastingCodes: ReadonlySet<string> = new Set([
  "quota_per_day",
  "modelstreamerrorexception",
  "deadline_exceeded",
]);
export const lastingStatuses: ReadonlySet<number> = new Set([522, 524]);
export const lastingMessage = /per[ -]day|\brequest too large|more system memory/;

/**
 * How long a target rests whose provider does not say for how long, in milliseconds. A rate limit is over in moments; a
 * day's quota, an empty account, a bad key and a missing model need hours or a person, and a look now and then.
 */
export const defaultHoldMs = {
  rate_limit: 15_000,
  quota_per_day: 3_600_000,
  insufficient_credit: 600_000,
  auth: 600_000,
  permission: 600_000,
  not_found: 600_000,
} as const;
