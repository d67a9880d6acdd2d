/**
 * Why an attempt got no response at all: a {@link TransportError} carries it.
 *
 * `redirect` is a response that points elsewhere, which is never followed: a key does not travel to a place that the
 * policy does not name.
 */
export type TransportFault = "network" | "timeout" | "redirect";

/** What `Provider.send` rejects with. `message` is in our own words and holds no secret; `cause` is what was thrown. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly fault: TransportFault;
  /** Whether the provider may have got the request, and may bill it. False where no connection was made. */
  readonly sent: boolean;

  constructor(
    fault: TransportFault,
    message: string,
    about: { readonly sent: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: about.cause });
    this.fault = fault;
    this.sent = about.sent;
  }
}
