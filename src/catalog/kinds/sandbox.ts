import type { KindSpec } from "../catalog.ts";
import { limitsByMaxTokens, refusesNothing, serviceTier } from "../chat-kind.ts";

/**
 * Answers inside the process, in either format, as the policy says; for demos, tests and dry runs. It takes whatever is
 * sent, and costs what the policy says.
 *
 * The paths only say which formats it speaks: nothing is ever sent to them.
 */
export const sandbox: KindSpec = {
  kind: "sandbox",
  needsKey: false,
  auth: "bearer",
  paths: { chat: "/chat/completions", messages: "/messages" },
  takesAnyModel: true,
  free: false,
  forwards: false,
  steering: [serviceTier],
  steeringSuffixes: [],
  chatOutputLimit: limitsByMaxTokens,
  refuses: refusesNothing,
  usageOnRequest: true,
  source: "this project, 2026-11-22",
};
