/**
 * A stream of events, one chunk each, as fast as it is read. An abort of the call breaks it, as it breaks a real one.
 */
export function eventBody(
  events: readonly string[],
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  let leave = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const abort = () => controller.error(signal.reason);
        signal.addEventListener("abort", abort, { once: true });
        leave = () => signal.removeEventListener("abort", abort);
        if (signal.aborted) abort();
      },
      pull: (controller) => {
        const event = events[next++];
        if (event !== undefined) return controller.enqueue(encoder.encode(event));
        leave();
        controller.close();
      },
      cancel: () => leave(),
    },
    { highWaterMark: 0 },
  );
}

/** The first half of a text; then the connection breaks. */
export function brokenBody(text: string): ReadableStream<Uint8Array> {
  const half = new TextEncoder().encode(text.slice(0, Math.floor(text.length / 2)));
  let sent = false;
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (sent) controller.error(new TypeError("sandbox: the connection broke off"));
        else controller.enqueue(half);
        sent = true;
      },
    },
    { highWaterMark: 0 },
  );
}
