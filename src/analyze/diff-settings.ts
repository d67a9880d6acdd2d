import { type Difference, differences } from "../resolve/record-differences.ts";
import type { JsonObject, JsonValue } from "../terms/json.ts";
import { formatUsd } from "../terms/money.ts";
import type { AttemptSettings, ChainSpec, Program, StepSpec } from "../terms/program.ts";
import { formatDuration } from "../terms/quantity.ts";
import { unreachable } from "../terms/unreachable.ts";

/** A setting that two policies do not share; a side that has none is `undefined`. */
export interface SettingChange {
  /** `breaker.window`, `timeouts.idle`; empty where the whole of a thing is new or gone. */
  readonly setting: string;
  /** What it is a setting of: `providers.openai`, `chains.frontier at openai:gpt-5`. */
  readonly of: readonly string[];
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/**
 * Lists the settings in which two policies differ: what changes how a request is carried out, counted or priced, and not
 * which requests go where. The same change in many places is told once.
 */
export function settingChanges(left: Program, right: Program): readonly SettingChange[] {
  const mine = settingsOf(left);
  const theirs = settingsOf(right);
  const found = new Map<string, { setting: string; of: string[]; left?: string; right?: string }>();
  for (const thing of new Set([...mine.keys(), ...theirs.keys()])) {
    for (const difference of thingDifferences(thing, mine.get(thing), theirs.get(thing))) {
      const { path } = difference;
      const [from, to] = [valueWords(path, difference.left), valueWords(path, difference.right)];
      const setting = path.map((name) => name.replace(/(Ms|Ppm)$/, "")).join(".");
      const key = JSON.stringify([setting, from, to]);
      const known = found.get(key);
      if (known) known.of.push(thing);
      else found.set(key, { setting, of: [thing], ...both(from, to) });
    }
  }
  return [...found.values()].map((change) => ({
    ...change,
    left: change.left,
    right: change.right,
  }));
}

function both(left: string | undefined, right: string | undefined) {
  return { ...(left !== undefined && { left }), ...(right !== undefined && { right }) };
}

/** What is new or gone is one difference, not one for each of its settings. */
function thingDifferences(
  thing: string,
  left: JsonValue | undefined,
  right: JsonValue | undefined,
): readonly Difference[] {
  if (left !== undefined && right !== undefined) return differences(left, right);
  // Chains that one policy lacks show in what becomes of requests.
  if (thing.startsWith("chains.")) return [];
  const word = thing.startsWith("ceilings.") || thing.startsWith("models.");
  const told = (value: JsonValue | undefined) =>
    value === undefined ? undefined : word ? value : "there";
  return [{ path: [], left: told(left), right: told(right) }];
}

/** The settings of a policy by what they are of. */
function settingsOf(program: Program): ReadonlyMap<string, JsonValue> {
  const { timezone, attributes, providers, models, chains, ceilings, promises, keys } = program;
  const things: (readonly [string, unknown])[] = [
    ["policy", { timezone }],
    ...named("attributes", attributes),
    ...named("keys", keys),
    ...named("providers", providers),
    ...models.map(({ pattern, ...rule }) => [`models.${pattern}`, rule] as const),
    ...ceilings.map(
      ({ name, when: _, targets: __, ...rest }) => [`ceilings.${name}`, rest] as const,
    ),
    ...promises.map(({ name, ...rest }) => [`assert.${name}`, rest] as const),
    ...Object.values(chains).flatMap(chainSettings),
  ];
  return new Map(things.map(([name, value]) => [name, JSON.parse(JSON.stringify(value))]));
}

function named(kind: string, things: Readonly<Record<string, unknown>>) {
  return Object.entries(things).map(([name, thing]) => [`${kind}.${name}`, thing] as const);
}

/** What a chain says of the whole request, and what it says of the attempts at each target. */
function chainSettings(chain: ChainSpec): readonly (readonly [string, unknown])[] {
  const { name, maxAttempts, maxOutputTokens, totalMs, on, unsupported, steps } = chain;
  const whole = { maxAttempts, maxOutputTokens, timeouts: { totalMs }, on, unsupported };
  const attempts = steps.flatMap(stepSettings).map(([target, { timeouts, retry, params }]) => {
    return [`chains.${name} at ${target}`, { timeouts, retry, params }] as const;
  });
  return [[`chains.${name}`, whole], ...attempts];
}

function stepSettings(step: StepSpec): readonly (readonly [string, AttemptSettings])[] {
  switch (step.kind) {
    case "target":
      return [[step.entry.target, step.entry.settings]];
    case "requested":
      return step.admits.map(({ provider, model, settings }) => [`${provider}:${model}`, settings]);
    case "pick":
      return step.from.map(({ entry }) => [entry.target, entry.settings]);
    default:
      return unreachable(step);
  }
}

/** A value with its unit. What may be a secret is never shown. */
function valueWords(path: readonly string[], value: JsonValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const last = path.at(-1) ?? "";
  if (path.includes("sha256") || (path.includes("apiKey") && last === "default")) return "(hidden)";
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberWords(last, value);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return wordsOfAll(path, value as JsonObject);
  }
  return JSON.stringify(value);
}

function wordsOfAll(path: readonly string[], object: JsonObject): string {
  const words = Object.entries(object).map(([name, member]) => {
    return `${name.replace(/(Ms|Ppm)$/, "")}: ${valueWords([...path, name], member)}`;
  });
  return `{ ${words.join(", ")} }`;
}

function numberWords(name: string, value: number): string {
  if (name === "expiresMs") return new Date(value).toISOString();
  if (name.endsWith("Ms")) return formatDuration(value);
  if (name.endsWith("Ppm")) return `${value / 10_000}%`;
  if (name === "limit" || name === "perRequest") return `$${formatUsd(value)}`;
  if (name === "base" || name === "rate") return `$${value / 1_000_000} a million`;
  return String(value);
}
