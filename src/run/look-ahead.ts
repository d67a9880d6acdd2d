import type { AttemptWatch } from "./attempt-watch.ts";
import { maxHeldBytes } from "./open-stream.ts";

/** What a body begins with, and the same body from its first byte on. */
export interface LookedAhead {
  /** Its first byte that is no blank; missing where there is none, or where reading failed. */
  readonly first?: string;
  readonly response: Response;
}

/**
 * Looks at the beginning of a body without taking anything from it. What goes wrong on the way, an abort included, is
 * left to whoever reads the body: it meets the same. So is a body that begins with nothing but blanks, and many of them.
 */
export async function lookAhead(response: Response, watch: AttemptWatch): Promise<LookedAhead> {
  if (!response.body) return { response };
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const cancel = () => void reader.cancel(watch.signal.reason).catch(() => undefined);
  watch.signal.addEventListener("abort", cancel, { once: true });
  if (watch.signal.aborted) cancel();
  const read: Uint8Array[] = [];
  let failure: { readonly cause: unknown } | undefined;
  let first: string | undefined;
  let bytes = 0;
  try {
    while (first === undefined && bytes <= maxHeldBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      read.push(value);
      bytes += value.byteLength;
      first = /[^\s\uFEFF]/.exec(new TextDecoder().decode(value))?.[0];
    }
  } catch (cause) {
    failure = { cause };
  } finally {
    watch.signal.removeEventListener("abort", cancel);
  }
  const { status, statusText, headers } = response;
  const again = new Response(fromTheStart(read, reader, failure), { status, statusText, headers });
  return { response: again, ...(first !== undefined && { first }) };
}

function fromTheStart(
  read: readonly Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
  failure: { readonly cause: unknown } | undefined,
): ReadableStream<Uint8Array> {
  const ahead = [...read];
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = ahead.shift();
        if (next) return controller.enqueue(next);
        if (failure) return controller.error(failure.cause);
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
