import type { Clock, Provider, ProviderCall } from "../run/ports.ts";
import { TransportError } from "../run/transport-error.ts";
import { isJsonObject, type JsonObject } from "../terms/json.ts";
import type { SandboxFault } from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";
import { brokenBody, eventBody } from "./sandbox-body.ts";
import { sandboxChat } from "./sandbox-chat.ts";
import { sandboxEmbeddings } from "./sandbox-embeddings.ts";
import { type AnsweredFault, faultAnswer } from "./sandbox-fault.ts";
import { sandboxMessages } from "./sandbox-messages.ts";
import type { SandboxOutput } from "./sandbox-output.ts";

/**
 * Answers calls in-process, in the chat, messages and embeddings formats: the same request and the same number of the
 * call give the same bytes.
 *
 * `latency` of the policy passes before an answer begins, on the given clock. `fail` counts the calls of each provider,
 * from 1; the count is kept here and outlives a reload of the policy. Nothing is sent anywhere.
 */
export function createSandbox(clock: Clock): Provider {
  const calls = new Map<string, number>();
  return {
    send: async (call) => {
      const { name, sandbox } = call.provider;
      const number = (calls.get(name) ?? 0) + 1;
      calls.set(name, number);
      const fault = sandbox?.fail.find(
        ({ from, to }) => number >= from && number <= (to ?? number),
      );
      if (fault?.with === "network") throw refused(name);
      if (fault?.with === "hang") return hang(call.signal);
      await wait(clock, sandbox?.latencyMs ?? 0, call.signal);
      return answer(call, number, fault?.with);
    },
  };
}

function answer(
  call: ProviderCall,
  number: number,
  fault: Exclude<SandboxFault, "network" | "hang"> | undefined,
) {
  if (fault !== undefined && fault !== "cut") return failed(call, fault);
  const output = outputOf(call, readBody(call.body), number);
  if (call.stream && call.api !== "embeddings") {
    const events = fault === "cut" ? output.events.slice(0, output.firstOutput + 1) : output.events;
    return new Response(eventBody(events, call.signal), {
      headers: { "content-type": "text/event-stream" },
    });
  }
  const text = JSON.stringify(output.body);
  const body = fault === "cut" ? brokenBody(text) : text;
  return new Response(body, { headers: { "content-type": "application/json" } });
}

function failed(call: ProviderCall, fault: AnsweredFault): Response {
  const { status, headers, body } = faultAnswer(fault, call.api);
  return new Response(JSON.stringify(body), { status, headers });
}

function outputOf(call: ProviderCall, body: JsonObject, number: number): SandboxOutput {
  switch (call.api) {
    case "chat":
      return sandboxChat(call, body, number);
    case "messages":
      return sandboxMessages(call, body, number);
    case "embeddings":
      return sandboxEmbeddings(call, body);
    default:
      return unreachable(call.api);
  }
}

function readBody(text: string): JsonObject {
  const body: unknown = JSON.parse(text);
  return isJsonObject(body) ? body : {};
}

function refused(provider: string): TransportError {
  return new TransportError("network", `\`${provider}\` cannot be reached`, { sent: false });
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => onAbort(signal, reject));
}

function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 && !signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const cancel = clock.timer(ms, () => {
      leave();
      resolve();
    });
    const leave = onAbort(signal, (reason) => {
      cancel();
      reject(reason);
    });
  });
}

/** Calls back once the signal is aborted, also when it already is; the answer takes that back. */
function onAbort(signal: AbortSignal, callback: (reason: unknown) => void): () => void {
  const listener = () => callback(signal.reason);
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}
