import type { Breakers, Clock, Permit } from "../run/ports.ts";
import type { BreakerSpec } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";
import type { BreakerView } from "../terms/view.ts";

/**
 * What a breaker does, said as plainly as possible: a list of outcomes with their times and no timers. Tests of policies
 * run on it, and the breakers of `run` are held to it.
 *
 * The window is counted in ten slices as opossum counts it, so that the two agree at every millisecond: the first
 * outcome since closing begins slice 0, and an outcome counts until its slice is the eleventh back.
 */
export function createBreakerModel(clock: Clock): Breakers {
  const models = new Map<string, Model>();
  const find = (target: TargetId, spec: BreakerSpec): Model => {
    const { errorRatePpm, minFailures, windowMs, coolDownMs } = spec;
    const key = JSON.stringify([target, errorRatePpm, minFailures, windowMs, coolDownMs]);
    const model = models.get(key) ?? newModel(spec, clock);
    models.set(key, model);
    return model;
  };
  return {
    view: (target, spec) => view(find(target, spec)),
    permit: (target, spec) => permit(find(target, spec)),
    probe: (target, spec) => {
      const model = find(target, spec);
      return permit(model) ?? panic(model);
    },
    close: () => models.clear(),
  };
}

const slices = 10;
const probeEveryMs = 1000;

interface Model {
  readonly spec: BreakerSpec;
  readonly clock: Clock;
  /** Counts the times it opened or closed; an outcome counts only in the epoch its permit is from. */
  epoch: number;
  outcomes: { readonly atMs: number; readonly ok: boolean }[];
  /** Set while it is not closed. */
  opened: { readonly atMs: number; readonly untilMs: number } | undefined;
  probesOut: number;
  lastProbe: { readonly atMs: number; readonly wallMs: number } | undefined;
}

function newModel(spec: BreakerSpec, clock: Clock): Model {
  return {
    spec,
    clock,
    epoch: 0,
    outcomes: [],
    opened: undefined,
    probesOut: 0,
    lastProbe: undefined,
  };
}

function view(model: Model): BreakerView {
  if (!model.opened) return { state: "closed" };
  if (!coolEnough(model)) return { state: "open", untilMs: model.opened.untilMs };
  if (model.probesOut === 0) return { state: "half-open" };
  return { state: "open", untilMs: (model.lastProbe?.wallMs ?? 0) + probeEveryMs };
}

function coolEnough(model: Model): boolean {
  if (!model.opened) return false;
  return model.clock.monotonic() >= model.opened.atMs + model.spec.coolDownMs;
}

function permit(model: Model): Permit | undefined {
  if (!model.opened) return once(model, (ok) => count(model, ok));
  return coolEnough(model) && model.probesOut === 0 ? probe(model) : undefined;
}

function panic(model: Model): Permit | undefined {
  const last = model.lastProbe?.atMs ?? Number.NEGATIVE_INFINITY;
  return model.clock.monotonic() >= last + probeEveryMs ? probe(model) : undefined;
}

function probe(model: Model): Permit {
  model.probesOut += 1;
  model.lastProbe = { atMs: model.clock.monotonic(), wallMs: model.clock.now() };
  return once(
    model,
    (ok) => turn(model, ok ? "closed" : "open"),
    () => {
      model.probesOut -= 1;
    },
  );
}

function count(model: Model, ok: boolean): void {
  model.outcomes.push({ atMs: model.clock.monotonic(), ok });
  const counted = inWindow(model);
  const failures = counted.filter((outcome) => !outcome.ok).length;
  const { minFailures, errorRatePpm } = model.spec;
  const tooMany = failures >= minFailures && failures * 1e6 >= errorRatePpm * counted.length;
  if (!ok && tooMany) turn(model, "open");
}

function inWindow(model: Model): Model["outcomes"] {
  const sliceMs = Math.max(1, Math.floor(model.spec.windowMs / slices));
  const originMs = model.outcomes[0]?.atMs ?? 0;
  const slice = (atMs: number) => Math.floor((atMs - originMs) / sliceMs);
  const now = slice(model.clock.monotonic());
  return model.outcomes.filter((outcome) => slice(outcome.atMs) > now - slices);
}

function turn(model: Model, to: "closed" | "open"): void {
  const { clock, spec } = model;
  model.epoch += 1;
  model.outcomes = [];
  model.probesOut = 0;
  model.opened =
    to === "open" ? { atMs: clock.monotonic(), untilMs: clock.now() + spec.coolDownMs } : undefined;
}

function once(model: Model, outcome: (ok: boolean) => void, released?: () => void): Permit {
  const epoch = model.epoch;
  let used = false;
  const resolve = (then: () => void) => () => {
    if (!used && model.epoch === epoch) then();
    used = true;
  };
  return {
    succeeded: resolve(() => outcome(true)),
    failed: resolve(() => outcome(false)),
    released: resolve(() => released?.()),
  };
}
