import { createSandbox } from "../../providers/sandbox.ts";
import { fixedView, type Given } from "../../resolve/fixed-view.ts";
import type { DecisionRecord } from "../../resolve/record.types.ts";
import { resolve } from "../../resolve/resolve.ts";
import { createBreakers } from "../../run/breaker.ts";
import { clearMended } from "../../run/clear-mended.ts";
import type { Engine } from "../../run/engine.types.ts";
import { createHolds } from "../../run/holds.ts";
import { createLatencies } from "../../run/latencies.ts";
import { liveView } from "../../run/live-view.ts";
import { createRetryBudget } from "../../run/retry-budget.ts";
import type { Decision } from "../../terms/decision.ts";
import type { ResolveRequest } from "../../terms/facts.ts";
import type { Program } from "../../terms/program.ts";
import { createCalls } from "./calls.ts";
import { anthropicClient, openAiClient } from "./clients.ts";
import type { RouterCore } from "./core.ts";
import { type Effects, withDefaults } from "./defaults.ts";
import { createFetch } from "./fetch.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import { openPolicy } from "./open-policy.ts";
import { runOwnCall } from "./own-call.ts";
import { policySource } from "./policy-source.ts";
import { factsOf } from "./routed-call.ts";
import { routedModel } from "./routed-model.ts";
import type { Router, RouterOptions } from "./router.types.ts";
import { sweepLeases } from "./sweep-leases.ts";

/** How long `close` waits for calls under way unless it is told otherwise. */
const patienceMs = 10_000;

/**
 * Makes a router of a policy.
 *
 * @param policy a path, a `file:` URL, the text of a policy (a string with a line end in it), or a compiled Program. A
 * file is watched: a valid change is taken up between two requests, any other changes nothing; `on("reload")` tells.
 * @throws PolicyError where the policy has errors, cannot be read, or needs a key that is not there
 */
export async function createRouter(
  policy: string | URL | Program,
  options: RouterOptions = {},
): Promise<Router> {
  const source = policySource(policy);
  const effects = withDefaults(options);
  const listeners = createListeners(effects.warn, effects.onEvent);
  const sandbox = createSandbox(effects.clock);
  const watches = options.watch ?? true;
  const engine = createEngine(effects, listeners);
  const opened = await openPolicy({
    source,
    effects,
    sandbox,
    watches,
    tell: listeners.tell,
    onReload: () => clearMended(engine.holds),
  });
  const calls = createCalls(effects.clock);
  const core: RouterCore = { effects, engine, calls, current: opened.current };
  const stopSweeping = sweepLeases(effects.ledger, effects.backgroundClock);
  const fetch = createFetch(core);

  const close = async (timeoutMs: number): Promise<void> => {
    await Promise.all([calls.close(timeoutMs), opened.close()]);
    stopSweeping();
    engine.breakers.close();
    await Promise.all([effects.transport.close(), effects.ledger.close()]);
  };
  let closing: Promise<void> | undefined;

  return {
    get revision() {
      return core.current().linked.program.revision;
    },
    get diagnostics() {
      return core.current().diagnostics;
    },
    resolve: (request, given) => decide(core, request, given),
    run: async (request, call, { signal } = {}) =>
      runOwnCall(core, core.current(), calls.begin(signal), request, call),
    fetch,
    openai: (sdkOptions) => openAiClient(fetch, sdkOptions),
    anthropic: (sdkOptions) => anthropicClient(fetch, sdkOptions),
    model: (model) => routedModel(core, model),
    on: listeners.on,
    close: ({ timeoutMs = patienceMs } = {}) => {
      closing ??= close(timeoutMs);
      return closing;
    },
  };
}

/** What outlives every policy: spend, breakers, holds, latencies. */
function createEngine(effects: Effects, { tell }: Listeners): Engine {
  const { clock, random, ledger, record, warn } = effects;
  return {
    ledger,
    breakers: createBreakers(clock),
    holds: createHolds(clock),
    latencies: createLatencies(),
    retryBudget: createRetryBudget(clock),
    clock,
    random,
    observe: tell,
    ...(record && { record: warningOnce(record, warn) }),
  };
}

/** Hands records on; that one could not be taken is warned of once, and calls go on. */
function warningOnce(
  record: (record: DecisionRecord) => void,
  warn: (message: string) => void,
): (record: DecisionRecord) => void {
  let warned = false;
  return (each) => {
    try {
      record(each);
    } catch (thrown) {
      if (!warned) warn(`a decision record is lost: ${String(thrown)}. This is said once.`);
      warned = true;
    }
  };
}

function decide(core: RouterCore, request: ResolveRequest, given: Given | undefined): Decision {
  const { linked, credentials } = core.current();
  const nowMs = given ? given.nowMs : core.effects.clock.now();
  const facts = factsOf(linked.program, request, { nowMs });
  if (given) return resolve(linked, facts, fixedView(given));
  const { engine } = core;
  const asking = { linked, facts, requestId: "this-request", hasCredential: credentials.has };
  return resolve(linked, facts, liveView(engine, asking, engine.random()));
}
