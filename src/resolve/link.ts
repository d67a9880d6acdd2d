import { modelFacts } from "../catalog/bind-target.ts";
import type { Catalog, KindSpec } from "../catalog/catalog.ts";
import type { Facts } from "../terms/facts.ts";
import { globTest } from "../terms/glob.ts";
import type {
  CeilingSpec,
  ChainSpec,
  Condition,
  EntrySpec,
  Program,
  ProviderSpec,
  RouteSpec,
  TargetSpec,
} from "../terms/program.ts";
import { splitTarget, type TargetId } from "../terms/target.ts";
import { bucketNamer } from "./buckets.ts";
import { createCalendar, createWeekClock, type Window, type WindowPeriod } from "./calendar.ts";
import { type Matcher, matcherOf } from "./condition.ts";
import { firstMatch } from "./match-index.ts";

/** A Program made ready to answer: matchers built, targets looked up by id. Immutable but for look-up memos. */
export interface Linked {
  readonly program: Program;
  readonly catalog: Catalog;
  /** The first route that matches a request at a minute of the week, `undefined` where none does. */
  readonly route: (facts: Facts, minute: number) => RouteSpec | undefined;
  readonly ceilings: readonly LinkedCeiling[];
  /** The kinds of the policy's providers, each once. */
  readonly kinds: readonly KindSpec[];
  readonly chain: (name: string) => ChainSpec;
  /** The entries of a chain whose order no request changes: one that is nothing but targets. */
  readonly fixedOrder: (chain: ChainSpec) => readonly EntrySpec[] | undefined;
  /** The target's facts, written out in the policy or bound now; `undefined` where its provider is not declared. */
  readonly target: (id: TargetId) => LinkedTarget | undefined;
  /** No request lasts longer; its own buckets are kept as long, so that no store has to be told its end. */
  readonly longestRequestMs: number;
  /** The minute of the week in the policy's time zone, from Monday 00:00; 0 where no condition asks for the time. */
  readonly minuteOfWeek: (nowMs: number) => number;
  readonly window: (period: WindowPeriod, nowMs: number) => Window;
}

export interface LinkedCeiling {
  readonly spec: CeilingSpec;
  readonly matches: Matcher;
  /** See {@link bucketNamer}. */
  readonly bucketName: (facts: Facts) => string;
  readonly admits: (target: TargetId) => boolean;
}

export interface LinkedTarget {
  readonly spec: TargetSpec;
  readonly provider: ProviderSpec;
  readonly kind: KindSpec;
}

/** Callers name targets under `requested`; this many are remembered before the memo starts afresh. */
const memoLimit = 4096;

/** Builds what {@link resolve} needs from a Program. The catalog must be the one the Program was compiled with. */
export function link(program: Program, catalog: Catalog): Linked {
  return {
    program,
    catalog,
    route: routeFinder(program),
    ceilings: program.ceilings.map((spec) => ({
      spec,
      matches: matcherOf(spec.when),
      bucketName: bucketNamer(spec),
      admits: admitting(spec.targets),
    })),
    kinds: kindsOf(program, catalog),
    chain: (name) => {
      const chain = program.chains[name];
      if (!chain) throw new TypeError(`program without chain ${name}`);
      return chain;
    },
    fixedOrder: fixedOrders(program),
    target: targetLookup(program, catalog),
    longestRequestMs: longestRequest(program),
    minuteOfWeek: asksForTime(program) ? createWeekClock(program.timezone) : () => 0,
    window: createCalendar(program.timezone),
  };
}

function routeFinder({ routes }: Program): Linked["route"] {
  const first = firstMatch(routes.map(({ when }) => when));
  return (facts, minute) => routes[first(facts, minute)];
}

/** Beyond the time of a request itself: for the settlement of its last attempt, and clocks that are apart. */
const afterwardsMs = 120_000;

function longestRequest({ chains }: Program): number {
  return Math.max(0, ...Object.values(chains).map(({ totalMs }) => totalMs)) + afterwardsMs;
}

/** Tells whether any condition of routes and ceilings tests the time. */
export function asksForTime({ routes, ceilings }: Program): boolean {
  const asks = ({ fields, anyOf }: Condition): boolean =>
    fields.some(({ field }) => field === "time") || (anyOf ?? []).some(asks);
  return [...routes, ...ceilings].some(({ when }) => asks(when));
}

function kindsOf(program: Program, catalog: Catalog): readonly KindSpec[] {
  const names = new Set(Object.values(program.providers).map(({ kind }) => kind));
  return [...names].flatMap((name) => catalog.kinds[name] ?? []);
}

function admitting(globs: readonly string[] | undefined): (target: TargetId) => boolean {
  if (!globs) return () => true;
  const tests = globs.map(globTest);
  return (target) => tests.some((test) => test(target));
}

function fixedOrders(program: Program): Linked["fixedOrder"] {
  const orders = new Map<ChainSpec, readonly EntrySpec[]>();
  for (const chain of Object.values(program.chains)) {
    const entries = chain.steps.flatMap((step) => (step.kind === "target" ? [step.entry] : []));
    if (entries.length === chain.steps.length) orders.set(chain, entries);
  }
  return (chain) => orders.get(chain);
}

function targetLookup(program: Program, catalog: Catalog): Linked["target"] {
  const known = new Map<TargetId, LinkedTarget>();
  return (id) => {
    const found = known.get(id);
    if (found) return found;
    const target = linkTarget(program, catalog, id);
    if (target) {
      if (known.size >= memoLimit) known.clear();
      known.set(id, target);
    }
    return target;
  };
}

function linkTarget(program: Program, catalog: Catalog, id: TargetId): LinkedTarget | undefined {
  const parts = splitTarget(id);
  if (!parts || !Object.hasOwn(program.providers, parts.provider)) return undefined;
  const provider = program.providers[parts.provider];
  const kind = provider && catalog.kinds[provider.kind];
  if (!provider || !kind) return undefined;
  const written = Object.hasOwn(program.targets, id) ? program.targets[id] : undefined;
  const spec = written ?? modelFacts(catalog, program.models, provider, parts.model);
  return { spec, provider, kind };
}
