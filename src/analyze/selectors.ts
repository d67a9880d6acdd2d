import { globTest, isGlob } from "../terms/glob.ts";
import type { FieldTest, ProviderSpec, Selector } from "../terms/program.ts";
import { splitTarget } from "../terms/target.ts";
import { listed, unlisted } from "./able.ts";

/** Which targets a promise shuts out: those that the selector names, or all others. */
export interface Ban {
  readonly kind: "only" | "never";
  readonly selector: Selector;
}

/** Tells whether a promise shuts a target out. */
export function bans(ban: Ban, provider: ProviderSpec, target: string): boolean {
  const { selector } = ban;
  const named = fits(selector, provider) && targetFits(selector, target);
  return named === (ban.kind === "never");
}

/** Tells whether provider and labels are those of a selector; a missing label equals nothing. */
export function fits({ provider, labels }: Selector, spec: ProviderSpec): boolean {
  if (provider && !provider.includes(spec.name)) return false;
  return Object.entries(labels ?? {}).every(([name, values]) => {
    const value = Object.hasOwn(spec.labels, name) ? spec.labels[name] : undefined;
    return value !== undefined && values.includes(value);
  });
}

function targetFits({ target }: Selector, id: string): boolean {
  return !target || target.some((glob) => globTest(glob)(id));
}

/**
 * The models for which a target `provider:model` is shut out, as a test of the model's text.
 *
 * @param prefix what stands before the model in the target and not in the text: `ollama:` for a bare name, else nothing
 * @returns `all` or `none` where the model makes no difference
 */
export function bannedModels(
  ban: Ban,
  provider: ProviderSpec,
  prefix: string,
): FieldTest | "all" | "none" {
  const isNever = ban.kind === "never";
  if (!fits(ban.selector, provider)) return isNever ? "none" : "all";
  const { target } = ban.selector;
  if (!target) return isNever ? "all" : "none";
  const rests = target.flatMap((glob) => restsAfter(glob, prefix));
  const globs = rests.filter(isGlob);
  const values = rests.filter((rest) => !isGlob(rest));
  return isNever ? listed("model", values, globs) : unlisted("model", values, globs);
}

/** The patterns that match a text exactly where the pattern matches `prefix` and the text. */
export function restsAfter(glob: string, prefix: string): readonly string[] {
  const star = glob.indexOf("*");
  if (star === -1) return glob.startsWith(prefix) ? [glob.slice(prefix.length)] : [];
  const before = glob.slice(0, star);
  if (before.startsWith(prefix)) return [glob.slice(prefix.length)];
  if (!prefix.startsWith(before)) return [];
  const after = glob.slice(star + 1);
  const swallowed = prefix.slice(before.length);
  // The suffix may begin within the prefix: what is left of it is then the whole text.
  const wholes: string[] = [];
  for (let taken = 1; taken <= Math.min(after.length, swallowed.length); taken++) {
    if (swallowed.endsWith(after.slice(0, taken))) wholes.push(after.slice(taken));
  }
  return [`*${after}`, ...wholes];
}

/** Tells whether a provider passes calls on to others, while nobody vouches for what it says of itself. */
export function isTakenOnTrust({ forwards, vouched }: ProviderSpec): boolean {
  return forwards && vouched === undefined;
}

/** Tells whether a text names a target of some provider: `openai:gpt-5`, where `openai` is one of them. */
export function isReference(
  text: string,
  providers: Readonly<Record<string, ProviderSpec>>,
): boolean {
  const parts = splitTarget(text);
  return parts !== undefined && Object.hasOwn(providers, parts.provider);
}
