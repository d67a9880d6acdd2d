import type { Fetch } from "./clients.ts";

/** One call as the official client handed it over, and the bytes that it got back. */
export interface Overheard {
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
  /** Why the fetch rejected, where it did: a routed one only does when its caller aborts. */
  readonly thrown?: unknown;
  /** Missing where the fetch rejected. */
  readonly answer?: {
    readonly status: number;
    readonly headers: Headers;
    /** All of the body; as far as it went where it broke off. */
    readonly text: Promise<string>;
  };
}

export interface Listening {
  readonly fetch: Fetch;
  readonly calls: readonly Overheard[];
}

/** Wraps a fetch so that a test knows what went in and what came out, byte by byte. */
export function listenTo(inner: Fetch): Listening {
  const calls: Overheard[] = [];
  const fetch: Fetch = async (input, init) => {
    const at = calls.length;
    const asked = {
      url: input instanceof Request ? input.url : String(input),
      headers: new Headers(init?.headers),
      text: String(init?.body),
    };
    calls.push(asked);
    const response = await inner(input, init).catch((thrown: unknown) => {
      calls[at] = { ...asked, thrown };
      throw thrown;
    });
    const { status, headers } = response;
    calls[at] = { ...asked, answer: { status, headers, text: readAsFarAs(response.clone()) } };
    return response;
  };
  return { fetch, calls };
}

async function readAsFarAs(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  if (response.body === null) return text;
  try {
    for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true });
  } catch {
    // Where the answer breaks off is what the test asks about.
  }
  return text + decoder.decode();
}
