import { type Candidate, isOpen } from "../resolve/candidate.ts";
import { resolution } from "../resolve/resolve.ts";
import type { Decision } from "../terms/decision.ts";
import type { ChainSpec } from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";
import { startDeadline } from "./deadline.ts";
import type { Engine, EngineRequest, RunAnswer, RunSummary } from "./engine.types.ts";
import { keepRecord, type RecordKeeper } from "./keep-record.ts";
import { liveView } from "./live-view.ts";
import type { AttemptOutcome, MakeAttempt } from "./make-attempt.ts";
import { costSoFar, type Progress, tell } from "./progress.ts";
import { RouteError, type RouteErrorCode } from "./route-error.ts";
import { denied, endedError, exhausted } from "./run-errors.ts";
import { type Turn, takeTurn } from "./take-turn.ts";
import { movesOnAfterFailure, movesOnAfterSkip } from "./verdict.ts";

/**
 * Carries out what the policy says about one request: tries the targets of its plan in order until one answers.
 *
 * The order is decided once. Before each attempt, retries included, the target is asked for again with a fresh View
 * (see `admit`), and what an attempt holds is resolved whatever becomes of it. The answer is handed out as soon as it
 * has begun; `done` tells how it ended.
 *
 * @param make makes one attempt. It reports failures; what it throws is taken for a bug in it and ends the request, so
 * whoever calls an SDK here turns the SDK's errors into failures first.
 * @throws RouteError and nothing else, after the last attempt is settled
 */
export async function run<T>(
  engine: Engine,
  request: EngineRequest,
  make: MakeAttempt<T>,
): Promise<RunAnswer<T>> {
  const startedMs = engine.clock.monotonic();
  const record = keepRecord(engine, request);
  let progress: Progress | undefined;
  try {
    progress = decide(engine, request, record);
    const answering = await goThrough(progress, make);
    return answerOf(progress, answering, startedMs, record);
  } catch (thrown) {
    const error = asRouteError(thrown, progress);
    progress?.deadline.close();
    finish(engine, request, progress, error.code, startedMs);
    record.ended(progress, error.code);
    throw error;
  }
}

/** Decides the order and starts the request's time; throws where the policy denies. */
function decide(engine: Engine, request: EngineRequest, record: RecordKeeper): Progress {
  const { linked, facts, requestId, signal } = request;
  const draw = engine.random();
  const view = record.watch(liveView(engine, request, draw));
  const found = resolution(linked, facts, view);
  const { decision, chain } = found;
  record.decided(decision);
  tell(engine, { kind: "decision", requestId, atMs: view.nowMs, decision });
  if (decision.kind === "deny" && !panics(decision)) throw denied(decision, view.nowMs);
  if (!chain) throw new TypeError("a decision with skipped targets comes from a chain");
  return {
    engine,
    request,
    resolution: found,
    chain,
    draw,
    deadline: startDeadline(engine.clock, chain.totalMs, signal),
    records: [],
    refusing: new Set(decision.skipped.flatMap(({ ceiling }) => ceiling ?? [])),
    skips: [],
    begun: 0,
    reservations: 0,
    outgrownWindow: 0,
    lastFailure: undefined,
    retryAtMs: undefined,
  };
}

type Answering<T> = Extract<AttemptOutcome<T>, { kind: "answering" }>;

/** Tries one target after the other; throws where none answers. */
async function goThrough<T>(progress: Progress, make: MakeAttempt<T>): Promise<Answering<T>> {
  const { resolution: found, chain, deadline, refusing } = progress;
  for (const candidate of found.candidates) {
    if (!isOpen(candidate, refusing)) continue;
    if (deadline.ended() || progress.begun >= chain.maxAttempts) break;
    const turn = await takeTurn(progress, candidate, make);
    if (turn.kind === "answering") return turn;
    if (!movesOn(chain, turn)) break;
  }
  return panic(progress, make);
}

function movesOn(chain: ChainSpec, turn: Exclude<Turn<unknown>, { kind: "answering" }>): boolean {
  switch (turn.kind) {
    case "failed":
      return !turn.isBug && movesOnAfterFailure(chain, turn.failure);
    case "skipped":
      return movesOnAfterSkip(chain, turn.skip);
    case "ended":
      return false;
    default:
      return unreachable(turn);
  }
}

/**
 * The last resort: where nothing was tried and an open breaker alone kept a target from being tried, the one that opens
 * first gets a probe, at most one a second.
 */
async function panic<T>(progress: Progress, make: MakeAttempt<T>): Promise<Answering<T>> {
  const { deadline, resolution: found } = progress;
  const candidate = progress.begun === 0 && !deadline.ended() ? firstToOpen(progress) : undefined;
  const turn = candidate && (await takeTurn(progress, candidate, make, true));
  if (turn?.kind === "answering") return turn;
  const early = deadline.ended();
  throw early ? endedError(progress, early) : exhausted(progress, found.decision);
}

function panics(decision: Decision): boolean {
  return decision.skipped.some(({ because }) => because === "breaker_open");
}

function firstToOpen(progress: Progress): Candidate | undefined {
  const open = progress.skips.filter(({ because }) => because === "breaker_open");
  const [first] = open.toSorted((one, other) => (one.untilMs ?? 0) - (other.untilMs ?? 0));
  return progress.resolution.candidates.find(({ target }) => target === first?.target);
}

function answerOf<T>(
  progress: Progress,
  { value, candidate, failed, over }: Answering<T>,
  startedMs: number,
  record: RecordKeeper,
): RunAnswer<T> {
  const { engine, request, resolution: found } = progress;
  const done = over.then(({ outcome }): RunSummary => {
    progress.deadline.close();
    finish(engine, request, progress, outcome, startedMs);
    record.ended(progress, outcome);
    return { outcome, cost: costSoFar(progress), attempts: [...progress.records] };
  });
  return { value, decision: found.decision, candidate, failed, done };
}

/** Tells the end of a request; the last of its events, once. */
function finish(
  engine: Engine,
  { requestId }: EngineRequest,
  progress: Progress | undefined,
  outcome: "ok" | RouteErrorCode,
  startedMs: number,
): void {
  const cost = progress ? costSoFar(progress) : 0;
  const attempts = progress?.records.length ?? 0;
  const elapsedMs = engine.clock.monotonic() - startedMs;
  tell(engine, { kind: "finished", requestId, outcome, cost, attempts, elapsedMs });
}

function asRouteError(thrown: unknown, progress: Progress | undefined): RouteError {
  if (RouteError.is(thrown)) return thrown;
  const attempts = progress ? [...progress.records] : [];
  return new RouteError("server_error", "the request broke off inside Signalbox", {
    attempts,
    cause: thrown,
  });
}
