import type { KindSpec } from "../catalog/catalog.ts";
import type { Program, ProviderSpec, SecretRef, StepSpec } from "../terms/program.ts";
import { splitTarget, type TargetId } from "../terms/target.ts";
import { unreachable } from "../terms/unreachable.ts";
import { Secret, scrubber } from "./secret.ts";

/** Where secrets come from, as arguments. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a small text file; throws where it cannot. */
  readonly readFile: (path: string) => string;
}

/** The keys of one policy, read once at start; they live and die with it. */
export interface Credentials {
  /** Whether calls to this provider can be made: its key is there, or it needs none. */
  readonly has: (provider: string) => boolean;
  /** The provider's key, only for the base URL that the policy gives it: to any other place there is none. */
  readonly secretFor: (provider: ProviderSpec) => Secret | undefined;
  /** Blots out every key in a text. */
  readonly scrub: (text: string) => string;
}

/** Why a provider's key cannot be used; one line each, without the key. */
export interface CredentialProblem {
  readonly provider: string;
  readonly message: string;
  readonly help: string;
}

export interface CredentialOutcome {
  readonly credentials: Credentials;
  /** Of providers that a route can reach and that are not `optional`; in the policy's order. */
  readonly problems: readonly CredentialProblem[];
}

interface Bound {
  readonly baseUrl: string | undefined;
  readonly secret: Secret;
}

/** A key is a line of printable ASCII without spaces: anything else could not travel in a header, or is a mistake. */
const keyPattern = /^[\x21-\x7e]+$/;
const mostKeyLength = 16_384;

/**
 * Reads the key of every provider that has one.
 *
 * A missing or unusable key is a problem where a chain of the policy leads to the provider; an `optional` provider is
 * then without credential instead, and its targets are skipped.
 */
export function readCredentials(
  program: Program,
  kinds: Readonly<Record<string, KindSpec>>,
  sources: SecretSources,
): CredentialOutcome {
  const reachable = reachableProviders(program);
  const bound = new Map<string, Bound>();
  const without = new Set<string>();
  const problems: CredentialProblem[] = [];
  for (const spec of Object.values(program.providers)) {
    const read = readKey(spec, kinds[spec.kind], sources);
    if (read.kind === "key") bound.set(spec.name, { baseUrl: spec.baseUrl, secret: read.secret });
    if (read.kind !== "problem") continue;
    without.add(spec.name);
    if (reachable.has(spec.name) && !spec.optional) {
      problems.push({ provider: spec.name, message: read.message, help: read.help });
    }
  }
  const secretFor = ({ name, baseUrl }: ProviderSpec) => {
    const found = bound.get(name);
    return found && found.baseUrl === baseUrl ? found.secret : undefined;
  };
  const scrub = scrubber([...bound.values()].map(({ secret }) => secret));
  return { credentials: { has: (provider) => !without.has(provider), secretFor, scrub }, problems };
}

/** The providers that a chain of the policy can lead to. */
function reachableProviders(program: Program): ReadonlySet<string> {
  const steps = Object.values(program.chains).flatMap((chain) => chain.steps);
  return new Set(steps.flatMap(providersOf));
}

function providersOf(step: StepSpec): readonly string[] {
  switch (step.kind) {
    case "target":
      return [providerOf(step.entry.target)];
    case "requested":
      return step.admits.map(({ provider }) => provider);
    case "pick":
      return step.from.map(({ entry }) => providerOf(entry.target));
    default:
      return unreachable(step);
  }
}

function providerOf(target: TargetId): string {
  return splitTarget(target)?.provider ?? target;
}

type KeyRead =
  | { readonly kind: "key"; readonly secret: Secret }
  | { readonly kind: "none" }
  | { readonly kind: "problem"; readonly message: string; readonly help: string };

function readKey(spec: ProviderSpec, kind: KindSpec | undefined, sources: SecretSources): KeyRead {
  if (spec.apiKey) return readRef(spec, spec.apiKey, sources);
  if (!kind?.needsKey) return { kind: "none" };
  return problem(
    spec,
    "has no key",
    "name one: `apiKey: { env: NAME }` or `apiKey: { file: PATH }`",
  );
}

function readRef(spec: ProviderSpec, ref: SecretRef, sources: SecretSources): KeyRead {
  if ("env" in ref) return readEnv(spec, ref, sources.env);
  const place = `in the file \`${ref.file}\``;
  let text: string;
  try {
    text = sources.readFile(ref.file);
  } catch (error) {
    return problem(
      spec,
      `has its key ${place}, which cannot be read (${reasonOf(error)})`,
      help(spec, place),
    );
  }
  return checked(spec, text.trimEnd(), place);
}

function readEnv(
  spec: ProviderSpec,
  ref: { readonly env: string; readonly default?: string },
  env: SecretSources["env"],
): KeyRead {
  const place = `in the environment variable \`${ref.env}\``;
  const value = (Object.hasOwn(env, ref.env) ? env[ref.env] : undefined) ?? ref.default;
  if (value !== undefined) return checked(spec, value, place);
  return problem(spec, `has its key ${place}, which is not set`, help(spec, place));
}

function checked(spec: ProviderSpec, text: string, place: string): KeyRead {
  if (text.trim() === "")
    return problem(spec, `has its key ${place}, which is empty`, help(spec, place));
  if (keyPattern.test(text) && text.length <= mostKeyLength)
    return { kind: "key", secret: new Secret(text) };
  const found = "which holds white space, a line end or another character that no key has";
  return problem(spec, `has its key ${place}, ${found}`, help(spec, place));
}

function problem(spec: ProviderSpec, what: string, how: string): KeyRead {
  return { kind: "problem", message: `provider \`${spec.name}\` ${what}`, help: how };
}

function help(spec: ProviderSpec, place: string): string {
  return `put the key ${place}, or let \`${spec.name}\` be skipped without it: \`optional: true\``;
}

/** The system's word for it (`ENOENT`), which is no secret and short. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unreadable";
}
