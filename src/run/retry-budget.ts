import type { TargetId } from "../terms/target.ts";
import type { Clock } from "./ports.ts";

/**
 * How many retries a target can be given, whoever asks: so many that a provider in trouble gets little more than the
 * requests that callers make.
 */
export interface RetryBudget {
  /** Counts a request's first attempt at the target, before it is sent; earns it `retryBudgetPpm` of a retry. */
  readonly requested: (target: TargetId, retryBudgetPpm: number) => void;
  /** Takes one retry, if one is left. */
  readonly take: (target: TargetId) => boolean;
}

/**
 * A token bucket for each target: over any time, retries ≤ 10 + 1 a second + the earned share of the requests.
 *
 * The first two are the floor, without which a process that makes few requests could never retry; it fills up to ten
 * and no further. What requests earn can be saved up to a hundred retries. `retryBudget: 0%` leaves the floor:
 * `maxRetries: 0` is how a policy says never.
 *
 * @see https://sre.google/sre-book/handling-overload/ and Finagle's RetryBudget, for the shape
 */
export function createRetryBudget(clock: Clock): RetryBudget {
  const purses = new Map<TargetId, Purse>();
  return {
    requested: (target, retryBudgetPpm) => {
      const purse = find(purses, target, clock.monotonic());
      purse.earned = Math.min(maxEarned, purse.earned + retryBudgetPpm);
    },
    take: (target) => {
      const purse = find(purses, target, clock.monotonic());
      return spend(purse);
    },
  };
}

/** In parts per million of a retry, whole numbers but for the floor's time. */
interface Purse {
  earned: number;
  floor: number;
  atMs: number;
}

const retry = 1_000_000;
const maxEarned = 100 * retry;
const maxFloor = 10 * retry;
const floorPerMs = retry / 1000;

/** The most targets kept; those least recently asked for are forgotten first, and start with a full floor again. */
const maxTargets = 1024;

function find(purses: Map<TargetId, Purse>, target: TargetId, nowMs: number): Purse {
  const purse = purses.get(target) ?? { earned: 0, floor: maxFloor, atMs: nowMs };
  purse.floor = Math.min(maxFloor, purse.floor + (nowMs - purse.atMs) * floorPerMs);
  purse.atMs = nowMs;
  purses.delete(target);
  purses.set(target, purse);
  if (purses.size > maxTargets) forgetOldest(purses);
  return purse;
}

function forgetOldest(purses: Map<TargetId, Purse>): void {
  const [oldest] = purses.keys();
  if (oldest !== undefined) purses.delete(oldest);
}

function spend(purse: Purse): boolean {
  if (purse.earned >= retry) purse.earned -= retry;
  else if (purse.floor >= retry) purse.floor -= retry;
  else return false;
  return true;
}
