import type { Dialect } from "../dialects/dialect.ts";
import { dialects } from "../dialects/dialects.ts";
import { scanMembers } from "../dialects/members.ts";
import { type Outgoing, prepareBody } from "../dialects/outgoing.ts";
import type { Candidate } from "../resolve/candidate.ts";
import { watchAttempt } from "./attempt-watch.ts";
import type { CallAnswer, CallDeps, IncomingCall } from "./call.types.ts";
import { type CallAttempt, takeStream, takeWhole } from "./call-answer.ts";
import { type BilledFailure, lostFailure, nothing, refusalFailure } from "./call-failure.ts";
import type { Attempt, AttemptStart } from "./engine.types.ts";
import { lookAhead } from "./look-ahead.ts";
import type { Change, Provider, ProviderCall } from "./ports.ts";
import { readBody } from "./read-body.ts";

/** The most that is read of an answer that says why there is none, and for how long in all: another target may wait. */
const refusalLimits = { bytes: 1024 * 1024, totalMs: 3_000 } as const;

/**
 * Makes the attempts of one call: each sends the caller's body, prepared for its target, and reads the answer in the
 * caller's own format. To be handed to `run`.
 *
 * An attempt never throws, never retries and never sends twice. It answers when the first output is there (a stream)
 * or the whole answer is (anything else); whatever goes wrong before that is a failure that nobody has seen. Its waits
 * for headers, first output and each further event are bounded by the settings of its target, and the whole of it by the
 * attempt's signal, whose abort reaches the provider at once.
 */
export function createCall(
  deps: CallDeps,
  incoming: IncomingCall,
): (attempt: Attempt) => Promise<AttemptStart<CallAnswer>> {
  const dialect = dialects[incoming.api];
  const members = incoming.members ?? scanMembers(incoming.text);
  const call: IncomingCall = members.kind === "members" ? { ...incoming, members } : incoming;
  return (attempt) => makeCall(deps, call, dialect, attempt);
}

async function makeCall(
  deps: CallDeps,
  incoming: IncomingCall,
  dialect: Dialect,
  attempt: Attempt,
): Promise<AttemptStart<CallAnswer>> {
  const { candidate, chain } = attempt;
  const { spec, provider, kind } = candidate.linked;
  const { timeouts, params } = candidate.settings;
  const { api, text, body, members, stream } = incoming;
  const prepared = prepareBody({
    api,
    text,
    body,
    ...(members && { members }),
    model: spec.model,
    kind,
    maxOutputTokens: candidate.maxOutputTokens,
    params,
    unsupported: chain.unsupported,
    stream,
    priceBound: attempt.isReserved ? priceBound(candidate) : undefined,
  });
  if (prepared.kind === "unsupported") return unsupported(prepared.member);
  const watch = watchAttempt(deps.clock, attempt.signal);
  const started: CallAttempt = {
    deps,
    incoming,
    dialect,
    attempt,
    watch,
    changed: prepared.changed,
    withholdUsage: prepared.withholdUsage,
    answers: Math.max(incoming.answers, prepared.answers),
    fromMs: deps.clock.monotonic(),
  };
  // The headers of an answer that is not streamed come when the answer is done.
  const patienceMs = stream ? timeouts.headersMs : timeouts.answerMs;
  watch.expect("the provider's response", patienceMs);
  const response = await responseTo(deps.provider, {
    provider,
    target: spec,
    api,
    query: incoming.query,
    body: prepared.body,
    stream,
    headers: incoming.headers,
    connectMs: timeouts.connectMs,
    signal: watch.signal,
  });
  if (response.kind === "response") return answerOf(started, response.response);
  watch.close();
  return failed(lostFailure(response.thrown, attempt.signal), prepared.changed);
}

const picoPerDollarOfAMillion = 1_000_000;

/** The rates that were reserved, as dollars for a million tokens. */
function priceBound({ rates }: Candidate): Outgoing["priceBound"] {
  return (
    rates && {
      prompt: rates.input / picoPerDollarOfAMillion,
      completion: rates.output / picoPerDollarOfAMillion,
    }
  );
}

async function answerOf(call: CallAttempt, response: Response): Promise<AttemptStart<CallAnswer>> {
  if (!response.ok) return refused(call, response);
  const type = response.headers.get("content-type") ?? "";
  if (!call.incoming.stream || /html/i.test(type)) return takeWhole(call, response);
  // A provider that does not say what it sends is taken at what it was asked for.
  if (!/json/i.test(type)) return takeStream(call, response);
  // Some call a stream of events JSON, and some answer a wish for one with a whole answer or an error.
  call.watch.expect("the first output", call.attempt.candidate.settings.timeouts.firstOutputMs);
  const { first, response: again } = await lookAhead(response, call.watch);
  return first === "{" ? takeWhole(call, again) : takeStream(call, again);
}

async function refused(
  { deps, attempt, watch, changed }: CallAttempt,
  response: Response,
): Promise<AttemptStart<CallAnswer>> {
  const { text } = await readBody(response, watch, refusalLimits);
  watch.close();
  const { kind } = attempt.candidate.linked.provider;
  const nowMs = deps.clock.now();
  return failed(refusalFailure({ kind, response, body: text, nowMs }), changed);
}

type Sent =
  | { readonly kind: "response"; readonly response: Response }
  | { readonly kind: "none"; readonly thrown: unknown };

/** The response, or the abort where that comes first; a response that comes after it is let go. */
function responseTo(provider: Provider, call: ProviderCall): Promise<Sent> {
  const { signal } = call;
  return new Promise((resolve) => {
    const onAbort = () => resolve({ kind: "none", thrown: signal.reason });
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    (async () => provider.send(call))().then(
      (response) => {
        signal.removeEventListener("abort", onAbort);
        if (signal.aborted) void response.body?.cancel().catch(() => undefined);
        else resolve({ kind: "response", response });
      },
      (thrown: unknown) => resolve({ kind: "none", thrown }),
    );
  });
}

function unsupported(member: string): AttemptStart<never> {
  const message = `the target refuses \`${member}\`, without which the request would mean something else`;
  const failure = { class: "unsupported", message, retryable: false } as const;
  return { kind: "failed", failure, billing: nothing, changed: [], sent: false };
}

function failed(
  { failure, billing }: BilledFailure,
  changed: readonly Change[],
): AttemptStart<never> {
  return { kind: "failed", failure, billing, changed };
}
