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
  // A connection that stood may break for the same reasons that keep one from being made.
  if (row === unreachable && !isBeforehand(thrown, code)) return { ...broken, code };
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

/** Whether an error says that it came of looking up a host or of connecting to it. */
function isBeforehand(thrown: unknown, code: string): boolean {
  return layersOf(thrown).some(
    (error) =>
      "code" in error &&
      error.code === code &&
      "syscall" in error &&
      (error.syscall === "connect" || error.syscall === "getaddrinfo"),
  );
}

const unsent = failure("network", true, false);
const unreachable = failure("network", true, false);
const unsentForGood = failure("network", false, false);
const broken = failure("network", true, true);

const rows: Readonly<Record<string, TransportFailure>> = {
  ECONNREFUSED: unsent,
  ENOTFOUND: unsent,
  EAI_AGAIN: unsent,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  ENETDOWN: unreachable,
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

/**
 * A certificate that does not hold, or a handshake that fails, ends the connection before anything is sent, and does no
 * better next time. Other TLS errors (`ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC`) also break connections that stood.
 */
const certificate =
  /^(?:CERT_|ERR_TLS_CERT_|ERR_TLS_HANDSHAKE_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_(?:WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|(?:TLSV1_|SSLV3_|SSL\/TLS_)?ALERT_(?:PROTOCOL_VERSION|HANDSHAKE_FAILURE)|TLSV1_(?:ALERT_)?UNRECOGNIZED_NAME)$)/;

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
  return layersOf(thrown).flatMap(ownCodes);
}

/** An error, its causes and the tries of one connection; outermost first. */
function layersOf(thrown: unknown): readonly object[] {
  const all: object[] = [];
  let layer: readonly unknown[] = [thrown];
  for (let depth = 0; depth < deepest; depth++) {
    const errors = layer.filter((one) => typeof one === "object" && one !== null).slice(0, most);
    all.push(...errors);
    layer = errors.flatMap((error) => [
      "cause" in error ? error.cause : undefined,
      ...(error instanceof AggregateError ? error.errors : []),
    ]);
  }
  return all;
}

function ownCodes(error: object): readonly string[] {
  const named = "name" in error && error.name === "AbortError" ? ["AbortError"] : [];
  return "code" in error && typeof error.code === "string" ? [...named, error.code] : named;
}
