import type { KindSpec } from "../catalog/catalog.ts";
import type { Provider, ProviderCall } from "../run/ports.ts";
import { TransportError } from "../run/transport-error.ts";
import type { Credentials } from "./credentials.ts";
import { outgoingHeaders } from "./headers.ts";
import type { Transport } from "./transport.ts";
import { transportFault } from "./transport-fault.ts";

export interface HttpProviderDeps {
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly kinds: Readonly<Record<string, KindSpec>>;
}

/**
 * Sends attempts over HTTP, for every kind that speaks it: the base URL of the policy, the path of the kind, the query
 * of the caller, and the provider's own key.
 *
 * The key goes to the provider's base URL and nowhere else: no header, query or body of a caller changes the address,
 * and a redirect is an error. An abort rejects with the signal's reason.
 *
 * @throws TransportError (as a rejection) where there is no response
 */
export function createHttpProvider({ transport, credentials, kinds }: HttpProviderDeps): Provider {
  const addresses = createAddresses();
  return {
    send: async (call) => {
      const kind = kinds[call.provider.kind];
      const address = kind && addresses(call, kind);
      if (!kind || !address) throw unaddressed(call);
      const { body, signal, connectMs } = call;
      signal.throwIfAborted();
      const headers = outgoingHeaders(kind, call, credentials.secretFor(call.provider));
      const { url, host } = address;
      try {
        const sent = { url, method: "POST", headers, body, signal, connectMs } as const;
        return await refuseRedirect(await transport.send(sent), host);
      } catch (thrown) {
        if (signal.aborted) throw signal.reason;
        throw thrown instanceof TransportError ? thrown : transportFault(thrown, host);
      }
    },
    close: () => transport.close(),
  };
}

/** Where a call goes. */
interface Address {
  readonly url: string;
  /** For people. */
  readonly host: string;
}

/** Finds where calls go; addresses without a query are few and are remembered. */
function createAddresses(): (call: ProviderCall, kind: KindSpec) => Address | undefined {
  const known = new Map<string, Address | undefined>();
  return ({ provider, api, query }, kind) => {
    const path = kind.paths[api];
    if (provider.baseUrl === undefined || path === undefined) return undefined;
    const plain = `${provider.baseUrl}${path}`;
    if (query !== "") return addressOf(plain, query);
    if (!known.has(plain)) known.set(plain, addressOf(plain, query));
    return known.get(plain);
  };
}

/** An address with its query; `undefined` where it is none, holds a credential, or the query leads anywhere else. */
function addressOf(plain: string, query: string): Address | undefined {
  const base = URL.parse(plain);
  if (!base || !/^https?:$/.test(base.protocol) || base.username + base.password !== "") {
    return undefined;
  }
  const url = new URL(base);
  url.search = query;
  const isSame = url.origin === base.origin && url.pathname === base.pathname;
  return isSame ? { url: url.href, host: url.host } : undefined;
}

function unaddressed({ provider, api }: ProviderCall): TransportError {
  return new TransportError("network", `\`${provider.name}\` has no address for ${api}`, {
    sent: false,
  });
}

/** `fetch` in a browser hides a redirect behind the type; here its status shows. Where it leads to may hold secrets. */
async function refuseRedirect(response: Response, host: string): Promise<Response> {
  const redirects = response.type === "opaqueredirect" || Math.trunc(response.status / 100) === 3;
  if (!redirects) return response;
  await response.body?.cancel().catch(() => undefined);
  const message = `\`${host}\` answered with a redirect, which is not followed`;
  throw new TransportError("redirect", message, { sent: true });
}
