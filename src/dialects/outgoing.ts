import type { Api } from "../terms/api.ts";
import type { Change } from "../terms/change.ts";
import type { JsonObject } from "../terms/json.ts";
import { type Draft, newDraft } from "./draft.ts";
import { asCount } from "./json-read.ts";
import type { Members } from "./members.ts";
import { limitOutput } from "./output-limit.ts";
import { applyRefusals, refusedNow } from "./refused-members.ts";
import { spliceMembers } from "./splice.ts";
import type { TargetHabits } from "./target-habits.ts";

/** A caller's body, and the target that it is to be sent to. */
export interface Outgoing {
  readonly api: Api;
  /** The body as the caller wrote it, taken by `readBody`. */
  readonly text: string;
  /** The same, parsed. */
  readonly body: JsonObject;
  /** Where its members stand, if that is known already: saves a pass over the text. */
  readonly members?: Members;
  /** The model's name as the target knows it. */
  readonly model: string;
  readonly kind: TargetHabits;
  /** Default and clamp of the output limit, in tokens; `undefined` leaves the caller's as it is. */
  readonly maxOutputTokens?: number | undefined;
  readonly params: { readonly default: JsonObject; readonly force: JsonObject };
  /** What to do with a member that the target refuses and that changes the meaning. */
  readonly unsupported: "skip" | "drop";
  readonly stream: boolean;
  /** The rates that the attempt's worst case was computed with, in dollars for a million tokens. */
  readonly priceBound?: { readonly prompt: number; readonly completion: number } | undefined;
}

export type Prepared =
  | {
      readonly kind: "ready";
      readonly body: string;
      readonly changed: readonly Change[];
      /** Usage comes in an event of its own that the caller did not ask for: keep it back (the `usage` stream step). */
      readonly withholdUsage: boolean;
      /** How many answers it asks for (`n`); at least 1. */
      readonly answers: number;
    }
  /** The target cannot keep this member, and leaving it out would change the meaning. */
  | { readonly kind: "unsupported"; readonly member: string };

/**
 * Makes the body that one target gets: the caller's bytes but for the members that must differ.
 *
 * In this order: `params.default` fills what is absent, unless the target refuses it; `params.force` overrides; the
 * output limit is named as the target takes it and held under `maxOutputTokens`, whoever set it; members that the target
 * refuses are left out, or make it `unsupported`; the model and the wish for usage are set. Parameters of a policy change
 * neither `model` nor `stream`.
 */
export function prepareBody(outgoing: Outgoing): Prepared {
  const { api, text, body, kind, model, unsupported } = outgoing;
  const draft = newDraft(body);
  const refused = kind.refuses(api, model);
  applyParams(draft, outgoing, (member) => refusedNow(refused, draft, member));
  const lost = limitOutput(draft, outgoing) ?? applyRefusals(draft, refused, unsupported);
  if (lost !== undefined) return { kind: "unsupported", member: lost };
  boundPrice(draft, outgoing);
  draft.set("model", model, "the target's name for the model");
  const withholdUsage = wishForUsage(draft, outgoing);
  const spliced = spliceMembers(text, draft.edits(), outgoing.members);
  const answers = Math.max(1, (api === "chat" ? asCount(draft.get("n")) : undefined) ?? 1);
  return { kind: "ready", body: spliced.body, changed: spliced.changed, withholdUsage, answers };
}

function applyParams(
  draft: Draft,
  { params }: Outgoing,
  isRefused: (member: string) => boolean,
): void {
  for (const [member, value] of Object.entries(params.default)) {
    if (isKept(member) || draft.get(member) !== undefined || value === undefined) continue;
    draft.set(member, value, "a default of the policy");
    if (isRefused(member)) draft.undo(member);
  }
  for (const [member, value] of Object.entries(params.force)) {
    if (isKept(member) || value === undefined) continue;
    draft.set(member, value, "forced by the policy");
  }
}

/** What routing has decided on is not the parameters' to change. */
function isKept(member: string): boolean {
  return member === "model" || member === "stream";
}

/** Holds a target that picks its own upstream to the price that was reserved; a bound of the policy's own stays. */
function boundPrice(draft: Draft, { kind, priceBound }: Outgoing): void {
  if (!kind.takesMaxPrice || !priceBound) return;
  const provider = objectOf(draft.get("provider"));
  if (provider.max_price !== undefined) return;
  draft.set("provider", { ...provider, max_price: priceBound }, "the price that was reserved");
}

/** Asks for usage where a stream has none otherwise; tells whether the caller is to be spared its event. */
function wishForUsage(draft: Draft, { api, kind, stream, body }: Outgoing): boolean {
  if (api !== "chat" || !stream) return false;
  const options = objectOf(draft.get("stream_options"));
  const isAskedFor = options.include_usage === true;
  if (kind.usageOnRequest && !isAskedFor) {
    const why = "usage is only sent when asked for";
    draft.set("stream_options", { ...options, include_usage: true }, why);
  }
  const callerAsked = objectOf(body.stream_options).include_usage === true;
  return !callerAsked && (isAskedFor || kind.usageOnRequest);
}

function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}
