import pRetry from "p-retry";
import type { Candidate } from "../resolve/candidate.ts";
import { admit, giveBack } from "./admit.ts";
import { retryDelayMs } from "./backoff.ts";
import { type AttemptOutcome, type MakeAttempt, makeAttempt } from "./make-attempt.ts";
import type { Failure } from "./ports.ts";
import { noteSkip, type Progress } from "./progress.ts";
import { restTarget } from "./rest-target.ts";

/** What a target's turn came to, its retries included. */
export type Turn<T> =
  | AttemptOutcome<T>
  /** The request's time was over, or its caller gone, before an attempt could be made. */
  | { readonly kind: "ended" };

/** A failed attempt on its way through p-retry, which counts only what is thrown. */
class AttemptFailed extends Error {
  readonly outcome: Extract<AttemptOutcome<never>, { kind: "failed" }>;

  constructor(outcome: Extract<AttemptOutcome<never>, { kind: "failed" }>) {
    super(outcome.failure.message);
    this.outcome = outcome;
  }
}

/**
 * Gives a target its turn: one attempt, and retries of it as far as its policy, the bound on attempts, the retry budget
 * and the deadline allow. Each of them is admitted anew.
 *
 * p-retry counts the retries and decides about each; it never waits, since a `minTimeout` of 0 makes every delay of its
 * own 0, for which it sets no timer.
 *
 * @param probing the panic rule: one attempt at an open breaker, not retried
 */
export async function takeTurn<T>(
  progress: Progress,
  candidate: Candidate,
  make: MakeAttempt<T>,
  probing = false,
): Promise<Turn<T>> {
  const { retry } = candidate.settings;
  let attempted: Extract<AttemptOutcome<never>, { kind: "failed" }> | undefined;
  const once = async (attemptNumber: number): Promise<Turn<T>> => {
    const turn = await tryOnce(progress, candidate, make, probing, attemptNumber === 1);
    if (turn.kind !== "failed") return turn;
    attempted = turn;
    throw new AttemptFailed(turn);
  };
  try {
    const turn = await pRetry(once, {
      retries: probing ? 0 : retry.maxRetries,
      minTimeout: 0,
      shouldRetry: ({ error, retriesConsumed }) =>
        error instanceof AttemptFailed &&
        waitForRetry(progress, candidate, error.outcome.failure, retriesConsumed),
    });
    return turn.kind === "skipped" && attempted ? done(progress, candidate, attempted) : turn;
  } catch (thrown) {
    if (thrown instanceof AttemptFailed) return done(progress, candidate, thrown.outcome);
    throw thrown;
  }
}

function done(
  progress: Progress,
  candidate: Candidate,
  failed: Extract<AttemptOutcome<never>, { kind: "failed" }>,
): Turn<never> {
  restTarget(progress, candidate, failed.failure);
  return failed;
}

async function tryOnce<T>(
  progress: Progress,
  candidate: Candidate,
  make: MakeAttempt<T>,
  probing: boolean,
  isFirst: boolean,
): Promise<Turn<T>> {
  const admitted = await admit(progress, candidate, probing);
  if (admitted.kind === "refused") {
    noteSkip(progress, admitted.skip);
    return { kind: "skipped", skip: admitted.skip };
  }
  if (progress.deadline.ended()) {
    await giveBack(progress, admitted.admission);
    return { kind: "ended" };
  }
  const { retry } = candidate.settings;
  if (isFirst) progress.engine.retryBudget.requested(candidate.target, retry.retryBudgetPpm);
  const outcome = await makeAttempt(progress, candidate, admitted.admission, make);
  if (outcome.kind === "skipped") noteSkip(progress, outcome.skip);
  return outcome;
}

/**
 * A timer may fire a millisecond early by the wall clock, and a hold ends by the wall clock: the retry that waited for
 * its end must not meet it.
 */
const earlyMs = 1;

/** Decides whether a failed attempt is retried at its target, and waits until then. */
async function waitForRetry(
  progress: Progress,
  { target, settings }: Candidate,
  failure: Failure,
  retriesBefore: number,
): Promise<boolean> {
  const { engine, chain, deadline } = progress;
  if (!failure.retryable || progress.begun >= chain.maxAttempts || deadline.ended()) return false;
  const { retryAfterMs } = failure;
  const leftMs = deadline.leftMs() - earlyMs;
  const backoff = { retry: settings.retry, retriesBefore, retryAfterMs, leftMs };
  const delayMs = retryDelayMs(backoff, engine.random);
  if (delayMs === undefined || !engine.retryBudget.take(target)) return false;
  if (failure.class !== "rate_limit" || retryAfterMs === undefined) return deadline.sleep(delayMs);
  engine.holds.hold(target, failure.class, engine.clock.now() + retryAfterMs);
  return deadline.sleep(delayMs + earlyMs);
}
