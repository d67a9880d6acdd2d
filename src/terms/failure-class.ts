/**
 * What went wrong with one attempt, as far as it matters for what to do next.
 *
 * @see docs/failures.md for what each class means and does
 */
export const failureClasses = [
  "rate_limit",
  "overloaded",
  "server_error",
  "timeout",
  "network",
  "unsupported",
  "context_length",
  "auth",
  "permission",
  "not_found",
  "insufficient_credit",
  "content_filter",
  "invalid_request",
  "cancelled",
] as const;

export type FailureClass = (typeof failureClasses)[number];

/** Why a target was skipped, or a request denied, without an attempt. */
export const becauses = [
  "policy",
  "no_route",
  "ceiling",
  "limit",
  "breaker_open",
  "hold",
  "unsupported",
  "context_length",
  "no_credential",
  "unpriced",
] as const;

export type Because = (typeof becauses)[number];

/** What a chain's `on:` can list: failures that happened, and reasons for not trying. */
export type MovesOn = FailureClass | Because;

/** Failure classes that take the target out of service for a while (a hold), instead of counting against its breaker. */
export const holdingClasses = [
  "rate_limit",
  "insufficient_credit",
  "auth",
  "permission",
  "not_found",
  "no_credential",
] as const;
