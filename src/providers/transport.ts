/** One HTTP request on its way out. */
export interface TransportRequest {
  readonly url: string;
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Its abort closes the connection, whatever state that is in. */
  readonly signal: AbortSignal;
  /** How long a connection may take to open. */
  readonly connectMs: number;
}

/**
 * Sends one request and resolves at the headers of its response, redirects included; rejects with whatever the network
 * says where there are none.
 */
export interface Transport {
  readonly send: (request: TransportRequest) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** A `fetch` that somebody else made: a stub in a test, an instrumented or proxied one. It times its own connections. */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return {
    send: ({ url, method, headers, body, signal }) =>
      fetch(url, { method, headers, body, signal, redirect: "manual" }),
    close: async () => {},
  };
}
