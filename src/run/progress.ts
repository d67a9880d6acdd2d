import type { Resolution } from "../resolve/resolve.ts";
import type { Skip } from "../terms/decision.ts";
import type { NanoUsd } from "../terms/money.ts";
import type { ChainSpec } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";
import type { Deadline } from "./deadline.ts";
import type { Engine, EngineRequest } from "./engine.types.ts";
import type { AttemptRecord, Failure, RunEvent } from "./ports.ts";

/** How far one request has come. The only thing in the engine that changes, and it belongs to one request. */
export interface Progress {
  readonly engine: Engine;
  readonly request: EngineRequest;
  readonly resolution: Resolution;
  readonly chain: ChainSpec;
  readonly deadline: Deadline;
  /** The request's one draw. */
  readonly draw: number;
  /** Attempts that have ended, oldest first. */
  readonly records: AttemptRecord[];
  /** Ceilings that have refused this request: what comes `after` them may be tried. */
  readonly refusing: Set<string>;
  /** Targets passed over, oldest first. */
  readonly skips: Skip[];
  /** Attempts begun; the bound of the chain is on these. */
  begun: number;
  /** Reservations asked for; most become attempts. */
  reservations: number;
  /** Windows up to this one have proved too small. */
  outgrownWindow: number;
  lastFailure: Failure | undefined;
  /** The earliest moment at which asking again is known to make sense, on the wall clock. */
  retryAtMs: number | undefined;
}

/** Tells the observer; an observer that throws must not change what a request costs or gets. */
export function tell(engine: Engine, event: RunEvent): void {
  try {
    engine.observe(event);
  } catch {
    // The contract of `Observer` forbids it, and there is nobody left to tell.
  }
}

/** Notes that a target was passed over, and why. */
export function noteSkip(progress: Progress, skip: Skip): void {
  const { engine, request } = progress;
  progress.skips.push(skip);
  if (skip.ceiling !== undefined) progress.refusing.add(skip.ceiling);
  if (skip.untilMs !== undefined) noteRetryAt(progress, skip.untilMs);
  const { target, because, detail } = skip;
  tell(engine, { kind: "skip", requestId: request.requestId, target, because, detail });
}

/** Notes a moment from which on asking again makes sense; the earliest counts. */
export function noteRetryAt(progress: Progress, atMs: number): void {
  progress.retryAtMs = Math.min(progress.retryAtMs ?? atMs, atMs);
}

/** Asks for a person's attention. */
export function alert(progress: Progress, name: string, detail: string, target?: TargetId): void {
  const { engine, request } = progress;
  const about = { kind: "alert", requestId: request.requestId, alert: name, detail } as const;
  tell(engine, target === undefined ? about : { ...about, target });
}

/** What the attempts so far cost together; an unknown cost adds nothing. */
export function costSoFar(progress: Progress): NanoUsd {
  return progress.records.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
}
