import type { Provider } from "../run/ports.ts";
import { createHttpProvider, type HttpProviderDeps } from "./http-provider.ts";

export interface ProviderDeps extends HttpProviderDeps {
  /** Answers the calls of kind `sandbox`; outlives a policy, as it counts calls. */
  readonly sandbox: Provider;
}

/** Makes the one way to all providers of a policy: `sandbox` answers in-process, every other kind over HTTP. */
export function createProvider(deps: ProviderDeps): Provider {
  const http = createHttpProvider(deps);
  return { send: (call) => (call.provider.kind === "sandbox" ? deps.sandbox : http).send(call) };
}
