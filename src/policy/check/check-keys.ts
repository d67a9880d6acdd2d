import { Temporal } from "temporal-polyfill";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/nearest.ts";
import { describeValue, quote, quoteChoices } from "../../diagnostics/quote.ts";
import type { Path } from "../loaded-policy.ts";
import type { Attribute, Key } from "../policy.generated.ts";
import type { Scalar } from "../shapes.ts";
import { atKey, atValue, named, namesOf, type Subject, valuePlace } from "./subject.ts";

/** Finds keys that set what is not declared or cannot be, expire on no day, or have the digest of another. */
export function* checkKeys(subject: Subject): Generator<Diagnostic> {
  const digests = new Map<string, Path>();
  for (const [index, key] of (subject.policy.keys ?? []).entries()) {
    const path = ["keys", index];
    if (key.project !== undefined) yield* checkLength(subject, key.project, [...path, "project"]);
    for (const [name, value] of Object.entries(key.set ?? {})) {
      yield* checkSet(subject, name, value, [...path, "set", name]);
    }
    yield* checkExpiry(subject, key, [...path, "expires"]);
    yield* checkDigest(subject, key, [...path, "sha256"], digests);
  }
}

function* checkSet(
  subject: Subject,
  name: string,
  value: Scalar,
  path: Path,
): Generator<Diagnostic> {
  const { attributes } = subject.policy;
  const attribute = named(attributes, name);
  if (!attribute) {
    const help = didYouMean(name, namesOf(attributes)) ?? "declare it under `attributes`";
    const message = `the attribute ${quote(name)} is not declared`;
    yield atKey(subject, path, ["SB204", message], { help });
    return;
  }
  const expected = misfit(attribute, value);
  if (expected === undefined) {
    yield* checkLength(subject, value, path);
    return;
  }
  const message = `expected ${expected}, found ${describeValue(value)}`;
  yield atValue(subject, path, ["SB205", message]);
}

/** What a request may say of itself is no longer than this; a key that says more would make all its requests invalid. */
const longestWord = 256;

function* checkLength(subject: Subject, value: Scalar, path: Path): Generator<Diagnostic> {
  if (typeof value !== "string" || value.length <= longestWord) return;
  const message = `expected at most ${longestWord} characters, found ${value.length}`;
  yield atValue(subject, path, ["SB107", message]);
}

/** What the attribute takes, where it does not take the value. */
function misfit(attribute: Attribute, value: Scalar): string | undefined {
  if ("values" in attribute) {
    const { values } = attribute;
    return values.includes(value) ? undefined : quoteChoices(values.map(String));
  }
  const { type } = attribute;
  return typeof value === type ? undefined : `a value of type \`${type}\``;
}

function* checkExpiry(subject: Subject, { expires }: Key, path: Path): Generator<Diagnostic> {
  if (expires === undefined || isDay(expires)) return;
  const message = `expected a day of the calendar, found ${quote(expires)}`;
  yield atValue(subject, path, ["SB107", message]);
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
}

/** Two names for one key: nobody could say which of them called. */
function* checkDigest(
  subject: Subject,
  { sha256 }: Key,
  path: Path,
  seen: Map<string, Path>,
): Generator<Diagnostic> {
  const digest = typeof sha256 === "string" ? sha256.toLowerCase() : `env ${sha256.env}`;
  const earlier = seen.get(digest);
  if (!earlier) {
    seen.set(digest, path);
    return;
  }
  const related = [{ ...valuePlace(subject, earlier), message: "first used here" }];
  yield atValue(subject, path, ["SB209", "another key has the same digest"], { related });
}
