import type { Failure } from "../../run/ports.ts";
import { RouteError } from "../../run/route-error.ts";

/** A call that a closing router gave up was not cancelled by its caller, and its error says so. */
export function endedByClosing(thrown: unknown, { reason }: AbortSignal): unknown {
  if (!RouteError.is(thrown) || !RouteError.is(reason) || reason.code !== "closed") return thrown;
  const { attempts, decision } = thrown;
  return new RouteError("closed", reason.message, {
    attempts,
    cause: thrown,
    ...(decision && { decision }),
  });
}

/** An error as its caller may see it: a provider that repeats a key in what it answers does not give it away. */
export function scrubbed(thrown: unknown, scrub: (text: string) => string): unknown {
  if (!RouteError.is(thrown)) return thrown;
  const answer = providerAnswer(thrown);
  const body = answer && scrub(answer.body);
  const message = scrub(thrown.message);
  if (body === answer?.body && message === thrown.message) return thrown;
  const { code, attempts, decision, retryAfterMs } = thrown;
  const cause = answer && { ...(thrown.cause as Failure), answer: { ...answer, body: body ?? "" } };
  return new RouteError(code, message, {
    attempts,
    cause: cause ?? thrown.cause,
    ...(decision && { decision }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** The provider's own answer, where the error carries one that the caller should read. */
export function providerAnswer({ cause }: RouteError): Failure["answer"] {
  if (typeof cause !== "object" || cause === null || !("answer" in cause)) return undefined;
  return (cause as Failure).answer;
}
