import { metCeilings } from "../resolve/buckets.ts";
import { fixedView } from "../resolve/fixed-view.ts";
import type { Linked } from "../resolve/link.ts";
import { run } from "../run/engine.ts";
import type { Engine } from "../run/engine.types.ts";
import { createHolds } from "../run/holds.ts";
import { createLatencies } from "../run/latencies.ts";
import type { AttemptRecord, Clock, Ledger } from "../run/ports.ts";
import { createRetryBudget } from "../run/retry-budget.ts";
import { RouteError } from "../run/route-error.ts";
import { createMemoryLedger } from "../spend/memory-ledger.ts";
import type { Facts } from "../terms/facts.ts";
import type { TargetId } from "../terms/target.ts";
import { createGivenBreakers, lastingMs } from "./given-breakers.ts";
import { createJumpClock, type JumpClock } from "./jump-clock.ts";
import { playAttempts } from "./play-attempt.ts";
import type { TestWorld } from "./policy-test.ts";

/**
 * Resolves when nothing more can happen unless time passes: every promise that can go on has. An effect of the
 * surroundings, handed in; `setImmediate` does it.
 */
export type Settled = () => Promise<void>;

/**
 * What a run of a request does in the world that a test gives: the attempts it makes, in order.
 *
 * It is the engine that runs, with a clock that jumps over every wait, a ledger in memory and providers that the test
 * plays: retries, fallbacks, deadlines, holds, breakers and reservations are those of production.
 */
export async function simulate(
  linked: Linked,
  facts: Facts,
  world: TestWorld,
  settled: Settled,
): Promise<readonly AttemptRecord[]> {
  const clock = createJumpClock(world.nowMs);
  const attempts: AttemptRecord[] = [];
  const ledger = await spentLedger(linked, facts, world);
  const engine = engineIn(world, clock, ledger, (record) => attempts.push(record));
  const { withoutCredential = [] } = world;
  const request = {
    linked,
    facts,
    requestId: fixedView(world).requestId,
    hasCredential: (provider: string) => !withoutCredential.includes(provider),
  };
  const running = run(engine, request, playAttempts(world.faults, clock, facts.stream)).then(
    async ({ done }) => void (await done),
    (thrown: unknown) => {
      if (!RouteError.is(thrown)) throw thrown;
      if (isBug(thrown)) throw thrown.cause ?? thrown;
    },
  );
  await passTime(running, clock, settled);
  engine.breakers.close();
  return attempts;
}

/** What broke inside the engine itself comes without the decision that every other failure carries. */
function isBug({ code, decision }: RouteError): boolean {
  return code === "server_error" && decision === undefined;
}

function engineIn(
  world: TestWorld,
  clock: Clock,
  ledger: Ledger,
  onAttempt: (record: AttemptRecord) => void,
): Engine {
  const holds = createHolds(clock);
  for (const [target, because] of Object.entries(world.holds ?? {}))
    holds.hold(target as TargetId, because, world.nowMs + lastingMs);
  const latencies = createLatencies();
  for (const [target, ms] of Object.entries(world.firstOutputMs ?? {}))
    latencies.record(target as TargetId, ms);
  return {
    ledger,
    breakers: createGivenBreakers(clock, world.breakers),
    holds,
    latencies,
    retryBudget: createRetryBudget(clock),
    clock,
    random: () => world.draw,
    observe: (event) => {
      if (event.kind === "attempt") onAttempt(event.attempt);
    },
  };
}

/** A ledger in which the buckets that the request meets have spent what the test gives. */
async function spentLedger(linked: Linked, facts: Facts, world: TestWorld): Promise<Ledger> {
  const ledger = createMemoryLedger();
  for (const { bucket } of metCeilings(linked, facts, fixedView(world))) {
    const amount = world.spend?.[bucket.name] ?? 0;
    if (amount === 0) continue;
    const id = `given/${bucket.name}`;
    const lines = [{ bucket, limit: amount, hard: false }];
    await ledger.reserve({ id, amount, lines, leaseUntilMs: world.nowMs }, world.nowMs);
    await ledger.settle(id, amount);
  }
  return ledger;
}

/** Jumps from timer to timer until the run is over. */
async function passTime(running: Promise<void>, clock: JumpClock, settled: Settled): Promise<void> {
  let isOver = false;
  const over = running.finally(() => {
    isOver = true;
  });
  over.catch(() => undefined);
  await settled();
  while (!isOver) {
    if (!clock.jump()) throw new TypeError("a run waits for something that no time brings");
    await settled();
  }
  return over;
}
