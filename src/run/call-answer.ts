import type { AnswerRead, Dialect, StreamReader } from "../dialects/dialect.ts";
import { asList, parseObject } from "../dialects/json-read.ts";
import type { JsonObject } from "../terms/json.ts";
import type { Usage } from "../terms/usage.ts";
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
  /** How many answers the body that was sent asks for. */
  readonly answers: number;
  /** When it was sent, on the monotonic clock. */
  readonly fromMs: number;
}

/** The most that is read of one whole answer; a long list of embeddings is some tens of megabytes. */
const maxAnswerBytes = 128 * 1024 * 1024;

/**
 * Reads an answer that is not a stream. The caller gets its text as it came, or, where it asked for a stream, as one: an
 * SDK finds no event in anything else, and takes that for an empty answer.
 */
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
  if (answer.kind === "error") {
    const failure = inBandFailure(answer.error, call.deps.clock.now());
    return failed(call, failure, billingOfError(body, answer));
  }
  return {
    kind: "answering",
    value: wholeValue(call, response, read.text, body),
    changed,
    firstOutputMs: elapsedMs(call),
    end: Promise.resolve({ kind: "ok", billing: billingOf(answer.usage) }),
  };
}

function wholeValue(
  { incoming, dialect, withholdUsage }: CallAttempt,
  { status, headers }: Response,
  text: string,
  answer: JsonObject,
): CallAnswer {
  const kept = callerHeaders(headers);
  if (!incoming.stream || !dialect.asEvents) return { status, headers: kept, body: text };
  const body = dialect.asEvents(answer, !withholdUsage);
  return { status, headers: { ...kept, "content-type": "text/event-stream" }, body };
}

function billingOf(usage: Usage | undefined): Billing {
  return usage ? { kind: "usage", usage } : unknown;
}

/** An error that comes with an answer, or a part of one, was no refusal at the door. */
function billingOfError(
  body: JsonObject,
  { error, usage }: Extract<AnswerRead, { kind: "error" }>,
): Billing {
  const hasAnswer = asList(body.choices).length + asList(body.content).length > 0;
  return usage || hasAnswer ? billingOf(usage) : billingOfRefusal(error);
}

/** Reads a stream up to its first output; from there on it is the caller's. */
export async function takeStream(
  call: CallAttempt,
  response: Response,
): Promise<AttemptStart<CallAnswer>> {
  const { watch, dialect, answers, attempt, withholdUsage, changed } = call;
  const { idleMs, firstOutputMs } = attempt.candidate.settings.timeouts;
  const body = response.body ?? emptyBody();
  const events = dialect.streamReader(answers);
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
  const isRefusal = intake.refused() && ending.kind === "error";
  return failed(call, failure, isRefusal ? billingOfRefusal(ending.error) : unknown);
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
function streamBilling({ answers }: CallAttempt, events: StreamReader, ending: Ending): Billing {
  const usage = events.finalUsage();
  const isLastWord = events.finish() !== undefined && answers === 1;
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
