import type { JsonObject, JsonValue } from "../terms/json.ts";
import { isJsonObject } from "../terms/json.ts";
import type { AttemptSettings } from "../terms/program.ts";

/** What the policy's own `params` can add to the cost of an attempt, beyond what the caller's request costs. */
export interface ParamsWeight {
  /** No more input tokens than the bytes they are written in. */
  readonly inputTokens: number;
  /** The most answers that they ask for; 0 where they say nothing of it. */
  readonly answers: number;
  /** They ask for something that tokens do not pay for: a paid tier, searches, tools that the provider runs. */
  readonly isBoundless: boolean;
}

const known = new WeakMap<AttemptSettings, ParamsWeight>();

/** Weighs the `params` of an attempt; each settings object is weighed once. */
export function paramsWeight(settings: AttemptSettings): ParamsWeight {
  const weighed = known.get(settings);
  if (weighed) return weighed;
  const both = [settings.params.default, settings.params.force];
  const weight = {
    inputTokens: both.reduce((sum, params) => sum + utf8AtMost(params), 0),
    answers: Math.max(...both.map(({ n }) => (typeof n === "number" ? n : 0))),
    isBoundless: both.some(asksForMore),
  };
  known.set(settings, weight);
  return weight;
}

/** A UTF-16 unit is three bytes at most. */
function utf8AtMost(params: JsonObject): number {
  return Object.keys(params).length === 0 ? 0 : JSON.stringify(params).length * 3;
}

const standardTiers: readonly JsonValue[] = ["auto", "default", "standard_only"];

function asksForMore(params: JsonObject): boolean {
  const { service_tier: tier, web_search_options: search, plugins, tools } = params;
  if (tier !== undefined && tier !== null && !standardTiers.includes(tier)) return true;
  if ((search ?? null) !== null || (plugins ?? null) !== null) return true;
  return Array.isArray(tools) && tools.some(runsAtProvider);
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
