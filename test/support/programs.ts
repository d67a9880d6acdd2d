import type { Catalog, KindSpec } from "../../src/catalog/catalog.ts";
import { type Linked, link } from "../../src/resolve/link.ts";
import type { Price } from "../../src/terms/price.ts";
import type {
  AttemptSettings,
  BreakerSpec,
  CeilingSpec,
  ChainSpec,
  EntrySpec,
  Program,
  ProviderSpec,
  RetrySpec,
  TargetSpec,
} from "../../src/terms/program.ts";
import { splitTarget, type TargetId } from "../../src/terms/target.ts";
import { movesOnByDefault } from "./policies.ts";

/** A small Program in few words; what is left out is what most tests do not care about. */
export interface ProgramSketch {
  /** The targets of the chain that every request uses, in order. */
  readonly targets?: readonly TargetSketch[];
  /** Targets of further chains, by name: for `exceeded: { use }`. */
  readonly others?: Readonly<Record<string, readonly TargetSketch[]>>;
  readonly chain?: Partial<Omit<ChainSpec, "steps" | "name">>;
  readonly retry?: Partial<RetrySpec>;
  readonly breaker?: Partial<BreakerSpec>;
  readonly timeouts?: Partial<AttemptSettings["timeouts"]>;
  readonly ceilings?: readonly (Partial<CeilingSpec> & Pick<CeilingSpec, "name" | "limit">)[];
  /** Denies every request with this reason. */
  readonly deny?: string;
}

export interface TargetSketch {
  readonly id: TargetId;
  readonly window?: number;
  readonly maxOutput?: number;
  readonly can?: TargetSpec["can"];
  /** Dollars for a million tokens of either kind; absent is $1, `null` is unknown. */
  readonly price?: number | null;
  readonly apis?: ProviderSpec["apis"];
  readonly params?: Partial<AttemptSettings["params"]>;
}

export const defaultTargets: readonly TargetSketch[] = [
  { id: "a:m" },
  { id: "b:m" },
  { id: "c:m" },
];

export const standardBreaker: BreakerSpec = {
  name: "standard",
  errorRatePpm: 500_000,
  minFailures: 5,
  windowMs: 60_000,
  coolDownMs: 30_000,
};

/** Builds the Program of a sketch and links it. */
export function linkedProgram(sketch: ProgramSketch = {}, kind: Partial<KindSpec> = {}): Linked {
  return link(programOf(sketch), stubCatalog(kind));
}

/** Builds the Program of a sketch: one route, one chain `main`, and whatever it names. */
export function programOf(sketch: ProgramSketch = {}): Program {
  const main = sketch.targets ?? defaultTargets;
  const chains = { main, ...sketch.others };
  const all = Object.values(chains).flat();
  const action = sketch.deny
    ? ({ kind: "deny", reason: sketch.deny } as const)
    : ({ kind: "use", chain: "main" } as const);
  return {
    format: 1,
    revision: "r1",
    catalog: "stub",
    timezone: "UTC",
    attributes: {},
    keys: {},
    providers: Object.fromEntries(
      all.map((target) => {
        const provider = providerOf(target, sketch);
        return [provider.name, provider];
      }),
    ),
    models: [],
    targets: Object.fromEntries(all.map((target) => [target.id, targetOf(target)])),
    routes: [{ name: "all", when: { fields: [] }, action }],
    chains: Object.fromEntries(
      Object.entries(chains).map(([name, targets]) => [name, chainOf(name, targets, sketch)]),
    ),
    promises: [],
    ceilings: (sketch.ceilings ?? []).map((ceiling) => ({
      per: "day",
      each: [],
      when: { fields: [] },
      exceeded: { kind: "deny" },
      ...ceiling,
    })),
  };
}

function chainOf(name: string, targets: readonly TargetSketch[], sketch: ProgramSketch): ChainSpec {
  return {
    maxAttempts: 3,
    maxOutputTokens: 1000,
    totalMs: 600_000,
    on: movesOnByDefault,
    unsupported: "skip",
    ...sketch.chain,
    name,
    steps: targets.map((target) => ({ kind: "target", entry: entryOf(target, sketch) })),
  };
}

function entryOf(target: TargetSketch, sketch: ProgramSketch): EntrySpec {
  return {
    target: target.id,
    settings: {
      timeouts: {
        connectMs: 5_000,
        headersMs: 60_000,
        answerMs: 300_000,
        firstOutputMs: 120_000,
        idleMs: 60_000,
        ...sketch.timeouts,
      },
      retry: {
        name: "gentle",
        maxRetries: 0,
        minDelayMs: 500,
        maxDelayMs: 8_000,
        retryBudgetPpm: 100_000,
        ...sketch.retry,
      },
      params: { default: {}, force: {}, ...target.params },
    },
  };
}

function providerOf(target: TargetSketch, sketch: ProgramSketch): ProviderSpec {
  return {
    name: parts(target.id).provider,
    kind: "stub",
    baseUrl: "http://127.0.0.1:9",
    optional: false,
    labels: {},
    feePpm: 0,
    breaker: { ...standardBreaker, ...sketch.breaker },
    apis: target.apis ?? ["chat", "messages", "embeddings"],
    forwards: false,
    callerMay: [],
  };
}

function targetOf(sketch: TargetSketch): TargetSpec {
  const { id, window, maxOutput, can = {}, price = 1 } = sketch;
  const { provider, model } = parts(id);
  return {
    id,
    provider,
    model,
    can,
    ...(window !== undefined && { window }),
    ...(maxOutput !== undefined && { maxOutput }),
    ...(price !== null && { price: flatPrice(price) }),
  };
}

/** The same price for every token. */
export function flatPrice(usdPerMillion: number): Price {
  const base = usdPerMillion * 1_000_000;
  return { input: { base }, output: { base }, source: "test" };
}

function parts(id: TargetId): { readonly provider: string; readonly model: string } {
  const found = splitTarget(id);
  if (!found) throw new TypeError(`\`${id}\` is no target`);
  return found;
}

/** A catalog that knows one kind, `stub`, and no models. */
export function stubCatalog(kind: Partial<KindSpec> = {}): Catalog {
  const stub: KindSpec = {
    kind: "stub",
    needsKey: false,
    auth: "bearer",
    paths: { chat: "/chat/completions", messages: "/messages", embeddings: "/embeddings" },
    takesAnyModel: true,
    free: false,
    forwards: false,
    steering: [],
    steeringSuffixes: [],
    chatOutputLimit: () => "max_tokens",
    refuses: () => [],
    usageOnRequest: true,
    source: "a test",
    ...kind,
  };
  return {
    version: "stub",
    kinds: { stub },
    model: () => undefined,
    price: () => undefined,
    models: () => [],
  };
}
