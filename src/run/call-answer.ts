import type { Dialect, StreamReader } from "../dialects/dialect.ts";
import { parseObject } from "../dialects/json-read.ts";
import type { AttemptWatch } from "./attempt-watch.ts";
import type { CallAnswer, CallDeps, IncomingCall } from "./call.types.ts";
import {
  billingOfRefusal,
  brokenFailure,
  endingFailure,
  inBandFailure,
  lostFailure,
  unknown,
} from "./call-failure.ts";
import type { Attempt, AttemptStart } from "./engine.types.ts";
import { type Ending, type EventIntake, takeEvents } from "./event-intake.ts";
import { openStream } from "./open-stream.ts";
import type { AttemptEnd, Billing, Change, Failure } from "./ports.ts";
import { readBody } from "./read-body.ts";
import { callerHeaders } from "./response-headers.ts";
import { statusOf } from "./route-error.ts";
import { relayStream } from "./stream-relay.ts";

/** One attempt at a call, once it is on its way. */
export interface CallAttempt {
  readonly deps: CallDeps;
  readonly incoming: IncomingCall;
  readonly dialect: Dialect;
  readonly attempt: Attempt;
  readonly watch: AttemptWatch;
  readonly changed: readonly Change[];
  readonly withholdUsage: boolean;
  /** When it was sent, on the monotonic clock. */
  readonly fromMs: number;
}

/** The most that is read of one whole answer; a long list of embeddings is some tens of megabytes. */
const maxAnswerBytes = 128 * 1024 * 1024;

/** Reads an answer that is not a stream. The caller gets its text as it came. */
export async function takeWhole(
  call: CallAttempt,
  response: Response,
): Promise<AttemptStart<CallAnswer>> {
  const { watch, dialect, attempt, changed } = call;
  const { idleMs } = attempt.candidate.settings.timeouts;
  const read = await readBody(response, watch, { bytes: maxAnswerBytes, idleMs });
  watch.close();
  if (read.kind === "lost")
    return failed(call, lostFailure(read.cause, attempt.signal).failure, unknown);
  if (read.kind === "too_large") {
    return failed(
      call,
      brokenFailure(`the answer is larger than ${maxAnswerBytes} bytes`),
      unknown,
    );
  }
  const body = parseObject(read.text);
  if (!body) return failed(call, brokenFailure("the answer is no JSON object"), unknown);
  const answer = dialect.readAnswer(response.status, body);
  const usage: Billing = answer.usage ? { kind: "usage", usage: answer.usage } : unknown;
  if (answer.kind === "error") {
    const failure = inBandFailure(answer.error, call.deps.clock.now());
    return failed(call, failure, answer.usage ? usage : billingOfRefusal(failure.class));
  }
  const { status, headers } = response;
  return {
    kind: "answering",
    value: { status, headers: callerHeaders(headers), body: read.text },
    changed,
    firstOutputMs: elapsedMs(call),
    end: Promise.resolve({ kind: "ok", billing: usage }),
  };
}

/** Reads a stream up to its first output; from there on it is the caller's. */
export async function takeStream(
  call: CallAttempt,
  response: Response,
): Promise<AttemptStart<CallAnswer>> {
  const { watch, dialect, incoming, attempt, withholdUsage, changed } = call;
  const { idleMs, firstOutputMs } = attempt.candidate.settings.timeouts;
  const body = response.body ?? emptyBody();
  const events = dialect.streamReader(incoming.answers);
  const intake = takeEvents({ body, events, watch, withholdUsage, idleMs });
  watch.expect("the first output", Math.max(0, firstOutputMs - elapsedMs(call)));
  const opened = await openStream(intake);
  if (opened.kind === "ended") {
    void intake.leave(opened.ending);
    return failedToOpen(call, intake, opened.ending);
  }
  watch.rest();
  const relayed = relayStream(intake, watch, held(opened), (ending) => errorEvent(call, ending));
  const { status, headers } = response;
  return {
    kind: "answering",
    value: { status, headers: callerHeaders(headers), body: relayed.body },
    changed,
    firstOutputMs: elapsedMs(call),
    end: relayed.ended.then((ending) => endOf(call, events, ending)),
  };
}

function held({
  held: pass,
  ending,
}: {
  readonly held: readonly Uint8Array[];
  readonly ending?: Ending;
}) {
  return { pass, ...(ending && { ending }) };
}

function failedToOpen(call: CallAttempt, intake: EventIntake, ending: Ending): AttemptStart<never> {
  const failure = failureOf(call, ending);
  return failed(call, failure, intake.refused() ? billingOfRefusal(failure.class) : unknown);
}

/** The failure that an ending is; a whole answer without any event is none that could be handed on. */
function failureOf({ deps, attempt }: CallAttempt, ending: Ending): Failure {
  if (ending.kind === "whole") return brokenFailure("the stream ended without an answer");
  return endingFailure(ending, attempt.signal, deps.clock.now());
}

function endOf(call: CallAttempt, events: StreamReader, ending: Ending): AttemptEnd {
  const billing = streamBilling(call, events, ending);
  if (ending.kind === "whole") return { kind: "ok", billing };
  return { kind: "failed", failure: failureOf(call, ending), billing };
}

/**
 * What a stream is billed. Usage said on the way counts what was made so far: only what is said at the end of the answer
 * is the last word, and a stream of several answers must be whole for that.
 */
function streamBilling({ incoming }: CallAttempt, events: StreamReader, ending: Ending): Billing {
  const usage = events.finalUsage();
  const isLastWord = events.finish() !== undefined && incoming.answers === 1;
  return usage && (ending.kind === "whole" || isLastWord) ? { kind: "usage", usage } : unknown;
}

/** The event that tells the caller that its answer broke off. */
function errorEvent(call: CallAttempt, ending: Ending): string {
  const { class: code, message } = failureOf(call, ending);
  const { requestId } = call.attempt;
  return call.dialect.renderStreamError({
    status: statusOf[code],
    code,
    message: `the answer broke off: ${message}`,
    requestId,
  });
}

function elapsedMs({ deps, fromMs }: CallAttempt): number {
  return deps.clock.monotonic() - fromMs;
}

function emptyBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}

function failed({ changed }: CallAttempt, failure: Failure, billing: Billing): AttemptStart<never> {
  return { kind: "failed", failure, billing, changed };
}
