import type { JsonValue } from "../terms/json.ts";
import type { Draft } from "./draft.ts";
import { asCount, asObject } from "./json-read.ts";
import type { Outgoing } from "./outgoing.ts";

/**
 * Sees to the output limit: under the name that the target takes, at most `maxOutputTokens`, added where it is absent. A
 * limit that is low enough and rightly named stays as the caller wrote it. Embeddings have none.
 *
 * @returns the member that cannot be kept: thinking that a messages request was promised more room for than the lowered
 *   limit leaves
 */
export function limitOutput(draft: Draft, outgoing: Outgoing): string | undefined {
  const { api } = outgoing;
  if (api === "embeddings") return undefined;
  const names = limitNames(outgoing);
  const asked = lowest(names.map((name) => draft.get(name)));
  const { maxOutputTokens } = outgoing;
  const limit = Math.min(
    asked ?? Number.POSITIVE_INFINITY,
    maxOutputTokens ?? Number.POSITIVE_INFINITY,
  );
  if (limit === Number.POSITIVE_INFINITY) return undefined;
  const [name, ...others] = names;
  for (const other of others) draft.remove(other, `sent as \`${name}\``);
  // A forced value that is within the limit keeps its reason.
  if (draft.get(name) !== limit) draft.set(name, limit, reason(asked, limit));
  return api === "messages" && asked !== limit ? keepThinking(draft, outgoing, limit) : undefined;
}

/** The name that the target takes, then those that mean the same. */
function limitNames({ api, kind, model }: Outgoing): readonly [string, ...string[]] {
  if (api !== "chat") return ["max_tokens"];
  return kind.chatOutputLimit(model) === "max_tokens"
    ? ["max_tokens", "max_completion_tokens"]
    : ["max_completion_tokens", "max_tokens"];
}

function lowest(values: readonly (JsonValue | undefined)[]): number | undefined {
  // 0 is no limit, see `readLimit`.
  const limits = values.flatMap((value) => asCount(value) || []);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function reason(asked: number | undefined, limit: number): string {
  if (asked === undefined) return "the policy's output limit";
  return asked > limit ? "held under the policy's output limit" : "the name that the target takes";
}

/** `budget_tokens` must be less than the output limit, or the provider refuses the request. */
function keepThinking(draft: Draft, { unsupported }: Outgoing, limit: number): string | undefined {
  const budget = asCount(asObject(draft.get("thinking")).budget_tokens);
  if (budget === undefined || budget < limit) return undefined;
  if (unsupported === "skip") return "thinking";
  draft.remove("thinking", "its budget is above the output limit");
  return undefined;
}
