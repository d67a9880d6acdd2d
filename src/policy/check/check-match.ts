import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/nearest.ts";
import { quote } from "../../diagnostics/quote.ts";
import type { Match } from "../policy.generated.ts";
import { propertyNotYet } from "../shape/not-yet.ts";
import { checkTest } from "./check-test.ts";
import { fieldKind, matchFields } from "./fields.ts";
import { type MatchMention, matchMentions } from "./mentions.ts";
import { atKey, type Subject } from "./subject.ts";

const deepestAnyOf = 4;

/** Finds match blocks that test unknown fields, test a field as it cannot be tested, or go too deep. */
export function* checkMatches(subject: Subject): Generator<Diagnostic> {
  for (const mention of matchMentions(subject.policy)) {
    yield* checkDepth(subject, mention);
    for (const field of Object.keys(mention.match)) {
      if (field !== "anyOf") yield* checkField(subject, mention, field);
    }
  }
}

function* checkDepth(
  subject: Subject,
  { match, path, depth }: MatchMention,
): Generator<Diagnostic> {
  if (depth !== deepestAnyOf || match.anyOf === undefined) return;
  const message = `expected \`anyOf\` at most ${deepestAnyOf} deep, found more`;
  yield atKey(subject, [...path, "anyOf"], ["SB111", message]);
}

function* checkField(
  subject: Subject,
  mention: MatchMention,
  field: string,
): Generator<Diagnostic> {
  const path = [...mention.path, field];
  const kind = fieldKind(subject.policy, field);
  const test = testOf(mention.match, field);
  if (kind && test !== undefined) {
    yield* checkTest({ subject, field, kind, test, path });
    return;
  }
  const known = matchFields(subject.policy);
  const help =
    propertyNotYet(field) ??
    didYouMean(field, [...known, "anyOf"]) ??
    `declare it under \`attributes\`, or take one of ${known.map(quote).join(", ")}`;
  const message = `the field ${quote(field)} is neither built in nor a declared attribute`;
  yield atKey(subject, path, ["SB204", message], { help });
}

function testOf(match: Match, field: string): Exclude<Match[string], Match["anyOf"]> {
  return match[field] as Exclude<Match[string], Match["anyOf"]>;
}
