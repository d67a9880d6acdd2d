import { badRequest } from "./routed-call.ts";

/** What was handed to a `fetch`, told apart. */
export interface FetchRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly signal: AbortSignal | undefined;
  /** Reads the body as text, once. */
  readonly text: () => Promise<string>;
}

/** The largest body that is taken, in bytes of UTF-8. */
export const mostBodyBytes = 32 * 1024 * 1024;

/** Where a relative address is taken to be: a name that no resolver knows. */
const nowhere = "http://signalbox.invalid";

/** Reads the two arguments of `fetch`; the second goes before the first, as the standard has it. */
export function fetchRequest(input: string | URL | Request, init: RequestInit = {}): FetchRequest {
  const request = input instanceof Request ? input : undefined;
  const address = input instanceof Request ? input.url : input;
  return {
    url: new URL(address, nowhere),
    method: (init.method ?? request?.method ?? "GET").toUpperCase(),
    headers: new Headers(init.headers ?? request?.headers),
    signal: init.signal ?? request?.signal ?? undefined,
    text: () => bodyText(init.body ?? request?.body ?? ""),
  };
}

/** A body as text. SDKs hand over a string, which is all that most calls take. */
async function bodyText(body: NonNullable<RequestInit["body"]>): Promise<string> {
  if (typeof body === "string") {
    // A text of UTF-16 units takes up to three times as many bytes.
    if (body.length * 3 > mostBodyBytes && Buffer.byteLength(body) > mostBodyBytes)
      throw tooLarge();
    return body;
  }
  const bytes = await readAll(new Response(body as ConstructorParameters<typeof Response>[0]).body);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw badRequest("the body is not UTF-8");
  }
}

/** Reads a stream, and no further than the largest body. */
async function readAll(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream ?? []) {
    length += chunk.byteLength;
    if (length > mostBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge() {
  return badRequest(`the body is larger than ${mostBodyBytes} bytes`);
}
