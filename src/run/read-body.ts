import type { AttemptWatch } from "./attempt-watch.ts";

export interface ReadLimits {
  readonly bytes: number;
  /** For each read. */
  readonly idleMs?: number;
  /** For all of them, in place of `idleMs`. */
  readonly totalMs?: number;
}

export type BodyRead =
  | { readonly kind: "text"; readonly text: string }
  /** It went on past the limit; `text` is what came before. */
  | { readonly kind: "too_large"; readonly text: string }
  /** Reading failed or was aborted; `text` is what came before. */
  | { readonly kind: "lost"; readonly text: string; readonly cause: unknown };

/**
 * Reads a whole body as UTF-8 text, within a limit and for as long as the watch lets it; each read may take `idleMs`, or
 * all of them `totalMs`.
 *
 * Never rejects. What is not read is cancelled.
 */
export async function readBody(
  response: Response,
  watch: AttemptWatch,
  limits: ReadLimits,
): Promise<BodyRead> {
  if (!response.body) return { kind: "text", text: "" };
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const cancel = () => void reader.cancel(watch.signal.reason).catch(() => undefined);
  watch.signal.addEventListener("abort", cancel, { once: true });
  if (watch.signal.aborted) cancel();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    if (limits.totalMs !== undefined) watch.expect("the end of the answer", limits.totalMs);
    while (true) {
      expectMore(watch, limits);
      const { done, value } = await reader.read();
      if (watch.signal.aborted) return { kind: "lost", text, cause: watch.signal.reason };
      if (done) return { kind: "text", text: text + decoder.decode() };
      bytes += value.byteLength;
      if (bytes > limits.bytes) {
        cancel();
        return { kind: "too_large", text };
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch (thrown) {
    return { kind: "lost", text, cause: watch.signal.aborted ? watch.signal.reason : thrown };
  } finally {
    watch.rest();
    watch.signal.removeEventListener("abort", cancel);
  }
}

function expectMore(watch: AttemptWatch, { idleMs, totalMs }: ReadLimits): void {
  if (totalMs === undefined && idleMs !== undefined) watch.expect("the rest of the answer", idleMs);
}
