import type { ProviderCall } from "../../../src/run/ports.ts";
import type { Api } from "../../../src/terms/api.ts";
import type { JsonObject } from "../../../src/terms/json.ts";
import type { ProviderSpec, SandboxSpec } from "../../../src/terms/program.ts";

/** A provider entry with the usual rest. */
export function providerSpec(
  name: string,
  kind: string,
  more: Partial<ProviderSpec> = {},
): ProviderSpec {
  return {
    name,
    kind,
    optional: false,
    labels: {},
    feePpm: 0,
    breaker: {
      name: "standard",
      errorRatePpm: 500_000,
      minFailures: 5,
      windowMs: 60_000,
      coolDownMs: 30_000,
    },
    apis: ["chat", "messages", "embeddings"],
    forwards: false,
    callerMay: [],
    ...more,
  };
}

/** A call with the usual rest. */
export function providerCall(
  api: Api,
  provider: ProviderSpec,
  body: JsonObject,
  more: Partial<ProviderCall> = {},
): ProviderCall {
  return {
    provider,
    target: { id: `${provider.name}:small`, provider: provider.name, model: "small", can: {} },
    api,
    query: "",
    body: JSON.stringify({ model: "small", ...body }),
    stream: body.stream === true,
    headers: {},
    connectMs: 1000,
    signal: new AbortController().signal,
    ...more,
  };
}

/** A sandbox entry that answers at once unless the given spec says otherwise. */
export function sandboxSpec(spec: Partial<SandboxSpec> = {}): ProviderSpec {
  return providerSpec("box", "sandbox", { sandbox: { latencyMs: 0, fail: [], ...spec } });
}
