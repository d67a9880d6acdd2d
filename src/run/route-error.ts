import type { Decision } from "../terms/decision.ts";
import type { Because, FailureClass } from "../terms/failure-class.ts";
import type { AttemptRecord } from "./ports.ts";

/**
 * Why a routed call ended without an answer, or without the rest of it. Stable: callers switch on it.
 *
 * A reason of the policy, the class of the last failure, or one of our own: `bad_request` (the request is malformed or
 * says what the policy does not declare), `forbidden` (its key has expired, or it says what only a key may), `steering`
 * (it tries to choose who answers), `closed` (the router is closed).
 */
export type RouteErrorCode =
  | Because
  | FailureClass
  | "bad_request"
  | "forbidden"
  | "steering"
  | "closed";

/** The HTTP status that each code is answered with; the one table of it. */
export const statusOf: Readonly<Record<RouteErrorCode, number>> = {
  policy: 403,
  no_route: 404,
  ceiling: 402,
  limit: 429,
  breaker_open: 503,
  hold: 503,
  no_credential: 503,
  unpriced: 402,
  unsupported: 400,
  context_length: 400,
  bad_request: 400,
  forbidden: 403,
  steering: 400,
  invalid_request: 400,
  content_filter: 400,
  not_found: 404,
  rate_limit: 429,
  overloaded: 503,
  server_error: 502,
  network: 502,
  auth: 502,
  permission: 502,
  insufficient_credit: 502,
  timeout: 504,
  cancelled: 499,
  closed: 503,
};

const marker: unique symbol = Symbol.for("signalbox.RouteError");

/**
 * The only error that a routed call throws.
 *
 * `code` says what happened, `attempts` what was tried, `decision` what the policy said, and `cause` holds the last
 * underlying error untouched, so that nobody has to read the message to decide what to do next.
 */
export class RouteError extends Error {
  override readonly name = "RouteError";
  readonly [marker] = true;
  readonly code: RouteErrorCode;
  readonly status: number;
  readonly attempts: readonly AttemptRecord[];
  readonly decision: Decision | undefined;
  /** When it is worth asking again, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(code: RouteErrorCode, message: string, about: RouteErrorDetails = {}) {
    super(message, { cause: about.cause });
    this.code = code;
    this.status = statusOf[code];
    this.attempts = about.attempts ?? [];
    this.decision = about.decision;
    this.retryAfterMs = about.retryAfterMs;
  }

  /** Like `instanceof`, and also true where two copies of this package are installed. */
  static is(value: unknown): value is RouteError {
    return value instanceof Error && marker in value;
  }
}

export interface RouteErrorDetails {
  readonly attempts?: readonly AttemptRecord[];
  readonly decision?: Decision;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}
