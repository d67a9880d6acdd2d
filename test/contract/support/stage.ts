import { readFileSync } from "node:fs";
import { builtInCatalog } from "../../../src/catalog/built-in.ts";
import { compile } from "../../../src/compile/compile.ts";
import { createRouter } from "../../../src/faces/sdk/create-router.ts";
import type { Router, RouterEvent } from "../../../src/faces/sdk/router.types.ts";
import { loadPolicy } from "../../../src/policy/load-policy.ts";
import type { AttemptRecord, Clock } from "../../../src/run/ports.ts";
import type { Api } from "../../../src/terms/api.ts";
import type { Decision } from "../../../src/terms/decision.ts";
import type { JsonValue } from "../../../src/terms/json.ts";
import type { AttemptSettings, Program } from "../../../src/terms/program.ts";
import { callWith, type Told } from "./clients.ts";
import { listenTo } from "./overheard.ts";
import type { Exchange } from "./recordings.ts";
import type { Received, Script, Upstreams } from "./upstreams.ts";

/** The keys that the policy's providers have; each may only be seen by the host it belongs to. */
export const providerKeys = {
  OPENAI_API_KEY: "sk-provider-openai",
  OPENROUTER_API_KEY: "sk-provider-openrouter",
  FIRST_API_KEY: "sk-provider-first",
  SECOND_API_KEY: "sk-provider-second",
} as const;

/** Compiles a policy file as it is. */
export function compiledPolicy(path: string): Program {
  const { kinds } = builtInCatalog;
  const text = readFileSync(path, "utf8");
  const { policy, diagnostics } = loadPolicy(text, { file: path, env: {}, kinds });
  if (!policy) throw new TypeError(`${path}: ${JSON.stringify(diagnostics)}`);
  return compile(policy, builtInCatalog).program;
}

/**
 * The same Program with every provider at this machine: `https://api.openai.com/v1` becomes
 * `http://127.0.0.1:port/api.openai.com/v1`. Nothing else of it changes, so that its routes, chains, prices and ceilings
 * are the file's.
 *
 * @param elsewhere other origins by provider name
 */
export function redirected(
  program: Program,
  origin: string,
  elsewhere: Readonly<Record<string, string>> = {},
): Program {
  const providers = Object.entries(program.providers).map(([name, spec]) => {
    const url = new URL(spec.baseUrl ?? "");
    const baseUrl = `${elsewhere[name] ?? origin}/${url.host}${url.pathname}`;
    return [name, { ...spec, baseUrl }] as const;
  });
  return { ...program, providers: Object.fromEntries(providers) };
}

/** The same Program with other timeouts for every attempt. */
export function withTimeouts(
  program: Program,
  timeouts: Partial<AttemptSettings["timeouts"]>,
): Program {
  const replace = (key: string, value: JsonValue) =>
    key === "timeouts" && typeof value === "object" ? { ...value, ...timeouts } : value;
  return JSON.parse(JSON.stringify(program), replace) as Program;
}

export interface StageOptions {
  readonly clock?: Clock;
}

/** What happened on the way of one call. */
export interface Played {
  readonly told: Told;
  /** What the client handed to its fetch, once for each of its tries. */
  readonly calls: readonly Heard[];
  readonly received: readonly Received[];
  readonly attempts: readonly AttemptRecord[];
  readonly decision: Decision | undefined;
  readonly events: readonly RouterEvent[];
}

/** One try of the client. */
export interface Heard {
  readonly url: string;
  readonly text: string;
  /** Those that the client sent. */
  readonly sentHeaders: Headers;
  readonly status: number;
  readonly headers: Headers;
  /** The bytes of the answer that the client was given. */
  readonly answer: string;
}

/** Plays one exchange through a router of its own, so that no hold, breaker or spend of another call is in its way. */
export async function play(
  program: Program,
  upstreams: Upstreams,
  api: Api,
  exchange: Exchange,
  script: Script,
  options: StageOptions = {},
): Promise<Played> {
  const stage = await openStage(program, upstreams, options);
  const played = await stage.play(api, exchange, script);
  await stage.close();
  return played;
}

export interface Stage {
  readonly router: Router;
  readonly play: (api: Api, exchange: Exchange, script: Script) => Promise<Played>;
  readonly close: () => Promise<void>;
}

/** A router for several calls. Its dice always show 0: no retry waits for longer than a provider asks. */
export async function openStage(
  program: Program,
  upstreams: Upstreams,
  { clock }: StageOptions = {},
): Promise<Stage> {
  let events: RouterEvent[] = [];
  let finished = () => {};
  const router = await createRouter(program, {
    env: providerKeys,
    random: () => 0,
    watch: false,
    onEvent: (event) => {
      events.push(event);
      if (event.kind === "finished") finished();
    },
    ...(clock && { clock }),
  });
  return {
    router,
    play: async (api, exchange, script) => {
      events = [];
      const settled = new Promise<void>((resolve) => {
        finished = resolve;
      });
      upstreams.play(script);
      const listening = listenTo(router.fetch);
      const told = await callWith(listening.fetch, api, exchange);
      const calls = await heardOf(listening);
      if (events.some(({ kind }) => kind === "decision")) await settled;
      return { told, calls, received: upstreams.received(), events, ...reportOf(events) };
    },
    close: () => router.close({ timeoutMs: 0 }),
  };
}

function heardOf({ calls }: ReturnType<typeof listenTo>): Promise<readonly Heard[]> {
  const heard = calls.map(async ({ url, text, headers: sentHeaders, answer, thrown }) => {
    if (answer === undefined) {
      throw new TypeError("the routed fetch rejected", { cause: thrown });
    }
    const { status, headers } = answer;
    return { url, text, sentHeaders, status, headers, answer: await answer.text };
  });
  return Promise.all(heard);
}

function reportOf(events: readonly RouterEvent[]): Pick<Played, "attempts" | "decision"> {
  const attempts = events.flatMap((event) => (event.kind === "attempt" ? [event.attempt] : []));
  const decision = events.find((event) => event.kind === "decision")?.decision;
  return { attempts, decision };
}
