import type { Api } from "../../../src/terms/api.ts";
import type { Decision } from "../../../src/terms/decision.ts";
import { isJsonObject } from "../../../src/terms/json.ts";
import type { Program } from "../../../src/terms/program.ts";
import { splitTarget } from "../../../src/terms/target.ts";
import { asRecorded, firstThen } from "./acts.ts";
import { callDirectly } from "./clients.ts";
import { problemsOfAnswered, problemsOfRequest, told } from "./problems.ts";
import type { Exchange } from "./recordings.ts";
import { type Played, play } from "./stage.ts";
import { withoutUsage } from "./stream-cases.ts";
import type { Tally } from "./tally.ts";
import type { Upstreams } from "./upstreams.ts";

export interface Replay {
  readonly api: Api;
  /** With its providers at the local server. */
  readonly program: Program;
  readonly upstreams: Upstreams;
  readonly tally: Tally;
  /** An exchange whose answer the other targets give where the first one fails. */
  readonly spare: Exchange;
}

/** Replays exchanges one after the other; answers what was wrong, each line with the exchange's id. */
export async function replayAll(
  replay: Replay,
  exchanges: readonly Exchange[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const exchange of exchanges) {
    for (const problem of await replayOne(replay, exchange))
      problems.push(`${exchange.id}: ${problem}`);
  }
  return problems;
}

function replayOne(replay: Replay, exchange: Exchange): Promise<readonly string[]> {
  if (steers(replay.api, exchange)) return replaySteering(replay, exchange);
  return exchange.status < 400 ? replayAnswer(replay, exchange) : replayError(replay, exchange);
}

async function replayAnswer(replay: Replay, exchange: Exchange): Promise<readonly string[]> {
  const { api, program, upstreams, tally } = replay;
  const played = await play(program, upstreams, api, exchange, () => asRecorded(exchange));
  const seen = asItsCallerSees(exchange, played);
  const direct = await callDirectly(api, seen);
  const problems = [
    ...problemsOfAnswered(api, seen, played, direct),
    ...problemsOfAddress(exchange, played),
  ];
  if (problems.length === 0) tally.replayed(whereTo(exchange, played));
  return problems;
}

/** Usage that was asked for only by us is held back. Two recordings tell it although nobody had asked for it. */
function asItsCallerSees(exchange: Exchange, { attempts }: Played): Exchange {
  const ours = attempts[0]?.changed.some(({ member }) => member === "stream_options") ?? false;
  return ours ? { ...exchange, answer: withoutUsage(exchange.answer) } : exchange;
}

/** The answering target is the first planned, and where it is the recorded provider, so is the address. */
function problemsOfAddress(exchange: Exchange, { decision, received }: Played): readonly string[] {
  const request = received[0];
  if (decision?.kind !== "route" || !request) return ["no decision was told"];
  const first = splitTarget(decision.plan[0]?.target ?? "");
  const problems = first?.model === request.model ? [] : [`the plan began with ${first?.model}`];
  const [path = "", query = ""] = request.path.split("?");
  if (query !== exchange.query.slice(1)) problems.push(`query ${query}`);
  const recordedHost = exchange.address?.split("/")[0];
  if (request.host === recordedHost && `${request.host}${path}` !== exchange.address) {
    problems.push(`went to ${request.host}${path}, recorded was ${exchange.address}`);
  }
  return problems;
}

/** Which provider answered, and why not the recorded one. */
function whereTo({ body, query, stream }: Exchange, { decision }: Played): string {
  const kind = `${stream ? "streams" : "answers"}${query && ` to ${query}`}`;
  if (decision?.kind !== "route") return kind;
  const first = decision.plan[0]?.target ?? "";
  const provider = splitTarget(first)?.provider;
  if (splitTarget(first)?.model === body.model) return `${kind} of ${provider}`;
  return `${kind} of ${provider}, as the model named was passed over: ${skipOf(decision)}`;
}

function skipOf({ skipped }: Decision): string {
  return [...new Set(skipped.map(({ because }) => because))].join(", ") || "nobody serves it";
}

/** Members that choose who answers or what it costs; refused before any upstream hears of the call. */
export function steers(api: Api, { body }: Exchange): boolean {
  const tier = body.service_tier;
  if (api !== "messages") {
    const plain = tier === undefined || tier === null || tier === "auto" || tier === "default";
    return !plain || body.web_search_options !== undefined;
  }
  return body.mcp_servers !== undefined || body.container !== undefined;
}

async function replaySteering(replay: Replay, exchange: Exchange): Promise<readonly string[]> {
  const { api, program, upstreams, tally } = replay;
  const played = await play(program, upstreams, api, exchange, () => asRecorded(exchange));
  const { told: what, received } = played;
  const refused = what.kind === "failed" && what.error.status === 400 && received.length === 0;
  if (!refused || !/steer|chooses|who answers|costs/i.test(what.error.message)) {
    return [`a member that steers was not refused: ${told(what)}, ${received.length} received`];
  }
  tally.refused("a member chooses who answers or what it costs");
  return [];
}

/**
 * A recorded error is played twice: every target gives it, and the caller gets an error of the class that its status
 * has; then only the first target does, and the caller gets the next one's answer, or the provider's own error where the
 * request was wrong as the caller wrote it.
 */
async function replayError(replay: Replay, exchange: Exchange): Promise<readonly string[]> {
  const { api, program, upstreams, tally, spare } = replay;
  const everyone = await play(program, upstreams, api, exchange, () => asRecorded(exchange));
  const script = firstThen(asRecorded(exchange), asRecorded(spare));
  const first = await play(program, upstreams, api, exchange, script);
  const expected = failureOf(exchange.status);
  if (everyone.attempts.length === 0) return replayMalformed(replay, exchange, everyone);
  const outcome = first.attempts[0]?.outcome ?? "nothing";
  const problems = [
    ...problemsOfTold(everyone, expected),
    ...(exchange.status === 400 ? await problemsOfWords(replay.api, exchange, everyone) : []),
    ...(expected.classes.includes(outcome) ? [] : [`classified as ${outcome}`]),
    ...(await problemsAfterFirst(replay, exchange, first)),
    ...first.attempts.flatMap((attempt, at) => {
      const request = first.received[at];
      return request ? problemsOfRequest(request, first.calls[0]?.text ?? "", attempt) : [];
    }),
  ];
  if (problems.length === 0) tally.replayed(`errors ${exchange.status}, taken as ${outcome}`);
  return problems;
}

/** A body that its provider answered with a 400 is refused before any attempt where it is no request of its format. */
function replayMalformed(
  { tally }: Replay,
  { status }: Exchange,
  { told: what, received }: Played,
): readonly string[] {
  const refused = what.kind === "failed" && what.error.status === status && received.length === 0;
  if (!refused || status !== 400) return [`no attempt was made: ${told(what)}`];
  tally.refused("the request is malformed, as its provider said too");
  return [];
}

interface ExpectedFailure {
  readonly classes: readonly string[];
  /** Statuses and client classes that the caller may be told when nobody answers. */
  readonly told: string;
}

function failureOf(status: number): ExpectedFailure {
  switch (status) {
    case 401:
      return { classes: ["auth"], told: "InternalServerError 502" };
    case 404:
      return { classes: ["not_found"], told: "NotFoundError 404" };
    default:
      return { classes: ["invalid_request", "unsupported"], told: "BadRequestError 400" };
  }
}

function problemsOfTold(
  { told: what, calls }: Played,
  expected: ExpectedFailure,
): readonly string[] {
  if (what.kind === "answered") return ["an error became an answer"];
  const { name, status } = what.error;
  const tries = calls.length === 1 ? [] : [`the client tried ${calls.length} times`];
  return `${name} ${status}` === expected.told
    ? tries
    : [`the caller is told ${told(what)}`, ...tries];
}

async function problemsAfterFirst(
  { api, spare }: Replay,
  exchange: Exchange,
  played: Played,
): Promise<readonly string[]> {
  const { attempts, calls } = played;
  if (attempts[0]?.outcome === "invalid_request") return problemsOfWords(api, exchange, played);
  if (calls[0]?.answer === spare.answer) return [];
  return [`the next target did not answer: ${told(played.told)}`];
}

/** What a provider refused as it was written is told in the provider's own words. */
async function problemsOfWords(
  api: Api,
  exchange: Exchange,
  { told: what }: Played,
): Promise<readonly string[]> {
  const direct = await callDirectly(api, exchange);
  if (what.kind === "answered" || direct.kind === "answered") return ["an error became an answer"];
  const same =
    what.error.name === direct.error.name &&
    what.error.code === direct.error.code &&
    what.error.message === direct.error.message;
  return same ? [] : [`told ${told(what)}, the provider said ${told(direct)}`];
}

/** An exchange fit to stand in: a whole answer, no stream, no data that was shortened. */
export function spareOf(exchanges: readonly Exchange[]): Exchange {
  const spare = exchanges.find(
    ({ status, stream, shortened, body }) =>
      status === 200 && !stream && !shortened && isJsonObject(body),
  );
  if (!spare) throw new TypeError("no exchange can stand in");
  return spare;
}
