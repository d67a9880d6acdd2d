import type { Decision, DenyDecision, Skip } from "../terms/decision.ts";
import type { EarlyEnd } from "./deadline.ts";
import type { Failure } from "./ports.ts";
import type { Progress } from "./progress.ts";
import { RouteError, type RouteErrorCode } from "./route-error.ts";

/** The error of a request that the policy does not let through. */
export function denied(decision: DenyDecision, nowMs: number): RouteError {
  const { because, detail } = decision;
  const untils = decision.skipped.flatMap(({ untilMs }) => untilMs ?? []);
  return new RouteError(because, detail, {
    decision,
    ...retryAfter(because, untils.length === 0 ? undefined : Math.min(...untils), nowMs),
  });
}

/** The error of a request whose caller has gone, or whose time is over. */
export function endedError(progress: Progress, early: EarlyEnd): RouteError {
  const message =
    early === "timeout"
      ? `no answer within the ${progress.chain.totalMs} ms of the request`
      : "the caller gave up before there was an answer";
  return new RouteError(early, message, {
    attempts: [...progress.records],
    decision: progress.resolution.decision,
    cause: progress.lastFailure ?? progress.deadline.signal.reason,
  });
}

/**
 * The error of a request that no target answered: the class of the last failure, or of the last skip where nothing was
 * tried. The failure itself, with the provider's own answer where it is the caller's to read, is the `cause`.
 */
export function exhausted(progress: Progress, decision: Decision): RouteError {
  const { lastFailure, records, engine } = progress;
  const skip = progress.skips.at(-1);
  const code = lastFailure?.class ?? skip?.because ?? "unsupported";
  return new RouteError(code, message(progress, lastFailure, skip), {
    attempts: [...records],
    decision,
    ...(lastFailure && { cause: lastFailure }),
    ...retryAfter(code, progress.retryAtMs, engine.clock.now()),
  });
}

function message(progress: Progress, failure: Failure | undefined, skip: Skip | undefined): string {
  const { records } = progress;
  const last = records.at(-1);
  if (failure && last) {
    const before = records.length === 1 ? "" : ` (the last of ${records.length} attempts)`;
    return `\`${last.target}\` did not answer${before}: ${failure.message}`;
  }
  if (skip) return `every target was skipped; \`${skip.target}\` because ${skip.detail}`;
  return "the chain names no target for this request";
}

/** Codes that the same request meets again whenever it is sent. */
const lasting: readonly RouteErrorCode[] = ["invalid_request", "cancelled", "policy", "no_route"];

function retryAfter(
  code: RouteErrorCode,
  atMs: number | undefined,
  nowMs: number,
): { readonly retryAfterMs?: number } {
  if (atMs === undefined || lasting.includes(code)) return {};
  return { retryAfterMs: Math.max(0, atMs - nowMs) };
}
