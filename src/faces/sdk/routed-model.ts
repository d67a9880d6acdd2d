import { type SseFrame, splitSse } from "../../dialects/sse-frames.ts";
import type { CallAnswer } from "../../run/call.types.ts";
import type { RunAnswer } from "../../run/engine.types.ts";
import { RouteError } from "../../run/route-error.ts";
import type { Api } from "../../terms/api.ts";
import { isJsonObject, type JsonObject } from "../../terms/json.ts";
import type { RouterCore } from "./core.ts";
import { answerCall, badRequest } from "./routed-call.ts";
import type { ModelCallOptions, RoutedMethod, RoutedModel } from "./router.types.ts";

/**
 * Makes the calls of one model with plain JSON. The name is what a request would say: whether it is an alias, a model or
 * a target is for the policy to tell.
 */
export function routedModel(core: RouterCore, model: string): RoutedModel {
  const method = (api: Api) =>
    ((request: JsonObject, options: ModelCallOptions = {}) =>
      call(core, api, { ...request, model }, options)) as RoutedMethod;
  return {
    model,
    chat: method("chat"),
    messages: method("messages"),
    embeddings: method("embeddings"),
  };
}

async function call(
  core: RouterCore,
  api: Api,
  body: JsonObject,
  { signal, ...identity }: ModelCallOptions,
): Promise<JsonObject | AsyncIterable<JsonObject>> {
  const underWay = core.calls.begin(signal);
  const requestId = core.effects.requestId();
  const answer = await answerCall(core, core.current(), underWay, async () => ({
    api,
    query: "",
    text: written(body),
    headers: new Headers(),
    identity: (_, read) => ({ ...(read.user !== undefined && { user: read.user }), ...identity }),
    saidBy: "program",
    requestId,
  }));
  const { body: answered } = answer.value;
  if (typeof answered !== "string") return eventsOf(answered, answer);
  await answer.done;
  return parsed(answered);
}

function written(body: JsonObject): string {
  try {
    return JSON.stringify(body);
  } catch (error) {
    throw new RouteError("bad_request", "the request cannot be written as JSON", { cause: error });
  }
}

function parsed(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (isJsonObject(value)) return value;
  throw badRequest("the provider answered with something that is no object");
}

/** The events of a stream as data, one after the other; leaving the loop early cancels the call. */
async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  answer: RunAnswer<CallAnswer>,
): AsyncGenerator<JsonObject, void> {
  const splitter = splitSse();
  for await (const chunk of body) {
    for (const frame of splitter.push(chunk).frames) yield* dataOf(frame, answer);
  }
  const { last } = splitter.flush();
  if (last) yield* dataOf(last, answer);
}

async function* dataOf(
  { event }: SseFrame,
  answer: RunAnswer<CallAnswer>,
): AsyncGenerator<JsonObject, void> {
  if (!event || event.data === "[DONE]") return;
  const data = parsed(event.data);
  if (event.event === "error" || isJsonObject(data.error)) throw await streamError(data, answer);
  yield data;
}

/** The stream has ended in an error: the same as the one error that a routed call throws. */
async function streamError(data: JsonObject, answer: RunAnswer<CallAnswer>): Promise<RouteError> {
  const { outcome, attempts } = await answer.done;
  const { decision } = answer;
  const said = isJsonObject(data.error) ? data.error.message : undefined;
  const message = typeof said === "string" ? said : "the stream broke off";
  const code = outcome === "ok" ? "server_error" : outcome;
  return new RouteError(code, message, { attempts, decision, cause: data });
}
