import type { Candidate } from "../resolve/candidate.ts";
import { longestHoldMs } from "./holds.ts";
import type { Failure } from "./ports.ts";
import { alert, noteRetryAt, type Progress } from "./progress.ts";
import { bearingOf } from "./verdict.ts";

/** How long a target is held whose provider did not say for how long. */
const defaultHoldMs = 30_000;

/**
 * Takes a target out of service for a while after a failure that asks for that: a rate limit, missing credit, a bad
 * credential. All but a rate limit also ask for a person.
 */
export function restTarget(progress: Progress, { target }: Candidate, failure: Failure): void {
  if (bearingOf(failure.class) !== "hold") return;
  const { holds, clock } = progress.engine;
  const askedMs = failure.holdMs ?? failure.retryAfterMs ?? defaultHoldMs;
  const untilMs = clock.now() + Math.min(askedMs, longestHoldMs);
  holds.hold(target, failure.class, untilMs);
  if (failure.class === "rate_limit") noteRetryAt(progress, untilMs);
  else alert(progress, failure.class, failure.message, target);
}
