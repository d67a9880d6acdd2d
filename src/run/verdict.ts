import type { Change } from "../terms/change.ts";
import type { Skip } from "../terms/decision.ts";
import type { FailureClass } from "../terms/failure-class.ts";
import type { ChainSpec } from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";
import type { Failure } from "./ports.ts";

/** What a failure says about the target's health: a breaker counts it, a hold answers it, or it says nothing. */
export type Bearing = "breaker" | "hold" | "neutral";

/** The one table of what each failure class says about its target. */
export function bearingOf(failure: FailureClass): Bearing {
  switch (failure) {
    case "server_error":
    case "overloaded":
    case "timeout":
    case "network":
      return "breaker";
    case "rate_limit":
    case "insufficient_credit":
    case "auth":
    case "permission":
    case "not_found":
      return "hold";
    case "unsupported":
    case "context_length":
    case "content_filter":
    case "invalid_request":
    case "cancelled":
      return "neutral";
    default:
      return unreachable(failure);
  }
}

/**
 * A failure as it stands towards what the caller wrote: a request refused as invalid after we had changed more of it
 * than its model's name may be right as the caller wrote it, so that another target may take it.
 */
export function asCallerMeant(failure: Failure, changed: readonly Change[]): Failure {
  const blamed = failure.member;
  const ours = changed.some(
    ({ member }) => member !== "model" && (blamed === undefined || member === blamed),
  );
  return failure.class === "invalid_request" && ours
    ? { ...failure, class: "unsupported" }
    : failure;
}

/** Whether the request goes on to its next target after a failure; never after the caller's own mistake or abort. */
export function movesOnAfterFailure({ on }: ChainSpec, failure: Failure): boolean {
  if (failure.class === "invalid_request" || failure.class === "cancelled") return false;
  return on.includes(failure.class);
}

/** Whether it goes on after a skip. An unknown price is a ceiling's reason, and moves on wherever a ceiling does. */
export function movesOnAfterSkip({ on }: ChainSpec, { because }: Skip): boolean {
  return on.includes(because) || (because === "unpriced" && on.includes("ceiling"));
}
