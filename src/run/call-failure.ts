import type { FailureClass } from "../terms/failure-class.ts";
import type { JsonValue } from "../terms/json.ts";
import { unreachable } from "../terms/unreachable.ts";
import { type Classified, classify, classifyInBand } from "./classify.ts";
import { classifyTransport } from "./classify-transport.ts";
import { earlyEndOf } from "./deadline.ts";
import type { Ending } from "./event-intake.ts";
import type { Billing, Failure } from "./ports.ts";
import { RouteError } from "./route-error.ts";
import { TransportError } from "./transport-error.ts";

/** A failure with what it is billed. */
export interface BilledFailure {
  readonly failure: Failure;
  readonly billing: Billing;
}

export const nothing: Billing = { kind: "nothing" };
export const unknown: Billing = { kind: "unknown" };

/** A response whose status says that it is no answer. */
export interface Refusal {
  /** Of the provider. */
  readonly kind: string;
  readonly response: Response;
  readonly body: string;
  readonly nowMs: number;
}

/**
 * What a response without success means. The provider refused the request and bills nothing, but where it gave up on
 * one that it had begun.
 */
export function refusalFailure({ kind, response, body, nowMs }: Refusal): BilledFailure {
  const { status, headers } = response;
  const headerOf = (name: string) => headers.get(name) ?? undefined;
  const found = classify({ kind, status, headers: headerOf, body, nowMs });
  const code = found.code === undefined ? "" : ` (${found.code})`;
  const failure: Failure = {
    ...measuresOf(found),
    message: `the provider answered ${status}${code}`,
    status,
    ...(isForCaller(found.class) && {
      answer: { status, contentType: headers.get("content-type") ?? "text/plain", body },
    }),
  };
  return { failure, billing: found.begun ? unknown : nothing };
}

/** The provider's own words help whoever wrote the request; about its keys and limits they are not the caller's. */
function isForCaller(failure: FailureClass): boolean {
  return ["invalid_request", "unsupported", "context_length", "content_filter"].includes(failure);
}

/** What an error means that came inside an answer, or inside a stream. */
export function inBandFailure(error: JsonValue, nowMs: number): Failure {
  const found = classifyInBand(error, nowMs);
  const code = found.code === undefined ? "" : ` (${found.code})`;
  return { ...measuresOf(found), message: `the provider answered with an error${code}` };
}

/** What is billed for an error that is the whole of an answer: nothing, where it was refused at the door. */
export function billingOfRefusal(error: JsonValue): Billing {
  const found = classifyInBand(error, 0);
  return found.begun ? unknown : billingOfClass(found.class);
}

function billingOfClass(failure: FailureClass): Billing {
  switch (failure) {
    case "rate_limit":
    case "overloaded":
    case "insufficient_credit":
    case "auth":
    case "permission":
    case "not_found":
    case "invalid_request":
    case "unsupported":
    case "context_length":
      return nothing;
    case "server_error":
    case "timeout":
    case "network":
    case "content_filter":
    case "cancelled":
      return unknown;
    default:
      return unreachable(failure);
  }
}

/** An answer that is none: nobody knows what became of the request. */
export function brokenFailure(message: string): Failure {
  return { class: "server_error", message, retryable: true };
}

/** Why there is no response, or no more of one: the end of the request, a wait too long, or the transport. */
export function lostFailure(thrown: unknown, signal: AbortSignal): BilledFailure {
  const early = earlyEndOf(signal);
  if (early) {
    const by = early === "timeout" ? "the request's deadline" : leaver(signal.reason);
    const failure = { class: early, message: `the attempt was ended by ${by}`, retryable: false };
    return { failure, billing: unknown };
  }
  const found = classifyTransport(thrown);
  const code = found.code === undefined ? "" : ` (${found.code})`;
  const message =
    thrown instanceof TransportError
      ? thrown.message
      : `the connection to the provider broke${code}`;
  const failure = { ...measuresOf(found), message, cause: thrown };
  return { failure, billing: found.sent ? unknown : nothing };
}

/** Who ended a request before its time: a router that closes gives an error of its own for the reason. */
function leaver(reason: unknown): string {
  return RouteError.is(reason) ? "the router, which was closed" : "the caller";
}

/** What a stream's ending means, where it is not the end of a whole answer. */
export function endingFailure(
  ending: Exclude<Ending, { kind: "whole" }>,
  signal: AbortSignal,
  nowMs: number,
): Failure {
  switch (ending.kind) {
    case "error":
      return inBandFailure(ending.error, nowMs);
    case "broken":
      return brokenFailure(ending.message);
    case "lost":
      return lostFailure(ending.cause, signal).failure;
    case "aborted":
      return abortedFailure(ending.reason, signal);
    default:
      return unreachable(ending);
  }
}

/** Either a wait was too long, or the request has ended, or the caller has stopped to read. */
function abortedFailure(reason: unknown, signal: AbortSignal): Failure {
  if (signal.aborted || reason instanceof TransportError)
    return lostFailure(reason, signal).failure;
  return { class: "cancelled", message: "the caller stopped reading", retryable: false };
}

function measuresOf(found: Classified) {
  const { class: failure, retryable, blameless, retryAfterMs, holdMs, member } = found;
  return {
    class: failure,
    retryable,
    ...(member !== undefined && { member }),
    ...(blameless && { blameless }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(holdMs !== undefined && { holdMs }),
  };
}
