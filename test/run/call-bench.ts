import type { KindSpec } from "../../src/catalog/catalog.ts";
import { fixedView } from "../../src/resolve/fixed-view.ts";
import { resolution } from "../../src/resolve/resolve.ts";
import { createCall } from "../../src/run/call.ts";
import type { CallAnswer, IncomingCall } from "../../src/run/call.types.ts";
import type { Attempt, AttemptStart } from "../../src/run/engine.types.ts";
import type { ProviderCall } from "../../src/run/ports.ts";
import type { Api } from "../../src/terms/api.ts";
import type { JsonObject } from "../../src/terms/json.ts";
import { someFacts } from "../support/engine.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";
import { linkedProgram, type ProgramSketch } from "../support/programs.ts";

export interface CallBench {
  readonly clock: FakeClock;
  /** The calls that the provider got. */
  readonly calls: readonly ProviderCall[];
  /** Makes one attempt at the first target. */
  readonly attempt: (
    incoming?: IncomingCall,
    signal?: AbortSignal,
  ) => Promise<AttemptStart<CallAnswer>>;
}

export interface CallBenchOptions {
  readonly sketch?: ProgramSketch;
  readonly kind?: Partial<KindSpec>;
}

/** A provider that is the test's own, under a clock that stands still. */
export function createCallBench(
  answer: (call: ProviderCall) => Promise<Response> | Response,
  { sketch = {}, kind = {} }: CallBenchOptions = {},
): CallBench {
  const clock = createFakeClock();
  const calls: ProviderCall[] = [];
  const linked = linkedProgram(sketch, kind);
  const provider = {
    send: async (call: ProviderCall) => {
      calls.push(call);
      return answer(call);
    },
  };
  const attempt: CallBench["attempt"] = (
    incoming = chatCall(),
    signal = new AbortController().signal,
  ) => {
    const { candidates, chain } = resolution(
      linked,
      { ...someFacts, api: incoming.api },
      fixedView({}),
    );
    const [candidate] = candidates;
    if (!candidate || !chain) throw new TypeError("the sketch has no target");
    const about: Attempt = {
      number: 1,
      requestId: "r1",
      candidate,
      chain,
      signal,
      deadlineMs: 1e9,
      isReserved: true,
    };
    return createCall({ provider, clock }, incoming)(about);
  };
  return { clock, calls, attempt };
}

export function incomingCall(api: Api, body: JsonObject): IncomingCall {
  const { stream, n } = body;
  return {
    api,
    query: "",
    text: JSON.stringify(body),
    body,
    headers: {},
    stream: stream === true,
    answers: typeof n === "number" ? n : 1,
  };
}

export function chatCall(more: JsonObject = {}): IncomingCall {
  return incomingCall("chat", {
    model: "alias",
    messages: [{ role: "user", content: "hi" }],
    ...more,
  });
}

export function messagesCall(more: JsonObject = {}): IncomingCall {
  return incomingCall("messages", {
    model: "alias",
    max_tokens: 100,
    messages: [{ role: "user", content: "hi" }],
    ...more,
  });
}

/** A response body whose every byte, end and failure the test decides. */
export interface Source {
  readonly body: ReadableStream<Uint8Array>;
  readonly push: (text: string) => void;
  readonly bytes: (bytes: Uint8Array) => void;
  readonly close: () => void;
  readonly break: (error: unknown) => void;
  /** Why it was cancelled; `undefined` while it is not. */
  readonly cancelled: () => unknown;
}

export function createSource(): Source {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let cancelled: unknown;
  const body = new ReadableStream<Uint8Array>({
    start: (started) => {
      controller = started;
    },
    cancel: (reason) => {
      cancelled = reason ?? "cancelled";
    },
  });
  return {
    body,
    push: (text) => {
      if (cancelled === undefined) controller?.enqueue(new TextEncoder().encode(text));
    },
    bytes: (bytes) => {
      if (cancelled === undefined) controller?.enqueue(bytes);
    },
    close: () => {
      if (cancelled === undefined) controller?.close();
    },
    break: (error) => controller?.error(error),
    cancelled: () => cancelled,
  };
}

export function json(body: unknown, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(body), {
    headers: { "content-type": "application/json" },
    ...init,
  });
}

export function eventStream(
  body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string,
): Response {
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

export const chatAnswer: JsonObject = {
  id: "c1",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
};

/** The text of an answer, however it comes; a stream is read to its end. */
export async function textOf(start: AttemptStart<CallAnswer>): Promise<string> {
  if (start.kind === "failed") throw new TypeError(`failed: ${start.failure.message}`);
  const { body } = start.value;
  return typeof body === "string" ? body : new Response(body).text();
}
