import { type FailureClass, holdingClasses } from "../terms/failure-class.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import {
  begunCodes,
  blamelessCodes,
  classOfCode,
  classOfCodeAt,
  classOfKindStatus,
  classOfStatus,
  complaint,
  defaultHoldMs,
  lastingCodes,
  lastingMessage,
  lastingStatuses,
  type MessageRule,
  messageRules,
  quotingStatuses,
  retryableClasses,
  statusOfType,
} from "./classify-rules.ts";
import { type ErrorSignals, errorSignals } from "./classify-signals.ts";
import { type HeaderOf, retryAfterMs } from "./retry-after.ts";

/** A failed answer as it came. */
export interface FailedAnswer {
  /** The kind of the provider, for the few that have meanings of their own. */
  readonly kind?: string;
  readonly status: number;
  readonly headers: HeaderOf;
  /** Any text: JSON, HTML, nothing. */
  readonly body: string;
  /** Wall clock, for dates in headers. */
  readonly nowMs: number;
}

/** What a failure is, and what to do about it. */
export interface Classified {
  readonly class: FailureClass;
  /** Whether another try at the same target can help. */
  readonly retryable: boolean;
  /** How long the provider asks us to wait. */
  readonly retryAfterMs?: number;
  /** How long the target should rest; only for classes that hold their target. */
  readonly holdMs?: number;
  /** The provider had begun to answer, and may bill what came of it. */
  readonly begun?: true;
  /** Says nothing of the target's health. */
  readonly blameless?: true;
  /** The member of the body that the provider points at. */
  readonly member?: string;
  /** The provider's own code or type, where it is one that we know. */
  readonly code?: string;
}

/**
 * Says what a failed answer is: by its codes, then by what its message means at its status, then by the status. An
 * unknown 4xx is `invalid_request`, anything else unknown `server_error`. Linear in the body, and never throws.
 *
 * Also for an answer with a status of success that is none: it is a `server_error` unless its error says otherwise.
 */
export function classify(answer: FailedAnswer): Classified {
  const { status, headers, body, nowMs } = answer;
  const parsed = parseBody(body);
  const signals = errorSignals(parsed ?? body, headers);
  const wait = retryAfterMs(headers, parsed, nowMs);
  return classified(signals, effectiveStatus(status, signals), wait, answer);
}

/**
 * Says what an error is that came inside a stream, or inside an answer with a status of success.
 *
 * @param error the `error` that a dialect's `streamReader` or `readAnswer` found
 * @param nowMs wall clock, for times that the error quotes
 */
export function classifyInBand(error: JsonValue, nowMs: number): Classified {
  const signals = errorSignals(error);
  const wait = retryAfterMs(() => undefined, isJsonObject(error) ? error : undefined, nowMs);
  return classified(signals, effectiveStatus(200, signals), wait);
}

/** The body as an object; Gemini answers some errors with a list of one. */
function parseBody(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const one: unknown = Array.isArray(value) ? value[0] : value;
    return isJsonObject(one) ? one : undefined;
  } catch {
    return undefined;
  }
}

/** The status by HTTP, or, inside a success, the one that the error writes or its type stands for; 0 for none. */
function effectiveStatus(status: number, signals: ErrorSignals): number {
  if (status < 200 || status >= 300) return status;
  if (signals.status !== undefined) return signals.status;
  const type = signals.codes.find((code) => Object.hasOwn(statusOfType, code));
  return type === undefined ? 0 : (statusOfType[type] ?? 0);
}

function classified(
  signals: ErrorSignals,
  status: number,
  wait: number | undefined,
  answer?: FailedAnswer,
): Classified {
  const failure = classOf(signals, status, answer?.kind);
  const holdMs = holdOf(failure, signals, wait);
  const { codes } = signals;
  const begun = signals.hasOutput || codes.some((code) => begunCodes.has(code));
  return {
    class: failure,
    ...((begun || failure === "timeout" || failure === "cancelled") && { begun: true }),
    ...(codes.some((code) => blamelessCodes.has(code)) && { blameless: true }),
    retryable: isRetryable(failure, signals, status, answer?.headers),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(holdMs !== undefined && { holdMs }),
    ...(signals.member !== undefined && { member: signals.member }),
    ...(signals.code !== undefined && { code: signals.code }),
  };
}

function classOf(signals: ErrorSignals, status: number, kind: string | undefined): FailureClass {
  const ofKind = kind === undefined ? undefined : classOfKindStatus[kind]?.[status];
  if (ofKind !== undefined) return ofKind;
  const byCode = classByCode(signals.codes, status);
  if (byCode !== undefined) return byCode;
  const rule = messageRules.find(
    (each) => each.statuses.includes(status) && meets(each, signals, status),
  );
  return rule?.class ?? classOfStatus[status] ?? unknownClass(status);
}

/**
 * Tells whether a message meets a rule. A rule that holds the target for everybody is met only by words that are the
 * provider's own: a complaint about the request repeats what one caller wrote in it.
 */
function meets(
  { class: found, pattern }: MessageRule,
  { message, ownWords, isAboutRequest }: ErrorSignals,
  status: number,
): boolean {
  if (!(holdingClasses as readonly string[]).includes(found)) return pattern.test(message);
  if (!pattern.test(ownWords)) return false;
  return !quotingStatuses.has(status) || !(isAboutRequest || complaint.test(message));
}

function classByCode(codes: readonly string[], status: number): FailureClass | undefined {
  for (const code of codes) {
    const here = classOfCodeAt[`${code} ${status}`];
    if (here !== undefined) return here;
    if (Object.hasOwn(classOfCode, code)) return classOfCode[code];
  }
  return undefined;
}

function unknownClass(status: number): FailureClass {
  return status >= 400 && status < 500 ? "invalid_request" : "server_error";
}

function isRetryable(
  failure: FailureClass,
  { codes, message }: ErrorSignals,
  status: number,
  headers: HeaderOf | undefined,
): boolean {
  if (!retryableClasses.has(failure) || headers?.("x-should-retry") === "false") return false;
  if (status >= 300 && status < 400) return false;
  if (lastingStatuses.has(status) || codes.some((code) => lastingCodes.has(code))) return false;
  return !lastingMessage.test(message);
}

function holdOf(
  failure: FailureClass,
  { codes, ownWords }: ErrorSignals,
  wait: number | undefined,
): number | undefined {
  switch (failure) {
    case "rate_limit":
      if (codes.includes("quota_per_day") || /per[ -]day/.test(ownWords)) {
        return Math.max(defaultHoldMs.quota_per_day, wait ?? 0);
      }
      return wait ?? defaultHoldMs.rate_limit;
    case "insufficient_credit":
    case "auth":
    case "permission":
    case "not_found":
      return Math.max(defaultHoldMs[failure], wait ?? 0);
    default:
      return undefined;
  }
}
