import { join } from "node:path";
import { afterAll, beforeAll, expect, vi } from "vitest";
import type { Api } from "../../../src/terms/api.ts";
import type { Program } from "../../../src/terms/program.ts";
import { callDirectly } from "./clients.ts";
import { problemsOfRequest } from "./problems.ts";
import { type Exchange, readRecordings, seedRepo } from "./recordings.ts";
import { compiledPolicy, type Played, play, redirected, type StageOptions } from "./stage.ts";
import { type Script, startUpstreams, type Upstreams } from "./upstreams.ts";

/** A kind of call: its recording, and the policy it is routed by. */
export interface Case {
  readonly name: string;
  readonly api: Api;
  readonly policy: string;
  readonly file: string;
  readonly fits: (exchange: Exchange) => boolean;
}

export const seedPolicy = join(import.meta.dirname, "../../../policies/deepresearcher2.yaml");
export const messagesPolicy = join(import.meta.dirname, "../messages.yaml");

const whole = ({ status, shortened }: Exchange) => status === 200 && !shortened;

/** A call of each kind, each with a second target to go to. */
export const cases: readonly Case[] = [
  {
    name: "the seed project's call to ollama",
    api: "chat",
    policy: seedPolicy,
    file: "ollama.chat.completions",
    fits: ({ repo }) => repo === seedRepo,
  },
  {
    name: "the seed project's call to openai",
    api: "chat",
    policy: seedPolicy,
    file: "openai.chat.completions",
    fits: ({ repo }) => repo === seedRepo,
  },
  {
    name: "a chat stream",
    api: "chat",
    policy: seedPolicy,
    file: "openai.chat.completions",
    fits: (exchange) => whole(exchange) && exchange.stream,
  },
  {
    name: "a messages call",
    api: "messages",
    policy: messagesPolicy,
    file: "anthropic.messages",
    fits: (exchange) => whole(exchange) && !exchange.stream && exchange.query === "?beta=true",
  },
  {
    name: "a messages stream",
    api: "messages",
    policy: messagesPolicy,
    file: "anthropic.messages",
    fits: (exchange) => whole(exchange) && exchange.stream,
  },
];

/** What the tests of one kind of call share; to be asked inside tests. */
export interface Scene {
  readonly upstreams: () => Upstreams;
  /** With its providers at the local server. */
  readonly program: () => Program;
  readonly exchange: () => Exchange;
  readonly play: (script: Script, program?: Program, options?: StageOptions) => Promise<Played>;
  /** The answer is the recorded one, whole, from another target than the first, which was sent what the client sent. */
  readonly expectAnswerOfNext: (played: Played) => Promise<void>;
}

/** Opens the scene before the tests of the `describe` that it is called in, and closes it after them. */
export function openScene({ name, api, policy, file, fits }: Case): Scene {
  let opened: { upstreams: Upstreams; program: Program; exchange: Exchange } | undefined;
  const scene = () => {
    if (!opened) throw new TypeError("the scene is not open");
    return opened;
  };
  beforeAll(async () => {
    // The messages client warns of models that are soon to go; the recordings are older than that.
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const upstreams = await startUpstreams();
    const exchange = readRecordings(file).exchanges.find(fits);
    if (!exchange) throw new TypeError(`no recording fits ${name}`);
    opened = { upstreams, exchange, program: redirected(compiledPolicy(policy), upstreams.origin) };
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await scene().upstreams.close();
  });
  return {
    upstreams: () => scene().upstreams,
    program: () => scene().program,
    exchange: () => scene().exchange,
    play: (script, program = scene().program, options = {}) =>
      play(program, scene().upstreams, api, scene().exchange, script, options),
    expectAnswerOfNext: (played) => expectAnswerOfNext(api, scene().exchange, played),
  };
}

async function expectAnswerOfNext(api: Api, exchange: Exchange, played: Played): Promise<void> {
  const { told, calls, attempts, received } = played;
  expect(told).toEqual(await callDirectly(api, exchange));
  expect(calls).toHaveLength(1);
  const [call] = calls;
  const last = attempts.at(-1);
  const request = received.at(-1);
  if (!call || !last || !request) throw new TypeError("nothing was sent");
  expect(call.answer).toBe(exchange.answer);
  expect(last.outcome).toBe("ok");
  expect(last.target).not.toBe(attempts[0]?.target);
  expect(call.headers.get("x-signalbox-target")).toBe(last.target);
  expect(call.headers.get("x-signalbox-attempts")).toBe(String(attempts.length));
  expect(problemsOfRequest(request, call.text, last)).toEqual([]);
}

/** The client raised this after one try of its own, and its program saw nothing of an answer. */
export function expectError({ told, calls }: Played, raised: string): void {
  if (told.kind === "answered") throw new TypeError("a failure became an answer");
  expect(`${told.error.name} ${told.error.status}`).toBe(raised);
  expect(told.before).toEqual([]);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.headers.get("x-should-retry")).toBe("false");
}

/** How the attempts ended, each way once. */
export function outcomesOf({ attempts }: Played): readonly string[] {
  return [...new Set(attempts.map(({ outcome }) => outcome))];
}
