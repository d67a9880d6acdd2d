import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metCeilings } from "../../src/resolve/buckets.ts";
import type { Candidate } from "../../src/resolve/candidate.ts";
import { eligible } from "../../src/resolve/eligible.ts";
import type { Linked } from "../../src/resolve/link.ts";
import { run } from "../../src/run/engine.ts";
import type {
  Attempt,
  AttemptStart,
  EngineRequest,
  RunAnswer,
} from "../../src/run/engine.types.ts";
import { liveView } from "../../src/run/live-view.ts";
import type { AttemptEnd, Billing, RunEvent } from "../../src/run/ports.ts";
import { RouteError } from "../../src/run/route-error.ts";
import { failureClasses } from "../../src/terms/failure-class.ts";
import { type Bench, createBench, someFacts, usage, worstNano } from "../support/engine.ts";
import { linkedProgram, type ProgramSketch } from "../support/programs.ts";

/** What one attempt of a random request does. */
type Fate =
  | {
      readonly kind: "fails";
      readonly class: (typeof failureClasses)[number];
      readonly retryable: boolean;
      readonly retryAfterMs?: number;
      readonly bill: number;
    }
  | {
      readonly kind: "answers";
      readonly endsMs: number;
      readonly ok: boolean;
      readonly bill: number;
    }
  | { readonly kind: "throws" }
  | { readonly kind: "hangs" };

interface Story {
  readonly sketch: ProgramSketch;
  /** One list for each request, played attempt by attempt; the requests start together. */
  readonly requests: readonly { readonly fates: readonly Fate[]; readonly abortMs?: number }[];
}

/** Bills: nothing, unknown, or that many tokens within the bound. */
const bill = fc.constantFrom(-1, 0, 1, 900, 2000);

const fate: fc.Arbitrary<Fate> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("fails" as const),
      class: fc.constantFrom(...failureClasses),
      retryable: fc.boolean(),
      retryAfterMs: fc.constantFrom(0, 700, 9000),
      bill,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("answers" as const),
      endsMs: fc.constantFrom(0, 40, 4000),
      ok: fc.boolean(),
      bill,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "throws" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "hangs" } as const) },
);

const story: fc.Arbitrary<Story> = fc.record({
  sketch: fc.record({
    chain: fc.record({
      maxAttempts: fc.integer({ min: 1, max: 5 }),
      totalMs: fc.constantFrom(1000, 30_000),
    }),
    retry: fc.record({ maxRetries: fc.integer({ min: 0, max: 3 }) }),
    breaker: fc.record({ minFailures: fc.integer({ min: 1, max: 3 }) }),
    ceilings: fc.constantFrom(
      [{ name: "day", limit: 3 * worstNano }],
      [
        { name: "day", limit: 1e12 },
        { name: "request", limit: 2 * worstNano, per: "request" as const },
      ],
      [{ name: "day", limit: 5 * worstNano, exceeded: { kind: "warn" as const } }],
    ),
    targets: fc.constantFrom(
      [{ id: "a:m" as const }, { id: "b:m" as const }, { id: "c:m" as const }],
      [
        { id: "a:m" as const, window: 500 },
        { id: "b:m" as const, window: 900 },
        { id: "c:m" as const, window: 100 },
      ],
      [{ id: "a:m" as const }],
    ),
  }),
  requests: fc.array(
    fc.record(
      { fates: fc.array(fate, { minLength: 1, maxLength: 6 }), abortMs: fc.constantFrom(1, 600) },
      { requiredKeys: ["fates"] },
    ),
    { minLength: 1, maxLength: 4 },
  ),
});

function billing(tokens: number): Billing {
  if (tokens < 0) return { kind: "nothing" };
  return tokens === 0 ? { kind: "unknown" } : usage(tokens, 0);
}

/** What a provider would put on its invoice: an unknown bill is at most the worst case, and is settled as that. */
function invoiced(tokens: number, { worstCost = 0 }: Candidate): number {
  if (tokens < 0) return 0;
  return tokens === 0 ? worstCost : tokens * 1000;
}

interface Told {
  readonly invoice: { nano: number };
  readonly attempts: Map<string, number>;
  readonly answered: Set<string>;
  readonly violations: string[];
}

type Asked = Pick<Attempt, "candidate" | "signal">;

function make(
  bench: Bench,
  linked: Linked,
  request: EngineRequest,
  fates: readonly Fate[],
  told: Told,
) {
  let played = 0;
  return async (asked: Asked): Promise<AttemptStart<string>> => {
    const { requestId } = request;
    const made = told.attempts.get(requestId) ?? 0;
    if (told.answered.has(requestId)) told.violations.push(`${requestId} went on after its output`);
    checkEligible(bench, linked, request, asked.candidate, told);
    const act = fates[Math.min(played, fates.length - 1)] ?? { kind: "throws" };
    played += 1;
    // What a target cannot take is a skip: nothing was attempted.
    const isSkip = act.kind === "fails" && act.class === "unsupported" && act.bill < 0;
    told.attempts.set(requestId, isSkip ? made : made + 1);
    if (act.kind === "fails") return failing(act, asked, told);
    if (act.kind === "answers") {
      told.answered.add(requestId);
      return answering(bench, act, asked, told);
    }
    told.invoice.nano += invoiced(0, asked.candidate);
    if (act.kind === "throws") throw new TypeError("a bug");
    return new Promise<never>((_, reject) =>
      asked.signal.addEventListener("abort", () => reject(asked.signal.reason)),
    );
  };
}

function failing(
  act: Extract<Fate, { kind: "fails" }>,
  { candidate }: Asked,
  told: Told,
): AttemptStart<never> {
  const { kind, bill: tokens, ...failure } = act;
  told.invoice.nano += invoiced(tokens, candidate);
  const why = { message: "scripted", ...failure };
  return { kind: "failed", failure: why, billing: billing(tokens), changed: [] };
}

/** An answer that its request does not outlive is settled as unknown, whatever it would have cost. */
function answering(
  bench: Bench,
  { ok, bill: tokens, endsMs }: Extract<Fate, { kind: "answers" }>,
  { candidate, signal }: Asked,
  told: Told,
): AttemptStart<string> {
  const { promise: end, resolve } = Promise.withResolvers<AttemptEnd>();
  const failure = { class: "network", message: "cut", retryable: false } as const;
  const cancel = bench.clock.timer(endsMs, () => {
    if (signal.aborted) return;
    told.invoice.nano += invoiced(tokens, candidate);
    const last = billing(tokens);
    resolve(ok ? { kind: "ok", billing: last } : { kind: "failed", failure, billing: last });
  });
  signal.addEventListener("abort", () => {
    told.invoice.nano += invoiced(0, candidate);
    cancel();
  });
  return { kind: "answering", value: candidate.target, changed: [], firstOutputMs: 1, end };
}

/** Nothing is attempted that `eligible` refuses at that moment; its own reservation is counted in `spent` by now. */
function checkEligible(
  bench: Bench,
  linked: Linked,
  request: EngineRequest,
  candidate: Candidate,
  told: Told,
) {
  const view = { ...liveView(bench.engine, request, 0), spent: () => 0 };
  const skip = eligible(candidate, request.facts, view, metCeilings(linked, request.facts, view));
  if (skip && skip.because !== "breaker_open")
    told.violations.push(`${candidate.target}: ${skip.detail}`);
}

async function play({ sketch, requests }: Story) {
  const bench = createBench(sketch);
  const linked = linkedProgram(sketch);
  const told: Told = {
    invoice: { nano: 0 },
    attempts: new Map(),
    answered: new Set(),
    violations: [],
  };
  const going = requests.map(({ fates, abortMs }, index) => {
    const controller = new AbortController();
    if (abortMs !== undefined) bench.clock.timer(abortMs, () => controller.abort());
    const request: EngineRequest = {
      linked,
      facts: someFacts,
      requestId: `r${index}`,
      hasCredential: () => true,
      signal: controller.signal,
    };
    return run(bench.engine, request, make(bench, linked, request, fates, told)).then(
      (answer: RunAnswer<string>) => answer.done,
      (error: unknown) => {
        if (!RouteError.is(error)) told.violations.push(`threw ${String(error)}`);
      },
    );
  });
  await bench.clock.advance(120_000);
  await Promise.all(going);
  return { bench, told };
}

function finishedOnce(events: readonly RunEvent[], requests: number): boolean {
  const ids = events.flatMap((event) => (event.kind === "finished" ? event.requestId : []));
  return ids.length === requests && new Set(ids).size === requests;
}

describe("any number of requests, whatever their attempts come to", () => {
  it("stay within their attempts, pay what they are billed, and leave nothing behind", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (tale) => {
        const { bench, told } = await play(tale);
        expect(told.violations).toEqual([]);
        const most = tale.sketch.chain?.maxAttempts ?? 0;
        for (const made of told.attempts.values()) expect(made).toBeLessThanOrEqual(most);
        expect(bench.spent("day")).toBe(told.invoice.nano);
        expect(finishedOnce(bench.events, tale.requests.length)).toBe(true);
        await bench.ledger.expire(bench.clock.now() + 86_400_000);
        expect(bench.spent("day")).toBe(told.invoice.nano);
        expect(bench.clock.pending()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
