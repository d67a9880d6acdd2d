import type { Linked } from "../resolve/link.ts";
import { globTest, isGlob } from "../terms/glob.ts";
import type { AdmitSpec, Condition, FieldTest, ProviderSpec } from "../terms/program.ts";
import { targetId } from "../terms/target.ts";
import { listed, unlisted } from "./able.ts";
import { globsMeet, type OpenProspect } from "./plan.ts";
import { isReference, restsAfter } from "./selectors.ts";

/** A part of what a caller may name under `requested`. */
export interface NamedPart {
  /** The requests that name a target of this part: tests of the model's text alone. */
  readonly when: Condition;
  /** What stands before the text in the target: `ollama:` for a bare name. */
  readonly prefix: string;
  /** The texts, where they are few enough to be listed; else any other than those. */
  readonly names?: readonly string[];
  /** Whether some text of the part may be taken for nothing: a bare name that the provider is not known to serve. */
  readonly mayBeNothing?: true;
}

/** More names than these of one provider are not looked at one by one. */
const mostNames = 300;

/**
 * What the caller may name for one glob of a `requested` step to be taken: references (`openai:gpt-5`) and bare names
 * (`gpt-5`), each the names that the catalog or the policy knows and all others.
 */
export function namedParts(linked: Linked, prospect: OpenProspect): readonly NamedPart[] {
  const { admit } = prospect;
  const provider = linked.program.providers[admit.provider];
  if (!provider) return [];
  return [
    ...references(knownNames(linked, provider, admit), admit),
    ...bareNames(linked, prospect, provider),
  ];
}

/**
 * Names that stand for those of a glob that nobody has listed: one that nothing is known of, and one for each pattern of
 * `models` that may say something of some.
 */
export function strangersTo(
  { program }: Linked,
  { provider, model }: AdmitSpec,
): readonly string[] {
  const pattern = `${provider}:${model}`;
  const globs = program.models.map((rule) => rule.pattern).filter(isGlob);
  return [pattern, ...globs.filter((glob) => globsMeet(glob, pattern))].map((glob) =>
    textOfBoth(glob, pattern),
  );
}

/** A text that matches two patterns which some text matches, with a middle of its own where both have a star. */
function textOfBoth(one: string, other: string): string {
  if (!isGlob(one)) return one;
  if (!isGlob(other)) return other;
  const [oneStart = "", oneEnd = ""] = one.split("*");
  const [otherStart = "", otherEnd = ""] = other.split("*");
  const start = oneStart.length > otherStart.length ? oneStart : otherStart;
  const end = oneEnd.length > otherEnd.length ? oneEnd : otherEnd;
  return `${start}no-such-model${end}`;
}

function references(names: readonly string[], admit: AdmitSpec): NamedPart[] {
  const pattern = `${admit.provider}:${admit.model}`;
  const nothing = `${admit.provider}:`;
  const ids = names.map((name) => `${nothing}${name}`);
  const parts: NamedPart[] = [];
  if (ids.length > 0) {
    const when = { fields: [listed("model", ids)] };
    parts.push({ when, prefix: "", names: ids });
  }
  const rest = [modelTest(pattern), unlisted("model", [nothing, ...ids])];
  parts.push({ when: { fields: rest }, prefix: "" });
  return parts;
}

function bareNames(linked: Linked, { admit, before }: OpenProspect, provider: ProviderSpec) {
  const { providers } = linked.program;
  const prefix = `${provider.name}:`;
  const candidates = knownNames(linked, provider, admit);
  const names = candidates.filter(
    (name) =>
      !isReference(name, providers) &&
      serves(linked, provider, name) &&
      !before.some((other) => globTest(other.model)(name) && servesAt(linked, other, name)),
  );
  const parts: NamedPart[] = [];
  if (names.length > 0) {
    parts.push({ when: { fields: [listed("model", names)] }, prefix, names });
  }
  const taken = before.filter(({ provider: name }) => takesAnyAt(linked, name));
  const rest: FieldTest[] = [
    modelTest(admit.model),
    unlisted("model", candidates, [
      ...Object.keys(providers).map((name) => `${name}:*`),
      ...taken.map(({ model }) => model).filter(isGlob),
    ]),
  ];
  const others = taken.map(({ model }) => model).filter((model) => !isGlob(model));
  if (others.length > 0) rest.push(unlisted("model", others));
  parts.push({
    when: { fields: rest },
    prefix,
    ...(!takesAnyAt(linked, provider.name) && { mayBeNothing: true }),
  });
  return parts;
}

function modelTest(pattern: string): FieldTest {
  return isGlob(pattern) ? listed("model", [], [pattern]) : listed("model", [pattern]);
}

/** Names at a provider that the catalog or the policy knows, or that a condition lists, as far as a glob admits them. */
function knownNames(
  linked: Linked,
  provider: ProviderSpec,
  { model }: AdmitSpec,
): readonly string[] {
  const prefix = `${provider.name}:`;
  const { models } = linked.program;
  const ruled = models.flatMap(({ pattern }) =>
    isGlob(pattern) ? [] : restsAfter(pattern, prefix),
  );
  const written = [...writtenModels(linked)].flatMap((text) =>
    text.startsWith(prefix) ? [text.slice(prefix.length)] : [text],
  );
  const all = [...written, ...ruled, ...linked.catalog.models(provider.kind)];
  const admits = globTest(model);
  const names = all.filter((name) => name !== "" && admits(name));
  return [...new Set(names)].slice(0, mostNames);
}

/** Every text that a condition of the policy lists as a model. */
function writtenModels({ program }: Linked): ReadonlySet<string> {
  const texts = new Set<string>();
  const visit = ({ fields, anyOf }: Condition): void => {
    for (const { field, test } of fields) {
      if (field !== "model" || test.kind !== "in") continue;
      for (const value of test.values) texts.add(String(value));
    }
    for (const branch of anyOf ?? []) visit(branch);
  };
  for (const { when } of [...program.routes, ...program.ceilings]) visit(when);
  for (const { given } of program.promises) visit(given);
  return texts;
}

function servesAt(linked: Linked, { provider }: AdmitSpec, name: string): boolean {
  const spec = linked.program.providers[provider];
  return spec !== undefined && serves(linked, spec, name);
}

/** Tells whether a bare name is taken for a model of a provider. */
function serves(linked: Linked, provider: ProviderSpec, name: string): boolean {
  return (
    takesAnyAt(linked, provider.name) ||
    linked.catalog.model(provider.kind, name) !== undefined ||
    linked.catalog.models(provider.kind).includes(name) ||
    linked.program.models.some(({ pattern }) => pattern === targetId(provider.name, name))
  );
}

function takesAnyAt({ program, catalog }: Linked, provider: string): boolean {
  const kind = program.providers[provider]?.kind;
  return kind !== undefined && catalog.kinds[kind]?.takesAnyModel === true;
}
