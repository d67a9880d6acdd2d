import type { Catalog, KindSpec } from "../catalog/catalog.ts";
import type { LoadedPolicy } from "../policy/loaded-policy.ts";
import type {
  Policy,
  Provider,
  SandboxFaults,
  SandboxProvider,
  SecretSource,
} from "../policy/policy.generated.ts";
import { apis } from "../terms/api.ts";
import type {
  BreakerSpec,
  ProviderSpec,
  SandboxFailure,
  SandboxSpec,
  SecretRef,
} from "../terms/program.ts";
import { defaultBreaker } from "./defaults.ts";
import { quantity } from "./quantities.ts";

/** Compiles every provider entry, by name. */
export function compileProviders(
  loaded: LoadedPolicy,
  catalog: Catalog,
): Record<string, ProviderSpec> {
  const compiled = Object.entries(loaded.policy.providers).map(
    ([name, provider]) => [name, compileProvider(loaded, catalog, name, provider)] as const,
  );
  return Object.fromEntries(compiled);
}

function compileProvider(
  loaded: LoadedPolicy,
  catalog: Catalog,
  name: string,
  provider: Provider,
): ProviderSpec {
  const kind = catalog.kinds[provider.kind];
  if (!kind) throw new TypeError(`unchecked kind ${provider.kind}`);
  const baseUrl = loaded.baseUrls.get(name);
  const apiKey = provider.kind === "sandbox" ? undefined : secretRef(provider.apiKey, kind.keyEnv);
  const spoken = apis.filter((api) => kind.paths[api] !== undefined);
  return {
    name,
    kind: provider.kind,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(apiKey && { apiKey }),
    optional: provider.kind !== "sandbox" && (provider.optional ?? false),
    labels: { ...provider.labels },
    feePpm: provider.fee === undefined ? 0 : quantity.ppm(provider.fee),
    breaker: compileBreaker(loaded.policy, provider.breaker ?? loaded.policy.defaults?.breaker),
    apis:
      provider.kind === "sandbox"
        ? apis.filter((api) => (provider.api ?? apis).includes(api))
        : spoken,
    ...forwarding(provider, kind),
    callerMay: provider.kind === "sandbox" ? [] : [...(provider.callerMay ?? [])],
    ...(provider.kind === "sandbox" && { sandbox: compileSandbox(provider) }),
  };
}

/** Whether it forwards, and who vouches for that; one that forwards nothing needs nobody to. */
function forwarding(
  provider: Provider,
  kind: KindSpec,
): Pick<ProviderSpec, "forwards" | "vouched"> {
  const forwards = ("forwards" in provider ? provider.forwards : undefined) ?? kind.forwards;
  const vouched = "vouched" in provider ? provider.vouched : undefined;
  return { forwards, ...(forwards && vouched !== undefined && { vouched }) };
}

function secretRef(
  written: SecretSource | undefined,
  keyEnv: string | undefined,
): SecretRef | undefined {
  if (written) return { ...written };
  return keyEnv === undefined ? undefined : { env: keyEnv };
}

/** A breaker by name, what it leaves out filled in; no name is the built-in one. */
function compileBreaker(policy: Policy, name: string | undefined): BreakerSpec {
  const written = name === undefined ? undefined : policy.breakers?.[name];
  if (name === undefined || !written) return defaultBreaker;
  const { errorRate, minFailures, window, coolDown } = written;
  return {
    name,
    errorRatePpm: errorRate === undefined ? defaultBreaker.errorRatePpm : quantity.ppm(errorRate),
    minFailures: minFailures ?? defaultBreaker.minFailures,
    windowMs: window === undefined ? defaultBreaker.windowMs : quantity.durationMs(window),
    coolDownMs: coolDown === undefined ? defaultBreaker.coolDownMs : quantity.durationMs(coolDown),
  };
}

function compileSandbox(provider: SandboxProvider): SandboxSpec {
  const { latency, fail, usage } = provider;
  return {
    latencyMs: latency === undefined ? 0 : quantity.durationMs(latency),
    fail: fail === undefined ? [] : compileFaults(fail),
    ...(usage && {
      usage: { inputTokens: quantity.size(usage.input), outputTokens: quantity.size(usage.output) },
    }),
  };
}

function compileFaults(fail: SandboxFaults): readonly SandboxFailure[] {
  const faults = Array.isArray(fail) ? fail : [fail];
  return faults.map(({ with: fault, from = 1, to }) => ({
    with: fault,
    from,
    ...(to !== undefined && { to }),
  }));
}
