import CircuitBreaker from "opossum";
import type { BreakerSpec } from "../terms/program.ts";

/**
 * One opossum circuit that keeps what this project's breakers need kept: outcomes over a rolling window, the state, and
 * the cool-down's timer.
 *
 * Whether to open is decided here and not by opossum, whose volume threshold counts calls where the policy's
 * `minFailures` counts failures. Every answer is right in the same tick: opossum calls back an action's `then`, so an
 * action that has its outcome already is recorded before `record` returns.
 */
export interface OutcomeWindow {
  /** Counts an outcome. While half-open, a success closes and a failure opens; nothing else here changes the state. */
  readonly record: (ok: boolean) => void;
  /** Whether enough outcomes of the window are failures, by number and by share. */
  readonly isTooBad: () => boolean;
  readonly isEmpty: () => boolean;
  readonly state: () => "closed" | "open" | "half-open";
  /** Opens, and becomes half-open after the cool-down. */
  readonly open: () => void;
  /** Stops every timer; nothing may be asked of it afterwards. */
  readonly close: () => void;
}

/**
 * The window moves on a tenth at a time, and a tenth is a millisecond at least: an outcome counts for 90 to 100 % of
 * the window's length.
 */
const slices = 10;

/** Node fires a longer timer at once (a signed 32-bit number of milliseconds, 24.8 days). */
const maxTimerMs = 2 ** 31 - 1;

/** A closed circuit with an empty window. Its timers keep no process alive. */
export function createOutcomeWindow(spec: BreakerSpec): OutcomeWindow {
  const circuit = new CircuitBreaker(outcome, {
    timeout: false,
    resetTimeout: coolDownMs(spec),
    errorThresholdPercentage: Number.POSITIVE_INFINITY,
    rollingCountTimeout: Math.min(Math.max(spec.windowMs, slices), maxTimerMs),
    rollingCountBuckets: slices,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  });
  return {
    record: (ok) => {
      circuit.fire(ok).catch(ignore);
      dropLatencies(circuit);
    },
    isTooBad: () => isTooBad(count(circuit), spec),
    isEmpty: () => count(circuit).total === 0,
    state: () => (circuit.closed ? "closed" : circuit.halfOpen ? "half-open" : "open"),
    open: () => circuit.open(),
    close: () => circuit.shutdown(),
  };
}

/** How long a breaker of this spec really rests, in milliseconds: never longer than a timer can wait. */
export function coolDownMs(spec: BreakerSpec): number {
  return Math.min(spec.coolDownMs, maxTimerMs);
}

type Circuit = CircuitBreaker<[ok: boolean], unknown>;

/** opossum's action: an outcome that is known already, told before this tick ends. */
function outcome(ok: boolean): unknown {
  if (!ok) throw failed;
  return succeeded;
}

const failed = new TypeError("the attempt failed");

const succeeded = {
  // biome-ignore lint/suspicious/noThenProperty: opossum takes any thenable; a promise would tell it a tick too late
  then: (tell: () => void) => {
    tell();
    return { catch: ignore };
  },
};

function ignore(): void {}

function isTooBad(counted: Counted, { minFailures, errorRatePpm }: BreakerSpec): boolean {
  const { failures, total } = counted;
  return failures >= minFailures && failures * 1_000_000 >= errorRatePpm * total;
}

interface Counted {
  readonly failures: number;
  readonly total: number;
}

function count(circuit: Circuit): Counted {
  let failures = 0;
  let successes = 0;
  for (const slice of circuit.status.window) {
    failures += slice.failures;
    successes += slice.successes;
  }
  return { failures, total: failures + successes };
}

/** opossum notes a latency for every outcome of the window; nobody reads them, and a busy hour would be megabytes. */
function dropLatencies(circuit: Circuit): void {
  const newest = circuit.status.window[0];
  if (newest) newest.latencyTimes.length = 0;
}
