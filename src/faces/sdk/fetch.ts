import { apiOfPath, dialects } from "../../dialects/dialects.ts";
import type { CallAnswer } from "../../run/call.types.ts";
import type { RunAnswer } from "../../run/engine.types.ts";
import { RouteError } from "../../run/route-error.ts";
import type { Api } from "../../terms/api.ts";
import type { RouterCore } from "./core.ts";
import { errorResponse } from "./error-response.ts";
import { type FetchRequest, fetchRequest } from "./fetch-request.ts";
import { readIdentity } from "./identity.ts";
import { knownCost } from "./known-cost.ts";
import { listModels } from "./models-list.ts";
import { modelBody, modelsBody } from "./models-response.ts";
import { routingHeaders } from "./response-headers.ts";
import { answerCall, badRequest } from "./routed-call.ts";

/**
 * Makes the `fetch` of a router: calls are answered by the policy, and nothing is sent to the address they name.
 *
 * The caller's own credentials are ignored: who answers, and with which key, is the policy's. It rejects with the
 * caller's reason when the caller aborts, and with nothing else.
 */
export function createFetch(core: RouterCore): typeof globalThis.fetch {
  return async (input, init) => {
    const request = fetchRequest(input, init);
    request.signal?.throwIfAborted();
    const requestId = core.effects.requestId();
    const { pathname } = request.url;
    const api = apiOfPath(pathname);
    if (api && request.method === "POST") return post(core, request, api, requestId);
    if (request.method === "GET") {
      const found = modelsResponse(core, request, requestId);
      if (found) return found;
    }
    return notServed(request, requestId);
  };
}

async function post(
  core: RouterCore,
  request: FetchRequest,
  api: Api,
  requestId: string,
): Promise<Response> {
  const { url, headers, signal } = request;
  const generation = core.current();
  try {
    const underWay = core.calls.begin(signal);
    const answer = await answerCall(core, generation, underWay, async () => ({
      api,
      query: queryOf(url, api),
      text: await request.text(),
      headers,
      identity: (program, read) => readIdentity(program, headers, read),
      saidBy: "caller",
      requestId,
    }));
    return await answerResponse(answer, requestId);
  } catch (thrown) {
    if (signal?.aborted) throw signal.reason;
    if (!RouteError.is(thrown)) throw thrown;
    return errorResponse(thrown, api, requestId);
  }
}

/** A whole answer waits for its settlement, which tells the cost; a stream is handed out as it begins. */
async function answerResponse(answer: RunAnswer<CallAnswer>, requestId: string): Promise<Response> {
  const { value, decision, candidate, failed, done } = answer;
  const summary = typeof value.body === "string" ? await done : undefined;
  const notes = routingHeaders({
    requestId,
    route: decision.route,
    target: candidate.target,
    attempts: failed.length + 1,
    cost: summary && knownCost(summary.attempts),
  });
  return new Response(value.body, {
    status: value.status,
    headers: { ...value.headers, ...notes },
  });
}

/**
 * The part of a query that goes on to the provider: `beta=true`, which Anthropic's SDK says beside its header.
 *
 * @throws RouteError `bad_request` for any other: what it asks for would be lost, or choose a version of an API that the
 * target does not have
 */
function queryOf({ searchParams }: URL, api: Api): string {
  for (const name of searchParams.keys()) {
    if (api !== "messages" || name !== "beta")
      throw badRequest(`the query \`${name}\` is not taken`);
  }
  return searchParams.get("beta") === "true" ? "?beta=true" : "";
}

/** Answers the list of models, or one of them; `undefined` where that is not what is asked for or it is not listed. */
function modelsResponse(
  core: RouterCore,
  request: FetchRequest,
  requestId: string,
): Response | undefined {
  const path = /\/models(?:\/(.+))?$/.exec(request.url.pathname);
  if (!path) return undefined;
  const { linked } = core.current();
  const models = listModels(linked.program, linked.catalog);
  const format = request.headers.has("anthropic-version") ? "anthropic" : "openai";
  const id = path[1] === undefined ? undefined : decoded(path[1]);
  const one = models.find((model) => model.id === id);
  if (id !== undefined && !one) return undefined;
  const body = one ? modelBody(one, format) : modelsBody(models, format);
  return Response.json(body, { headers: { "x-signalbox-request-id": requestId } });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const served =
  "POST …/chat/completions, POST …/messages, POST …/embeddings, GET …/models and GET …/models/{id of a listed model}";

function notServed({ method, url, headers }: FetchRequest, requestId: string): Response {
  const isAnthropic = headers.has("anthropic-version") || url.pathname.includes("/messages");
  const message = `${method} ${url.pathname} is not served; served are ${served}`;
  const error = { status: 404, code: "not_found", message, requestId };
  const { body, contentType } = dialects[isAnthropic ? "messages" : "chat"].renderError(error);
  const notes = { "x-signalbox-request-id": requestId, "x-should-retry": "false" };
  return new Response(body, { status: 404, headers: { ...notes, "content-type": contentType } });
}
