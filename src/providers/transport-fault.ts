import { classifyTransport } from "../run/classify-transport.ts";
import { TransportError } from "../run/transport-error.ts";

/**
 * Reads what a `fetch` threw: whether time ran out, and whether the request can have reached the provider. What is not
 * known to have failed before sending counts as sent.
 *
 * @param host named in the message, so that people know whom to look at
 */
export function transportFault(thrown: unknown, host: string): TransportError {
  const { class: failure, sent, code } = classifyTransport(thrown);
  const isTimeout = failure === "timeout";
  const what = isTimeout ? "did not answer in time" : sent ? "broke off" : "cannot be reached";
  const shown = code === undefined ? "" : ` (${code})`;
  const about = { sent, cause: thrown };
  return new TransportError(
    isTimeout ? "timeout" : "network",
    `\`${host}\` ${what}${shown}`,
    about,
  );
}
