import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { compile } from "../../src/compile/compile.ts";
import { hasErrors } from "../../src/diagnostics/diagnostic.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import { plainData } from "../../src/policy/yaml/located.ts";
import { readYaml } from "../../src/policy/yaml/read-yaml.ts";
import { projectRoot } from "../support/cli-io.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

const env = { SOME_URL: "https://some.example/v1" };

function revisionOf(policy: Json): string | undefined {
  const text = stringify(policy, { aliasDuplicateObjects: false, lineWidth: 0 });
  const loaded = loadPolicy(text, { file: "p.yaml", env, kinds: builtInCatalog.kinds });
  if (!loaded.policy || hasErrors(loaded.diagnostics)) return undefined;
  return compile(loaded.policy, builtInCatalog).program.revision;
}

function* leavesOf(value: Json, path: Path = []): Generator<{ path: Path; value: Json }> {
  if (typeof value !== "object" || value === null) yield { path, value };
  else {
    for (const [key, inner] of Object.entries(value)) {
      yield* leavesOf(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  }
}

function replaced(value: Json, [first, ...rest]: Path, by: Json): Json {
  if (first === undefined) return by;
  if (Array.isArray(value)) {
    return value.with(Number(first), replaced(value[Number(first)] ?? null, rest, by));
  }
  const holder = value as { [key: string]: Json };
  return { ...holder, [first]: replaced(holder[first] ?? null, rest, by) };
}

/** The policy with one word for another, in keys and values alike. */
function renamed(value: Json, word: string, by: string): Json {
  if (typeof value === "string") return value === word ? by : value;
  if (Array.isArray(value)) return value.map((inner) => renamed(inner, word, by));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key === word ? by : key,
    renamed(inner, word, by),
  ]);
  return Object.fromEntries(entries);
}

const needs = ["tools", "vision", "audio", "files", "json", "reasoning", "state"];
const targets = ["openai:gpt-4.1", "groq:*", "openai:o3"];

/** Words of the language that stand under a key, or in a list under it. */
const words: Readonly<Record<string, readonly string[]>> = {
  kind: ["groq", "openai", "litellm", "openrouter", "deepinfra", "openai-compatible", "sandbox"],
  ...{ env: ["SOME_URL"], baseUrl: ["https://some.example/v2"], timezone: ["Asia/Tokyo"] },
  ...{ can: needs, all: needs, any: needs, none: needs },
  ...{ setBy: ["key", "caller"], type: ["string", "number"], with: ["network", "auth"] },
  ...{ api: ["embeddings", "messages", "chat"], model: ["other"], data: ["public", "private"] },
  ...{ pick: ["cheapest", "weighted"], per: ["hour", "month"], exceeded: ["deny", "warn"] },
  ...{ by: ["key", "project"], each: ["key", "user"], unsupported: ["skip", "drop"] },
  ...{ on: ["auth", "network", "hold"], callerMay: ["service_tier", "provider", ":nitro"] },
  ...{ days: ["sun", "tue"], hours: ["01:00-02:00"], match: ["absent"] },
  ...{ target: targets, steps: targets, from: targets, requested: targets },
};

/** Other policies in which this leaf is another, the likeliest first; those that are none are left out later. */
function* variants(policy: { [key: string]: Json }, path: Path, value: Json): Generator<Json> {
  for (const other of othersOf(value, path)) {
    if (other !== value) yield replaced(policy, path, other);
  }
  if (typeof value === "string") {
    for (const section of ["chains", "breakers", "retries", "attributes", "providers"]) {
      for (const name of Object.keys(policy[section] ?? {})) {
        if (name !== value) yield replaced(policy, path, name);
      }
    }
    yield renamed(policy, value, `${value}-other`);
  }
}

function othersOf(value: Json, path: Path): readonly Json[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [value + 2, value - 1, value / 2];
  const text = String(value);
  if (text.startsWith("$")) return ["$7.77", "$0.07"];
  if (/^\d+(ms|s|m|h)$/.test(text)) return ["7s", "77s"];
  if (text.endsWith("%")) return ["7%", "77%"];
  if (/^[\d.]+[kM]$/.test(text)) return ["7k", "77k"];
  if (/^[0-9a-f]{64}$/.test(text)) return ["7".repeat(64)];
  if (text.startsWith("http")) return ["https://some.example/v3"];
  if (/^\d{4}-/.test(text)) return ["2031-07-07"];
  const key = String(path.findLast((step) => typeof step === "string"));
  const known = Object.hasOwn(words, key) ? (words[key] ?? []) : [];
  const isTarget = path[0] === "chains" && text.includes(":");
  return [...known, ...(isTarget ? targets : []), `${text}-other`];
}

/** What becomes of the Program when a leaf is another: it changes, it never does, or the leaf can be no other. */
function fateOf(
  policy: { [key: string]: Json },
  leaf: { path: Path; value: Json },
  revision: string | undefined,
): "alive" | "dead" | "fixed" {
  let fate: "dead" | "fixed" = "fixed";
  for (const variant of variants(policy, leaf.path, leaf.value)) {
    const found = revisionOf(variant);
    if (found !== undefined && found !== revision) return "alive";
    if (found !== undefined) fate = "dead";
  }
  return fate;
}

/**
 * Leaves that cannot be changed alone: constants of the language, and in the policy with every property kinds whose
 * members no other kind has, and types and numbers that conditions rest on. All others can, and are.
 */
const held: Readonly<Record<string, readonly string[]>> = {
  "policies/design.yaml": ["version", "assert.1.total"],
  "test/golden/ok/everything.yaml": [
    "version",
    ...["openrouter", "ours", "play", "broken"].map((name) => `providers.${name}.kind`),
    ...["level.values.0", "level.values.1"].map((leaf) => `attributes.${leaf}`),
    ...["depth", "trace", "team"].map((name) => `attributes.${name}.type`),
    "routes.3.match.anyOf.1.anyOf.1.level.1",
    "assert.3.total",
    "assert.4.answerable",
  ],
  "test/golden/ok/credentials.yaml": ["version", "attributes.level.type", "attributes.trace.type"],
};

describe("every key that the language takes", () => {
  it.for([
    "policies/design.yaml",
    "test/golden/ok/everything.yaml",
    "test/golden/ok/credentials.yaml",
  ])(
    "has an effect: with any leaf of %s changed, the Program changes",
    { timeout: 60_000 },
    (file) => {
      const { root } = readYaml(readFileSync(join(projectRoot, file), "utf8"), file);
      const policy = JSON.parse(JSON.stringify(root && plainData(root))) as { [key: string]: Json };
      const revision = revisionOf(policy);
      expect(revision).toBeDefined();
      const leaves = [...leavesOf(policy)];
      const fates = Map.groupBy(leaves, (leaf) => fateOf(policy, leaf, revision));
      const namesOf = (fate: "dead" | "fixed") =>
        (fates.get(fate) ?? []).map(({ path }) => path.join("."));
      const fixed = namesOf("fixed");
      const dead = namesOf("dead");
      expect({ fixed, dead }).toEqual({ fixed: held[file], dead: [] });
      expect(leaves.length).toBeGreaterThan(30);
    },
  );
});
