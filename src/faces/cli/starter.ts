import { unreachable } from "../../terms/unreachable.ts";
import { policyText, type StarterParts, testsText } from "./starter-text.ts";

/** The kinds of provider that a starter policy can be written with, each with a model whose price the catalog knows. */
export const starterProviders = {
  openai: { model: "gpt-5-mini", key: "OPENAI_API_KEY" },
  anthropic: { model: "claude-haiku-4-5", key: "ANTHROPIC_API_KEY" },
  groq: { model: "llama-3.3-70b-versatile", key: "GROQ_API_KEY" },
  together: { model: "meta-llama/Llama-3.3-70B-Instruct-Turbo", key: "TOGETHER_API_KEY" },
  openrouter: { model: "anthropic/claude-haiku-4.5", key: "OPENROUTER_API_KEY" },
  ollama: { model: "llama3.1:8b" },
  lmstudio: { model: "qwen2.5-7b-instruct" },
} as const satisfies Readonly<Record<string, { readonly model: string; readonly key?: string }>>;

export type StarterProvider = keyof typeof starterProviders;

/** Reads the providers of a list with commas; the first that is none of them where there is one. */
export function readStarterProviders(
  text: string,
): { readonly providers: readonly StarterProvider[] } | { readonly unknown: string } {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !Object.hasOwn(starterProviders, name));
  if (unknown !== undefined) return { unknown };
  return { providers: [...new Set(names as StarterProvider[])] };
}

export interface Starter {
  readonly policy: string;
  readonly tests: string;
}

/**
 * Writes a policy to begin with and its tests, which cover it wholly. Both are clean as they are written.
 *
 * With a provider on this machine private requests stay there, and the policy promises so. Anthropic is asked in its own
 * format, so that it has a route of its own.
 *
 * @param policyFile what the tests call the policy: its path from their folder
 */
export function starter(providers: readonly StarterProvider[], policyFile: string): Starter {
  const parts = partsOf(providers);
  const declared = providers.map((name) => ({
    name,
    isLocal: placeOf(name) === "home",
    key: keyOf(name),
  }));
  return { policy: policyText(declared, parts), tests: testsText(parts, policyFile) };
}

/** The environment variable that holds a provider's key; `undefined` where it needs none. */
export function keyOf(name: StarterProvider): string | undefined {
  const known = starterProviders[name];
  return "key" in known ? known.key : undefined;
}

function partsOf(providers: readonly StarterProvider[]): StarterParts {
  const targets = (wanted: Place) =>
    providers
      .filter((name) => placeOf(name) === wanted)
      .map((name) => `${name}:${starterProviders[name].model}`);
  const home = targets("home");
  const cloud = targets("cloud");
  const claude = targets("claude");
  // The cloud first; what is at home costs nothing, and is there when the money is spent.
  const main = [...cloud, ...home];
  const isMixed = cloud.length + claude.length > 0;
  return main.length === 0
    ? { home: [], claude: [], main: claude, free: [], mainRequest: "{ api: messages }" }
    : { home: isMixed ? home : [], claude, main, free: home, mainRequest: "{ model: anything }" };
}

type Place = "home" | "claude" | "cloud";

function placeOf(name: StarterProvider): Place {
  switch (name) {
    case "ollama":
    case "lmstudio":
      return "home";
    case "anthropic":
      return "claude";
    case "openai":
    case "groq":
    case "together":
    case "openrouter":
      return "cloud";
    default:
      return unreachable(name);
  }
}
