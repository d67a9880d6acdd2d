import type { RequestFacts } from "../../dialects/dialect.ts";
import { dialects } from "../../dialects/dialects.ts";
import { type JsonBody, readBody } from "../../dialects/members.ts";
import { steeringMembers } from "../../dialects/steering.ts";
import { utf8Length } from "../../dialects/utf8-length.ts";
import { forwardedHeaders } from "../../providers/headers.ts";
import { readFacts } from "../../resolve/facts.ts";
import { fixedView } from "../../resolve/fixed-view.ts";
import type { Said } from "../../resolve/identity.ts";
import { resolution } from "../../resolve/resolve.ts";
import { createCall } from "../../run/call.ts";
import type { CallAnswer } from "../../run/call.types.ts";
import { run } from "../../run/engine.ts";
import type { RunAnswer } from "../../run/engine.types.ts";
import { RouteError } from "../../run/route-error.ts";
import type { Api } from "../../terms/api.ts";
import type { Facts, ResolveRequest } from "../../terms/facts.ts";
import type { JsonObject } from "../../terms/json.ts";
import type { Program } from "../../terms/program.ts";
import { endedByClosing, scrubbed } from "./caller-error.ts";
import type { Call } from "./calls.ts";
import type { RouterCore } from "./core.ts";
import type { Generation } from "./generation.ts";
import type { Identity } from "./identity.ts";

/** A call in one of the API formats, wherever it came from. */
export interface FormattedCall {
  readonly api: Api;
  readonly query: string;
  /** The body as the caller wrote it. */
  readonly text: string;
  readonly headers: Headers;
  readonly identity: (program: Program, request: RequestFacts) => Identity;
  /** Whose word the identity is: that of the program in which the router runs, or of whoever calls it. */
  readonly saidBy: "program" | "caller";
  readonly requestId: string;
}

/**
 * Routes one call under one policy, from reading its body to the beginning of its answer. The call under way ends when
 * the answer does.
 *
 * @throws RouteError, or what `read` throws
 */
export async function answerCall(
  core: RouterCore,
  generation: Generation,
  underWay: Call,
  read: () => Promise<FormattedCall>,
): Promise<RunAnswer<CallAnswer>> {
  try {
    const answer = await begin(core, generation, await read(), underWay.signal);
    void answer.done.then(underWay.end);
    return answer;
  } catch (thrown) {
    underWay.end();
    throw scrubbed(endedByClosing(thrown, underWay.signal), generation.credentials.scrub);
  }
}

function begin(
  core: RouterCore,
  { linked, credentials, provider }: Generation,
  call: FormattedCall,
  signal: AbortSignal,
): Promise<RunAnswer<CallAnswer>> {
  const { api, query, text, requestId } = call;
  const read = readBody(text);
  if (read.kind === "refused") throw badRequest(read.problem);
  const { body, members } = read;
  const request = understood(api, read);
  const identity = call.identity(linked.program, request);
  const { clock } = core.effects;
  const asked = asRequest(call, request, identity);
  const said = { by: call.saidBy, nowMs: clock.now() };
  const facts = withSteering(linked, factsOf(linked.program, asked, said), body, said.nowMs);
  const headers = forwardedHeaders(api, call.headers);
  const { stream, answers } = request;
  const incoming = { api, query, text, body, members, headers, stream, answers };
  const hasCredential = credentials.has;
  return run(
    core.engine,
    { linked, facts, requestId, hasCredential, signal },
    createCall({ provider, clock }, incoming),
  );
}

function understood(api: Api, { body, text }: JsonBody): RequestFacts {
  const request = dialects[api].readRequest(body, utf8Length(text));
  if (request.kind === "problem") throw badRequest(`\`${request.member}\`: ${request.problem}`);
  return request;
}

function asRequest(
  { api, headers }: FormattedCall,
  request: RequestFacts,
  identity: Identity,
): ResolveRequest {
  const { model, stream, needs, inputTokens, inputTokensAtMost, outputTokens, answers } = request;
  return {
    ...(model !== undefined && { model }),
    api,
    stream,
    needs,
    inputTokens,
    inputTokensAtMost,
    ...(outputTokens !== undefined && { outputTokens }),
    answers,
    serverTools: request.serverTools,
    liftsWindow: headers.get("anthropic-beta")?.includes("context-1m") ?? false,
    ...identity,
  };
}

/**
 * The facts of a request.
 *
 * @throws RouteError `bad_request` or `forbidden`
 */
export function factsOf(program: Program, request: ResolveRequest, said: Said): Facts {
  const outcome = readFacts(program, request, said);
  if (outcome.kind === "facts") return outcome.facts;
  throw new RouteError(outcome.code, outcome.problems.join("; "));
}

/**
 * A caller does not choose who answers: what would steer any target of the plan is refused before the first is tried,
 * unless the policy says that its provider's callers may. What they may is noted, as nobody knows what it costs.
 *
 * Most requests hold nothing that would steer any kind of this policy, and need no plan to show it.
 */
function withSteering(
  linked: Generation["linked"],
  facts: Facts,
  body: JsonObject,
  nowMs: number,
): Facts {
  const found = linked.kinds.flatMap((kind) => {
    const members = steeringMembers(kind, body, facts.model);
    return members.length === 0 ? [] : [[kind.kind, members] as const];
  });
  if (found.length === 0) return facts;
  const steering = new Map(found);
  for (const { linked: target } of resolution(linked, facts, fixedView({ nowMs })).candidates) {
    const { provider, kind } = target;
    const refused = steering.get(kind.kind)?.find((each) => !provider.callerMay.includes(each));
    if (refused === undefined) continue;
    const where = `\`${provider.name}\` (${kind.kind})`;
    const problem = `\`${refused}\` would steer ${where}, which only the policy may`;
    throw new RouteError("steering", problem);
  }
  return { ...facts, steering: Object.fromEntries(found) };
}

/** The error of a request that is malformed, or says what the policy does not declare. */
export function badRequest(problem: string): RouteError {
  return new RouteError("bad_request", problem);
}
