import { refusalFailure } from "../../run/call-failure.ts";
import { classifyTransport } from "../../run/classify-transport.ts";
import type { Attempt } from "../../run/engine.types.ts";
import type { Billing, Failure } from "../../run/ports.ts";
import { TransportError } from "../../run/transport-error.ts";
import { isJsonObject, type JsonValue } from "../../terms/json.ts";

export interface OwnFailure {
  readonly failure: Failure;
  readonly billing: Billing;
}

/** Where and when an error was thrown. */
export interface OwnFailureContext {
  readonly attempt: Attempt;
  /** The attempt's signal. */
  readonly signal: AbortSignal;
  readonly nowMs: number;
}

/**
 * Reads what a caller's own client threw: an answer with a status (the `APIError` of the official SDKs and whatever else
 * has `status`), a connection that failed (their `APIConnectionError`, what `fetch` throws), or our own time running out.
 *
 * @throws what it was given, where that is none of these: the request has ended, or the caller's code has a bug
 */
export function ownFailure(thrown: unknown, context: OwnFailureContext): OwnFailure {
  const { reason } = context.signal;
  if (reason instanceof TransportError) return connectionFailure(reason, reason.message);
  if (context.signal.aborted || !(thrown instanceof Error)) throw thrown;
  const status = "status" in thrown ? thrown.status : undefined;
  if (typeof status === "number" && status >= 300) return answerFailure(thrown, status, context);
  const target = context.attempt.candidate.target;
  if (isTimeout(thrown)) {
    const timeout = { class: "timeout", message: `\`${target}\` did not answer in time` } as const;
    return {
      failure: { ...timeout, retryable: true, cause: thrown },
      billing: { kind: "unknown" },
    };
  }
  if (classNames(thrown).includes("APIUserAbortError")) {
    const cancelled = { class: "cancelled", message: "the client was aborted" } as const;
    return {
      failure: { ...cancelled, retryable: false, cause: thrown },
      billing: { kind: "unknown" },
    };
  }
  if (isConnection(thrown)) return connectionFailure(thrown, `\`${target}\` could not be reached`);
  throw thrown;
}

/** As a refused call over HTTP: nothing is billed, but where the provider gave up on what it had begun. */
function answerFailure(thrown: Error, status: number, context: OwnFailureContext): OwnFailure {
  const { attempt, nowMs } = context;
  const { target, linked } = attempt.candidate;
  const response = new Response(null, {
    status: Number.isInteger(status) && status <= 599 ? status : 500,
    headers: headersOf("headers" in thrown ? thrown.headers : undefined),
  });
  const { kind } = linked.provider;
  const { failure, billing } = refusalFailure({ kind, response, body: bodyOf(thrown), nowMs });
  const { answer: _, ...rest } = failure;
  const message = failure.message.replace("the provider", `\`${target}\``);
  return { failure: { ...rest, message, status, cause: thrown }, billing };
}

function connectionFailure(thrown: Error, message: string): OwnFailure {
  const { class: found, retryable, sent } = classifyTransport(thrown);
  return {
    failure: { class: found, message, retryable, cause: thrown },
    billing: { kind: sent ? "unknown" : "nothing" },
  };
}

/** Headers as SDKs keep them: a `Headers`, or a plain record. What is no header is left out. */
function headersOf(headers: unknown): Headers {
  if (headers instanceof Headers) return headers;
  const kept = new Headers();
  if (typeof headers !== "object" || headers === null) return kept;
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\w-]+$/.test(name) && typeof value === "string" && /^[\x20-\x7e]*$/.test(value)) {
      kept.set(name, value);
    }
  }
  return kept;
}

/**
 * The body of the answer as far as the error keeps it: OpenAI's SDK keeps the `error` in it, Anthropic's the whole body,
 * others the text.
 */
function bodyOf(thrown: Error): string {
  const error: unknown = "error" in thrown ? thrown.error : undefined;
  if (isJsonObject(error)) {
    return JSON.stringify(isJsonObject(error.error) ? error : ({ error } as JsonValue));
  }
  return typeof error === "string" ? error : thrown.message;
}

/** Names of error classes, from the error's own up to `Error`: SDKs set `name` or do not. */
function classNames(thrown: Error): readonly string[] {
  const names = [thrown.name];
  for (let at: unknown = thrown; at instanceof Error; at = Object.getPrototypeOf(at)) {
    names.push(at.constructor.name);
  }
  return names;
}

function isTimeout(thrown: Error): boolean {
  return classNames(thrown).some((name) => /^(APIConnection)?TimeoutError$/.test(name));
}

function isConnection(thrown: Error): boolean {
  const names = classNames(thrown);
  if (thrown instanceof TransportError || names.includes("APIConnectionError")) return true;
  const { class: found, code } = classifyTransport(thrown);
  return (
    code !== undefined ||
    found === "cancelled" ||
    (names.includes("TypeError") && thrown.cause instanceof Error)
  );
}
