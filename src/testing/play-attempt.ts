import { billingOfRefusal } from "../run/call-failure.ts";
import { retryableClasses } from "../run/classify-rules.ts";
import type { Attempt, AttemptStart } from "../run/engine.types.ts";
import type { Clock, Failure } from "../run/ports.ts";
import type { FailureClass } from "../terms/failure-class.ts";
import type { AttemptWord, TestWorld } from "./policy-test.ts";

type Start = AttemptStart<string>;

/**
 * Plays attempts: each ends as the test's `faults` say for its target, in their order, and in `ok` after them. A timeout
 * takes the time that the policy gives the answer, everything else none. What an attempt bills is not known, so that it
 * costs what was reserved for it.
 */
export function playAttempts(
  faults: TestWorld["faults"],
  clock: Clock,
  isStream: boolean,
): (attempt: Attempt) => Promise<Start> {
  const played = new Map<string, number>();
  return async ({ candidate, signal }) => {
    const { target, settings } = candidate;
    const count = played.get(target) ?? 0;
    played.set(target, count + 1);
    const word: AttemptWord = faults.get(target)?.[count] ?? "ok";
    if (word === "ok") return answered(target);
    if (word === "timeout") {
      const { headersMs, answerMs } = settings.timeouts;
      await passing(clock, isStream ? headersMs : answerMs, signal);
    }
    return failed(word, !signal.aborted);
  };
}

function answered(target: string): Start {
  const end = Promise.resolve({ kind: "ok", billing: { kind: "unknown" } } as const);
  return { kind: "answering", value: target, changed: [], firstOutputMs: 0, end };
}

function failed(word: FailureClass, mayRetry: boolean): Start {
  const failure: Failure = {
    class: word,
    message: `the test says \`${word}\``,
    // A target that refuses a request is asked first; one that is known to be unable is skipped.
    ...(word === "unsupported" && { status: 400 }),
    retryable: mayRetry && retryableClasses.has(word),
  };
  return { kind: "failed", failure, billing: billingOfRefusal(word), changed: [] };
}

/** Lets time pass, until the request ends at the latest. */
function passing(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.timer(ms, resolve);
    const onAbort = () => {
      cancel();
      resolve();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
