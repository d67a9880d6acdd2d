import type { MovesOn } from "../../src/terms/failure-class.ts";

/** What moves on where a policy does not say, as the language defines it. */
export const movesOnByDefault: readonly MovesOn[] = [
  "rate_limit",
  "overloaded",
  "server_error",
  "timeout",
  "network",
  "unsupported",
  "context_length",
  "breaker_open",
  "hold",
  "ceiling",
  "limit",
  "auth",
  "permission",
  "not_found",
  "insufficient_credit",
  "no_credential",
];
