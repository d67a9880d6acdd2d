import type { KindSpec } from "../../src/catalog/catalog.ts";
import { run } from "../../src/run/engine.ts";
import type { Engine, EngineRequest, RunAnswer } from "../../src/run/engine.types.ts";
import { createHolds } from "../../src/run/holds.ts";
import { createLatencies } from "../../src/run/latencies.ts";
import type { MakeAttempt } from "../../src/run/make-attempt.ts";
import type {
  AttemptEnd,
  Billing,
  Change,
  Failure,
  Ledger,
  RunEvent,
} from "../../src/run/ports.ts";
import { createRetryBudget } from "../../src/run/retry-budget.ts";
import { RouteError } from "../../src/run/route-error.ts";
import { createMemoryLedger } from "../../src/spend/memory-ledger.ts";
import type { Facts } from "../../src/terms/facts.ts";
import type { FailureClass } from "../../src/terms/failure-class.ts";
import type { BreakerSpec } from "../../src/terms/program.ts";
import type { TargetId } from "../../src/terms/target.ts";
import type { Usage } from "../../src/terms/usage.ts";
import { createBreakerModel } from "./breaker-model.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { linkedProgram, type ProgramSketch, standardBreaker } from "./programs.ts";

/** What one attempt does in a test. */
export type Act =
  /** Answers, and is over at once. */
  | { readonly kind: "ok"; readonly billing?: Billing; readonly changed?: readonly Change[] }
  /** Answers, and ends later as the test says. */
  | { readonly kind: "answers"; readonly end: Promise<AttemptEnd> }
  | ({
      readonly kind: "fails";
      readonly billing?: Billing;
      readonly changed?: readonly Change[];
      /** Nothing was sent. */
      readonly sent?: false;
    } & Partial<Failure> & {
        readonly class: FailureClass;
      })
  | { readonly kind: "throws"; readonly thrown: unknown }
  /** Never answers; `heeds` its signal, or not even that. */
  | { readonly kind: "hangs"; readonly heeds: boolean };

export interface Made {
  readonly target: TargetId;
  readonly number: number;
  /** On the monotonic clock. */
  readonly atMs: number;
}

/** An engine whose time, luck and providers are the test's. */
export interface Bench {
  readonly clock: FakeClock;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly events: readonly RunEvent[];
  /** The attempts that were made. */
  readonly made: readonly Made[];
  /** Starts a request; `acts` are played one for each attempt, the last again and again. */
  readonly start: (
    acts: readonly Act[],
    about?: Partial<EngineRequest>,
  ) => Promise<RunAnswer<string>>;
  /** Starts a request, lets `waitMs` pass, and tells how it went. */
  readonly go: (
    acts: readonly Act[],
    waitMs?: number,
    about?: Partial<EngineRequest>,
  ) => Promise<Went>;
  /** What stands in the one bucket of a ceiling that has no `each`. */
  readonly spent: (ceiling: string) => number;
  /** The one breaker of every provider. */
  readonly breaker: BreakerSpec;
}

export type Went =
  | { readonly kind: "answered"; readonly answer: RunAnswer<string> }
  | { readonly kind: "failed"; readonly error: RouteError };

export const usage = (inputTokens: number, outputTokens: number): Billing => ({
  kind: "usage",
  usage: { inputTokens, outputTokens, raw: {} } satisfies Usage,
});

/** 1,000 tokens in at most; with the default chain and price one attempt costs $0.002 at worst. */
export const someFacts: Facts = {
  api: "chat",
  stream: false,
  needs: [],
  inputTokens: 250,
  inputTokensAtMost: 1000,
  answers: 1,
  attributes: {},
};

export const worstNano = 2_000_000;

export function createBench(
  sketch: ProgramSketch = {},
  options: { readonly random?: () => number; readonly kind?: Partial<KindSpec> } = {},
): Bench {
  const clock = createFakeClock();
  const ledger = createMemoryLedger();
  const events: RunEvent[] = [];
  const made: Made[] = [];
  const linked = linkedProgram(sketch, options.kind);
  const engine: Engine = {
    ledger,
    breakers: createBreakerModel(clock),
    holds: createHolds(clock),
    latencies: createLatencies(),
    retryBudget: createRetryBudget(clock),
    clock,
    random: options.random ?? (() => 0.5),
    observe: (event) => void events.push(event),
  };
  let requests = 0;
  const start: Bench["start"] = (acts, about = {}) => {
    requests += 1;
    const request = {
      linked,
      facts: someFacts,
      requestId: `r${requests}`,
      hasCredential: () => true,
      ...about,
    };
    return run(engine, request, play(acts, clock, made));
  };
  const go: Bench["go"] = async (acts, waitMs = 0, about = {}) => {
    const going = start(acts, about).then(
      (answer): Went => ({ kind: "answered", answer }),
      (error: unknown): Went => {
        if (RouteError.is(error)) return { kind: "failed", error };
        throw error;
      },
    );
    await clock.advance(waitMs);
    return going;
  };
  const spent = (ceiling: string) => {
    const found = linked.ceilings.find(({ spec }) => spec.name === ceiling);
    if (!found || found.spec.per === "request") throw new TypeError(`no such bucket: ${ceiling}`);
    const window = linked.window(found.spec.per, clock.now());
    return ledger.spent({ ceiling, name: ceiling, key: `${ceiling}@${window.startMs}`, ...window });
  };
  const breaker = linked.target("a:m")?.provider.breaker ?? standardBreaker;
  return { clock, engine, ledger, events, made, start, go, spent, breaker };
}

function play(acts: readonly Act[], clock: FakeClock, made: Made[]): MakeAttempt<string> {
  let played = 0;
  return async ({ number, candidate, signal }) => {
    made.push({ target: candidate.target, number, atMs: clock.monotonic() });
    const act = acts[Math.min(played, acts.length - 1)] ?? { kind: "ok" };
    played += 1;
    switch (act.kind) {
      case "ok":
        return answering(
          candidate.target,
          Promise.resolve({ kind: "ok", billing: act.billing ?? usage(100, 100) }),
          act.changed,
        );
      case "answers":
        return answering(candidate.target, act.end);
      case "throws":
        throw act.thrown;
      case "hangs":
        return new Promise((_, reject) => {
          if (act.heeds) signal.addEventListener("abort", () => reject(signal.reason));
        });
      case "fails": {
        const { kind: _, billing = { kind: "nothing" }, changed = [], sent, ...failure } = act;
        return {
          kind: "failed",
          failure: { message: `a scripted ${failure.class}`, retryable: false, ...failure },
          billing,
          changed,
          ...(sent === false && { sent }),
        };
      }
    }
  };
}

function answering(value: string, end: Promise<AttemptEnd>, changed: readonly Change[] = []) {
  return { kind: "answering", value, changed, firstOutputMs: 7, end } as const;
}
