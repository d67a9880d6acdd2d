import type { Classified } from "./classify.ts";
import { TransportError } from "./transport-error.ts";

/** Why there is no answer, and whether the provider may have got the request. */
export interface TransportFailure extends Classified {
  /** False where nothing can have reached the provider, so that nothing is billed. */
  readonly sent: boolean;
}

/**
 * Says what a call is that ended without an answer, or broke off within one: the {@link TransportError} of a provider, or
 * what `fetch` or the reading of a body threw. What is not known to have failed before sending counts as sent. Never
 * throws.
 */
export function classifyTransport(thrown: unknown): TransportFailure {
  const codes = codesOf(thrown);
  if (thrown instanceof TransportError) return ofTransportError(thrown, codes);
  if (codes.some((code) => aborts.has(code))) return failure("cancelled", false, true);
  const code = codes.find((one) => Object.hasOwn(rows, one) || certificate.test(one));
  if (code === undefined) return failure("network", true, true);
  const row = rows[code] ?? unsentForGood;
  return { ...row, code };
}

function ofTransportError(
  { fault, sent }: TransportError,
  codes: readonly string[],
): TransportFailure {
  const lasting = codes.some((code) => certificate.test(code) || code === "UND_ERR_BODY_TIMEOUT");
  switch (fault) {
    case "redirect":
      return failure("server_error", false, sent);
    case "timeout":
    case "network":
      return failure(fault, !lasting, sent);
  }
}

function failure(
  kind: TransportFailure["class"],
  retryable: boolean,
  sent: boolean,
): TransportFailure {
  return { class: kind, retryable, sent };
}

const unsent = failure("network", true, false);
const unsentForGood = failure("network", false, false);
const broken = failure("network", true, true);

const rows: Readonly<Record<string, TransportFailure>> = {
  ECONNREFUSED: unsent,
  ENOTFOUND: unsent,
  EAI_AGAIN: unsent,
  EHOSTUNREACH: unsent,
  ENETUNREACH: unsent,
  EHOSTDOWN: unsent,
  ENETDOWN: unsent,
  EADDRNOTAVAIL: unsent,
  UND_ERR_INVALID_ARG: unsentForGood,
  UND_ERR_CONNECT_TIMEOUT: failure("timeout", true, false),
  ECONNRESET: broken,
  EPIPE: broken,
  UND_ERR_SOCKET: broken,
  ETIMEDOUT: failure("timeout", true, true),
  UND_ERR_HEADERS_TIMEOUT: failure("timeout", true, true),
  UND_ERR_BODY_TIMEOUT: failure("timeout", false, true),
};

/** A certificate that does not hold ends the connection before anything is sent, and holds no better next time. */
const certificate = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

const aborts: ReadonlySet<string> = new Set([
  "AbortError",
  "ABORT_ERR",
  "ABORT_BY_CLIENT",
  "UND_ERR_ABORTED",
]);

/** How far down a chain of causes is looked, and at how many tries of one connection. */
const deepest = 5;
const most = 16;

/** The codes of an error, of its causes and of the tries of one connection; outermost first. */
function codesOf(thrown: unknown): readonly string[] {
  const codes: string[] = [];
  let layer: readonly unknown[] = [thrown];
  for (let depth = 0; depth < deepest; depth++) {
    const errors = layer.filter((one) => typeof one === "object" && one !== null).slice(0, most);
    for (const error of errors) codes.push(...ownCodes(error));
    layer = errors.flatMap((error) => [
      "cause" in error ? error.cause : undefined,
      ...(error instanceof AggregateError ? error.errors : []),
    ]);
  }
  return codes;
}

function ownCodes(error: object): readonly string[] {
  const named = "name" in error && error.name === "AbortError" ? ["AbortError"] : [];
  return "code" in error && typeof error.code === "string" ? [...named, error.code] : named;
}
