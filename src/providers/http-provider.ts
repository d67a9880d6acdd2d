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
  return {
    send: async (call) => {
      const kind = kinds[call.provider.kind];
      const url = kind && addressOf(call, kind);
      if (!kind || !url) throw unaddressed(call);
      call.signal.throwIfAborted();
      const headers = outgoingHeaders(kind, call, credentials.secretFor(call.provider));
      const { body, signal, connectMs } = call;
      const request = { url: url.href, method: "POST", headers, body, signal, connectMs } as const;
      const response = await transport.send(request).catch((thrown: unknown) => {
        throw signal.aborted ? signal.reason : transportFault(thrown, url.host);
      });
      return refuseRedirect(response, url);
    },
    close: () => transport.close(),
  };
}

/** Where a call goes; `undefined` where the query would lead anywhere else. */
function addressOf({ provider, api, query }: ProviderCall, kind: KindSpec): URL | undefined {
  const path = kind.paths[api];
  if (provider.baseUrl === undefined || path === undefined) return undefined;
  const plain = URL.parse(`${provider.baseUrl}${path}`);
  if (!plain || !/^https?:$/.test(plain.protocol) || plain.username !== "") return undefined;
  const url = new URL(plain);
  url.search = query;
  return url.origin === plain.origin && url.pathname === plain.pathname ? url : undefined;
}

function unaddressed({ provider, api }: ProviderCall): TransportError {
  return new TransportError("network", `\`${provider.name}\` has no address for ${api}`, {
    sent: false,
  });
}

/** `fetch` in a browser hides a redirect behind the type; here its status shows. Where it leads is not said: it may hold secrets. */
async function refuseRedirect(response: Response, { host }: URL): Promise<Response> {
  const redirects = response.type === "opaqueredirect" || Math.trunc(response.status / 100) === 3;
  if (!redirects) return response;
  await response.body?.cancel().catch(() => undefined);
  throw new TransportError(
    "redirect",
    `\`${host}\` answered with a redirect, which is not followed`,
    {
      sent: true,
    },
  );
}
