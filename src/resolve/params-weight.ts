import type { KindSpec } from "../catalog/catalog.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../terms/json.ts";
import type { AttemptSettings } from "../terms/program.ts";

/** What the policy's own `params` can add to the cost of an attempt, beyond what the caller's request costs. */
export interface ParamsWeight {
  /** No more input tokens than these. */
  readonly inputTokens: number;
  /** The most answers that they ask for; 0 where they say nothing of it. */
  readonly answers: number;
  /** The output limit that replaces the caller's, by API format; infinite where it is one that limits nothing. */
  readonly forcedLimit: Limits;
  /** The output limit of requests that have none. */
  readonly defaultLimit: Limits;
  /** They ask for something that tokens of this model do not pay for: a paid tier, searches, another model. */
  readonly isBoundless: boolean;
}

export interface Limits {
  readonly chat: number | undefined;
  readonly messages: number | undefined;
}

const known = new WeakMap<AttemptSettings, ParamsWeight>();

/** Weighs the `params` of an attempt at a target of this kind; each settings object is weighed once. */
export function paramsWeight(settings: AttemptSettings, kind: KindSpec): ParamsWeight {
  const weighed = known.get(settings);
  if (weighed) return weighed;
  const { default: filled, force: forced } = settings.params;
  const both = [filled, forced];
  const weight = {
    inputTokens: both.reduce((sum, params) => sum + inputOf(params), 0),
    answers: Math.max(...both.flatMap(answersOf), 0),
    forcedLimit: limitsOf(forced),
    defaultLimit: limitsOf(filled),
    isBoundless: both.some((params) => asksForMore(params, kind)),
  };
  known.set(settings, weight);
  return weight;
}

/** What a provider writes around a tool, in tokens, beside its own text. */
const toolOverhead = 1_000;

/** A UTF-16 unit is three bytes at most, and a token one byte at least. */
function inputOf(params: JsonObject): number {
  if (Object.keys(params).length === 0) return 0;
  const { tools, functions } = params;
  const count = [tools, functions].reduce<number>(
    (sum, list) => sum + (Array.isArray(list) ? list.length : 0),
    0,
  );
  return JSON.stringify(params).length * 3 + count * toolOverhead;
}

function answersOf({ n, best_of: bestOf }: JsonObject): readonly number[] {
  return [n, bestOf].filter((count) => typeof count === "number");
}

function limitsOf({ max_tokens: short, max_completion_tokens: long }: JsonObject): Limits {
  return { chat: highest([short, long]), messages: highest([short]) };
}

/** The highest of the limits that are written; one that is no count (`-1`) limits nothing. */
function highest(values: readonly (JsonValue | undefined)[]): number | undefined {
  const written = values.filter((limit) => limit !== undefined && limit !== null);
  if (written.length === 0) return undefined;
  return Math.max(...written.map((limit) => (isCount(limit) ? limit : Number.POSITIVE_INFINITY)));
}

function isCount(value: JsonValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Members that any kind may bill for beyond tokens, whatever its own list says. */
const billed = [
  "web_search_options",
  "plugins",
  "mcp_servers",
  "enable_search",
  "search_parameters",
];

/** Steering members of a policy that choose among upstreams of one price bound, or none at all. */
const bounded = ["provider", "route", "transforms"];

function asksForMore(params: JsonObject, { steering, takesMaxPrice }: KindSpec): boolean {
  const { tools } = params;
  if (Array.isArray(tools) && tools.some(runsAtProvider)) return true;
  if (billed.some((member) => (params[member] ?? null) !== null)) return true;
  return steering.some(({ member, harmless = [] }) => {
    const value = params[member] ?? null;
    if (value === null || (takesMaxPrice && bounded.includes(member))) return false;
    return !(typeof value === "string" && harmless.includes(value));
  });
}

/** Tools that the caller runs are functions or custom ones, or have a schema of their input. */
function runsAtProvider(tool: JsonValue): boolean {
  if (!isJsonObject(tool)) return true;
  const { type } = tool;
  return (
    type !== undefined &&
    type !== "function" &&
    type !== "custom" &&
    tool.input_schema === undefined
  );
}
