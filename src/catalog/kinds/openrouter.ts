import type { KindSpec, SteeringMember } from "../catalog.ts";
import {
  chatAndEmbeddingsPaths,
  limitsByModelName,
  refusesNothing,
  serviceTier,
} from "../chat-kind.ts";

/**
 * Members of OpenRouter's that choose who answers, what runs besides the model, or at which price. `preset` and
 * `transforms` are from its guides (2026); the others from its OpenAPI description of 2026-08-22.
 */
export const openrouterSteering: readonly SteeringMember[] = [
  { member: "models" },
  { member: "provider" },
  { member: "route" },
  { member: "plugins" },
  { member: "preset" },
  { member: "transforms" },
  { member: "fallbacks" },
  { member: "speed", harmless: ["standard"] },
  { member: "stop_server_tools_when" },
  { member: "web_search_options" },
  { member: "best_of" },
];

/**
 * A preset in the model's name, alone or behind a model: it brings a model, a prompt and settings of its own. An alias
 * (`~author/name-latest`) is a model of its list and held to the price that was reserved by `max_price`.
 *
 * @see https://openrouter.ai/docs/guides/features/presets (2026)
 */
export const preset = "@preset/";

/**
 * OpenRouter.
 *
 * - Address and paths: recorded exchanges of 2025–2026; both limit names answer 200 there (44 and 9 exchanges).
 * - Routing suffixes, taken by any model: openrouter.ai/docs/guides/routing/model-variants (read 2026-11-22);
 *   `:online` adds billed searches, `:nitro` sorts by throughput and may pick a dearer provider. `:free`, `:batch`,
 *   `:thinking` and `:extended` are models of their own in its list, and no suffixes in this sense.
 * - `usage` with its cost is sent in every stream, asked for or not (recorded, and the usage guide of 2026).
 */
export const openrouter: KindSpec = {
  kind: "openrouter",
  baseUrl: "https://openrouter.ai/api/v1",
  keyEnv: "OPENROUTER_API_KEY",
  needsKey: true,
  auth: "bearer",
  paths: chatAndEmbeddingsPaths,
  takesAnyModel: false,
  free: false,
  forwards: true,
  steering: [serviceTier, ...openrouterSteering],
  steeringSuffixes: [":online", ":nitro", ":floor", ":exacto", preset],
  chatOutputLimit: limitsByModelName,
  refuses: refusesNothing,
  // Its upstreams differ in price, and the price book has one figure; `max_price` keeps it to what was reserved.
  takesMaxPrice: true,
  // openrouter.ai/docs/use-cases/usage-accounting (2026-11-22).
  reportsCost: true,
  usageOnRequest: false,
  source:
    "github.com/OpenRouterTeam/typescript-sdk, OpenAPI of 2026-08-22; recorded exchanges, 2025 to 2026",
};
