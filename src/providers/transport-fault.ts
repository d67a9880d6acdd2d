import { TransportError } from "../run/transport-error.ts";

/** What connecting fails with: nothing was sent. Codes of the system (libuv) and of undici. */
const unsentCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_INVALID_ARG",
]);

/** A certificate that does not hold ends the connection before the request is sent. */
const certificateCode = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Waiting that somebody's limit ended; a connection that did not open in time was not sent anything. */
const timeoutCodes: ReadonlySet<string> = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/**
 * Reads what a `fetch` threw: whether time ran out, and whether the request can have reached the provider. What is not
 * known to have failed before sending counts as sent.
 *
 * @param host named in the message, so that people know whom to look at
 */
export function transportFault(thrown: unknown, host: string): TransportError {
  const codes = codesOf(thrown);
  const code = codes[0];
  const sent = !codes.some((each) => unsentCodes.has(each) || certificateCode.test(each));
  const shown = code === undefined ? "" : ` (${code})`;
  if (codes.some((each) => timeoutCodes.has(each))) {
    return new TransportError("timeout", `\`${host}\` did not answer in time${shown}`, {
      sent,
      cause: thrown,
    });
  }
  const what = sent ? "broke the connection off" : "cannot be reached";
  return new TransportError("network", `\`${host}\` ${what}${shown}`, { sent, cause: thrown });
}

/** How far down a chain of causes is looked. */
const mostCauses = 5;

/** The codes of an error, of its causes and, where several addresses were tried, of the tries; outermost first. */
function codesOf(thrown: unknown): readonly string[] {
  const codes: string[] = [];
  let layer: readonly unknown[] = [thrown];
  for (let depth = 0; depth < mostCauses && layer.length > 0; depth += 1) {
    const errors = layer.filter((each) => each instanceof Error);
    for (const error of errors) {
      if ("code" in error && typeof error.code === "string") codes.push(error.code);
    }
    layer = errors.flatMap((error) => [
      error.cause,
      ...(error instanceof AggregateError ? error.errors : []),
    ]);
  }
  return codes;
}
