import type { Candidate } from "../resolve/candidate.ts";
import type { Skip } from "../terms/decision.ts";
import { type Admission, giveBack } from "./admit.ts";
import type { Attempt, AttemptStart } from "./engine.types.ts";
import type { AttemptEnd, AttemptRecord, Change, Failure } from "./ports.ts";
import { noteRetryAt, type Progress, tell } from "./progress.ts";
import { settle } from "./settle.ts";
import { asCallerMeant, bearingOf } from "./verdict.ts";

/** What one attempt came to, as far as the caller of it must act. */
export type AttemptOutcome<T> =
  | {
      readonly kind: "answering";
      readonly value: T;
      readonly candidate: Candidate;
      /** The attempts before this one. */
      readonly failed: readonly AttemptRecord[];
      /** Resolves when the attempt has ended, is settled and recorded; never rejects. */
      readonly over: Promise<AttemptRecord>;
    }
  /** The target turned out not to take the request before anything was sent. */
  | { readonly kind: "skipped"; readonly skip: Skip }
  | { readonly kind: "failed"; readonly failure: Failure; readonly isBug: boolean };

export type MakeAttempt<T> = (attempt: Attempt) => Promise<AttemptStart<T>>;

/** One attempt under way. */
interface Underway {
  readonly candidate: Candidate;
  readonly admission: Admission;
  readonly number: number;
  /** Wall clock, for the record. */
  readonly startedMs: number;
  /** Monotonic clock, for durations. */
  readonly fromMs: number;
  readonly changed: readonly Change[];
  readonly firstOutputMs?: number;
}

type Failed = Extract<AttemptStart<never>, { kind: "failed" }> & { readonly isBug: boolean };

/**
 * Makes one admitted attempt, and sees to it that what it holds is resolved, whatever becomes of it: settled, told to
 * the breaker, recorded. An attempt that throws, or does not heed its signal, is ended here.
 */
export async function makeAttempt<T>(
  progress: Progress,
  candidate: Candidate,
  admission: Admission,
  make: MakeAttempt<T>,
): Promise<AttemptOutcome<T>> {
  const { clock, latencies } = progress.engine;
  progress.begun += 1;
  const number = progress.begun;
  const startedMs = clock.now();
  const fromMs = clock.monotonic();
  const start = await begin(progress, candidate, admission, number, make);
  const underway = { candidate, admission, number, startedMs, fromMs, changed: start.changed };
  if (start.kind === "failed") return afterFailure(progress, underway, start);
  latencies.record(candidate.target, start.firstOutputMs);
  const { value, firstOutputMs } = start;
  const failed = [...progress.records];
  const answering = {
    ...underway,
    admission: probed(progress, candidate, admission),
    firstOutputMs,
  };
  const over = seeThrough(progress, answering, start.end);
  return { kind: "answering", value, candidate, failed, over };
}

/** The first output is what a probe asks for: others may pass from then on, and the rest of the answer counts as theirs. */
function probed(
  progress: Progress,
  { target, linked }: Candidate,
  admission: Admission,
): Admission {
  if (!admission.permit.isProbe) return admission;
  admission.permit.succeeded();
  const permit = progress.engine.breakers.permit(target, linked.provider.breaker);
  return permit ? { ...admission, permit } : admission;
}

async function begin<T>(
  progress: Progress,
  candidate: Candidate,
  { reservationId }: Admission,
  number: number,
  make: MakeAttempt<T>,
): Promise<Extract<AttemptStart<T>, { kind: "answering" }> | Failed> {
  const { request, chain, deadline } = progress;
  const { signal, atMs: deadlineMs } = deadline;
  const { requestId } = request;
  const isReserved = reservationId !== undefined;
  const about = { number, requestId, candidate, isReserved, chain, signal, deadlineMs };
  try {
    const start = await deadline.bound((async () => make(about))());
    if (start === undefined) return ended(progress, undefined);
    return start.kind === "failed" ? { ...start, isBug: false } : start;
  } catch (thrown) {
    return ended(progress, thrown);
  }
}

/** An attempt that left no word of its own: it was ended, and has thrown or is still silent, or it has a bug. */
function ended(progress: Progress, cause: unknown): Failed {
  const early = progress.deadline.ended();
  const message =
    early === undefined
      ? "the attempt threw an error of its own"
      : `the attempt was ended by ${early === "timeout" ? "the request's deadline" : "the caller"}`;
  const failure = { class: early ?? "server_error", message, retryable: false, cause } as const;
  const billing = { kind: "unknown" } as const;
  return { kind: "failed", failure, billing, changed: [], isBug: early === undefined };
}

async function afterFailure(
  progress: Progress,
  underway: Underway,
  start: Failed,
): Promise<AttemptOutcome<never>> {
  const failure = asCallerMeant(start.failure, start.changed);
  if (start.sent === false) {
    progress.begun -= 1;
    await giveBack(progress, underway.admission);
    const { target } = underway.candidate;
    return { kind: "skipped", skip: { target, because: "unsupported", detail: failure.message } };
  }
  progress.lastFailure = failure;
  if (failure.retryAfterMs !== undefined) {
    noteRetryAt(progress, progress.engine.clock.now() + failure.retryAfterMs);
  }
  if (failure.class === "context_length") {
    const window = underway.candidate.linked.spec.window ?? 0;
    progress.outgrownWindow = Math.max(progress.outgrownWindow, window);
  }
  await conclude(
    progress,
    underway,
    { kind: "failed", failure, billing: start.billing },
    start.isBug,
  );
  return { kind: "failed", failure, isBug: start.isBug };
}

async function seeThrough(
  progress: Progress,
  underway: Underway,
  end: Promise<AttemptEnd>,
): Promise<AttemptRecord> {
  const { last, isBug } = await lastWord(progress, end);
  return conclude(progress, underway, last, isBug);
}

async function lastWord(
  progress: Progress,
  end: Promise<AttemptEnd>,
): Promise<{ readonly last: AttemptEnd; readonly isBug: boolean }> {
  try {
    const last = await progress.deadline.bound(end);
    return { last: last ?? ended(progress, undefined), isBug: false };
  } catch (thrown) {
    return { last: ended(progress, thrown), isBug: true };
  }
}

/** Settles, tells the breaker and records: the last word on an attempt. */
async function conclude(
  progress: Progress,
  underway: Underway,
  end: AttemptEnd,
  isBug: boolean,
): Promise<AttemptRecord> {
  const { engine, request } = progress;
  const { candidate, admission, number, startedMs, fromMs, changed, firstOutputMs } = underway;
  const elapsedMs = engine.clock.monotonic() - fromMs;
  tellBreaker(progress, underway, end, elapsedMs, isBug);
  const cost = await settle(progress, candidate, admission, end.billing);
  const failure = end.kind === "failed" ? end.failure : undefined;
  const { worstCost, target } = candidate;
  const record: AttemptRecord = {
    number,
    target,
    outcome: failure?.class ?? "ok",
    ...(failure && { message: failure.message }),
    ...(failure?.status !== undefined && { status: failure.status }),
    startedMs,
    elapsedMs,
    ...(firstOutputMs !== undefined && { firstOutputMs }),
    ...(admission.reservationId !== undefined &&
      worstCost !== undefined && { reserved: worstCost }),
    ...(cost !== undefined && { cost }),
    ...(end.billing.kind === "usage" && { usage: end.billing.usage }),
    changed,
  };
  progress.records.push(record);
  tell(engine, { kind: "attempt", requestId: request.requestId, attempt: record });
  return record;
}

/**
 * Uses up the permit. Our own deadline says little about a target that had only the rest of it: such a timeout counts
 * against the target only where it had at least half of the request's time and gave no output.
 */
function tellBreaker(
  { deadline, chain }: Progress,
  { admission, firstOutputMs }: Underway,
  end: AttemptEnd,
  elapsedMs: number,
  isBug: boolean,
): void {
  const { permit } = admission;
  if (end.kind === "ok") {
    permit.succeeded();
    return;
  }
  const ours = end.failure.class === "timeout" && deadline.ended() === "timeout";
  const isFair = !ours || (firstOutputMs === undefined && elapsedMs >= chain.totalMs / 2);
  const counts = bearingOf(end.failure.class) === "breaker" && !end.failure.blameless;
  if (counts && isFair && !isBug) permit.failed();
  else permit.released();
}
