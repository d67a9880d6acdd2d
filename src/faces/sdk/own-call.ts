import { readChatUsage } from "../../dialects/chat-usage.ts";
import { readMessagesUsage } from "../../dialects/messages-usage.ts";
import type { Credentials } from "../../providers/credentials.ts";
import { watchAttempt } from "../../run/attempt-watch.ts";
import { run } from "../../run/engine.ts";
import type { Attempt, AttemptStart } from "../../run/engine.types.ts";
import type { Billing, Clock } from "../../run/ports.ts";
import type { Facts, ResolveRequest } from "../../terms/facts.ts";
import { isJsonObject, type JsonObject } from "../../terms/json.ts";
import type { Usage } from "../../terms/usage.ts";
import { endedByClosing } from "./caller-error.ts";
import type { Call } from "./calls.ts";
import type { RouterCore } from "./core.ts";
import type { Generation } from "./generation.ts";
import { knownCost } from "./known-cost.ts";
import type { OwnAnswer, OwnAttempt, OwnCall } from "./own-call.types.ts";
import { ownFailure } from "./own-failure.ts";
import { factsOf } from "./routed-call.ts";
import type { RunResult } from "./router.types.ts";

/**
 * Routes a call that the caller's own code makes.
 *
 * Each attempt has the policy's time for a whole answer (`timeouts.answer`); the request as a whole has its own.
 *
 * @throws RouteError
 */
export async function runOwnCall<T>(
  core: RouterCore,
  generation: Generation,
  underWay: Call,
  request: ResolveRequest,
  call: OwnCall<T>,
): Promise<RunResult<T>> {
  const { linked, credentials } = generation;
  const { clock, requestId } = core.effects;
  try {
    const facts = factsOf(linked.program, bounded(request), { nowMs: clock.now() });
    const engineRequest = {
      linked,
      facts,
      requestId: requestId(),
      hasCredential: credentials.has,
      signal: underWay.signal,
    };
    const answer = await run(core.engine, engineRequest, (attempt) =>
      makeOwnAttempt(attempt, facts, credentials, clock, call),
    );
    const { attempts } = await answer.done;
    const { value, decision, candidate } = answer;
    return { value, decision, target: candidate.target, attempts, cost: knownCost(attempts) };
  } catch (thrown) {
    throw endedByClosing(thrown, underWay.signal);
  } finally {
    underWay.end();
  }
}

/**
 * A request whose input nobody has counted can be of any size: its worst case takes the whole window of each target, and
 * a target without a known window has none under a hard ceiling.
 */
function bounded(request: ResolveRequest): ResolveRequest {
  const isCounted = request.inputTokens !== undefined || request.inputTokensAtMost !== undefined;
  return isCounted ? request : { ...request, inputTokensAtMost: Number.MAX_SAFE_INTEGER };
}

async function makeOwnAttempt<T>(
  attempt: Attempt,
  facts: Facts,
  credentials: Credentials,
  clock: Clock,
  call: OwnCall<T>,
): Promise<AttemptStart<T>> {
  const startedMs = clock.monotonic();
  const watch = watchAttempt(clock, attempt.signal);
  watch.expect("the answer", attempt.candidate.settings.timeouts.answerMs);
  const { signal } = watch;
  try {
    const { value, usage } = await ended(
      call(ownAttempt(attempt, facts, credentials, signal)),
      signal,
    );
    const firstOutputMs = clock.monotonic() - startedMs;
    const end = Promise.resolve({ kind: "ok", billing: billingOf(usage) } as const);
    return { kind: "answering", value, changed: [], firstOutputMs, end };
  } catch (thrown) {
    const context = { attempt, signal, nowMs: clock.now() };
    return { kind: "failed", ...ownFailure(thrown, context), changed: [] };
  } finally {
    watch.close();
  }
}

/** What a call comes to, or the end of its time: a client that does not heed the signal is not waited for. */
function ended<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject);
  });
}

function ownAttempt(
  { number, candidate }: Attempt,
  facts: Facts,
  credentials: Credentials,
  signal: AbortSignal,
): OwnAttempt {
  const { target, linked, settings, maxOutputTokens } = candidate;
  const { spec, provider } = linked;
  const limits = [maxOutputTokens, facts.outputTokens].filter((limit) => limit !== undefined);
  const attempt = {
    number,
    target,
    provider: provider.name,
    kind: provider.kind,
    model: spec.model,
    baseUrl: provider.baseUrl,
    maxOutputTokens: limits.length === 0 ? undefined : Math.min(...limits),
    params: settings.params,
    signal,
  };
  // Not enumerable: who prints or copies the attempt does not spread the key.
  const apiKey = { value: credentials.secretFor(provider)?.reveal(), enumerable: false };
  return Object.defineProperty(attempt, "apiKey", apiKey) as OwnAttempt;
}

/** Reads usage in the words of either format, or in ours. Usage that says nothing is none. */
function billingOf(usage: OwnAnswer<unknown>["usage"]): Billing {
  const read = isJsonObject(usage) ? readUsage(usage) : undefined;
  return read ? { kind: "usage", usage: read } : { kind: "unknown" };
}

function readUsage(usage: JsonObject): Usage | undefined {
  const { inputTokens, outputTokens } = usage;
  if (isCount(inputTokens) && isCount(outputTokens)) {
    return { ...(usage as Omit<Usage, "raw">), inputTokens, outputTokens, raw: usage };
  }
  return readChatUsage(usage) ?? readMessagesUsage(usage);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
