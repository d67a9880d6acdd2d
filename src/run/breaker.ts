import type { BreakerSpec } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";
import { Circuit } from "./circuit.ts";
import type { Breakers, Clock, Permit } from "./ports.ts";

/**
 * Circuit breakers on opossum, one for each target and spec.
 *
 * A breaker opens when at least `minFailures` outcomes of its window are failures and they are at least `errorRate` of
 * all, counted when outcomes arrive. After the cool-down one probe passes: its success closes with an empty window, its
 * failure opens anew. A spec with other values begins another breaker; the one before it stays for requests that still
 * run under the older policy, and none older than that.
 *
 * opossum counts and waits by its own timers, which keep no process alive; the clock dates what a view says and paces
 * panic probes. After `close` every breaker reads as closed, and outcomes count for nothing.
 */
export function createBreakers(clock: Clock): Breakers {
  const circuits = createCircuits(clock);
  return {
    view: (target, spec) => circuits.find(target, spec)?.view() ?? { state: "closed" },
    permit: (target, spec) => {
      const circuit = circuits.get(target, spec);
      return circuit ? circuit.permit() : idlePermit;
    },
    probe: (target, spec) => {
      const circuit = circuits.get(target, spec);
      return circuit ? (circuit.permit() ?? circuit.panic()) : idlePermit;
    },
    close: circuits.close,
  };
}

interface Circuits {
  /** The breaker, if there is one already: reading makes none. */
  readonly find: (target: TargetId, spec: BreakerSpec) => Circuit | undefined;
  /** The breaker, made if need be; `undefined` after `close`. */
  readonly get: (target: TargetId, spec: BreakerSpec) => Circuit | undefined;
  readonly close: () => void;
}

interface Known {
  readonly spec: BreakerSpec;
  readonly circuit: Circuit;
}

const idlePermit: Permit = { succeeded: () => {}, failed: () => {}, released: () => {} };

/** The newest spec of a target and the one before it. */
const keptSpecs = 2;

/** A `requested` step lets callers name any model: from this many targets on, idle ones are forgotten. */
const sweepFrom = 1024;

function createCircuits(clock: Clock): Circuits {
  const targets = new Map<TargetId, readonly Known[]>();
  let sweepAt = sweepFrom;
  let isClosed = false;

  const find = (target: TargetId, spec: BreakerSpec) =>
    targets.get(target)?.find((known) => isSame(known.spec, spec))?.circuit;

  const make = (target: TargetId, spec: BreakerSpec): Circuit => {
    if (targets.size >= sweepAt) sweepAt = sweep(targets);
    const circuit = new Circuit(spec, clock);
    const all = [{ spec, circuit }, ...(targets.get(target) ?? [])];
    targets.set(target, all.slice(0, keptSpecs));
    for (const old of all.slice(keptSpecs)) old.circuit.close();
    return circuit;
  };

  return {
    find,
    get: (target, spec) => (isClosed ? undefined : (find(target, spec) ?? make(target, spec))),
    close: () => {
      isClosed = true;
      for (const { circuit } of [...targets.values()].flat()) circuit.close();
      targets.clear();
    },
  };
}

function isSame(a: BreakerSpec, b: BreakerSpec): boolean {
  if (a === b) return true;
  return (
    a.errorRatePpm === b.errorRatePpm &&
    a.minFailures === b.minFailures &&
    a.windowMs === b.windowMs &&
    a.coolDownMs === b.coolDownMs
  );
}

/** Forgets targets whose breakers are all idle; answers at how many targets to look again. */
function sweep(targets: Map<TargetId, readonly Known[]>): number {
  for (const [target, all] of targets) {
    if (!all.every(({ circuit }) => circuit.isIdle())) continue;
    for (const { circuit } of all) circuit.close();
    targets.delete(target);
  }
  return Math.max(sweepFrom, 2 * targets.size);
}
