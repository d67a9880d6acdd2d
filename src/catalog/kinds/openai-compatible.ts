import type { KindSpec, SteeringMember } from "../catalog.ts";
import {
  chatAndEmbeddingsPaths,
  limitsByModelName,
  refusesNothing,
  serviceTier,
} from "../chat-kind.ts";
import { litellmSteering } from "./litellm.ts";
import { openrouterSteering, preset } from "./openrouter.ts";

/**
 * Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, a gateway. The policy gives its `baseUrl`.
 *
 * Nothing is known of it, so everything that steers one of the gateways we know counts as steering it, once each. It
 * asks for a key only where the policy names one. Recorded vLLM streams (2025) carry usage only when asked.
 */
export const openaiCompatible: KindSpec = {
  kind: "openai-compatible",
  needsKey: false,
  auth: "bearer",
  paths: chatAndEmbeddingsPaths,
  takesAnyModel: true,
  free: false,
  forwards: true,
  steering: [serviceTier, ...oncePerMember([...openrouterSteering, ...litellmSteering])],
  steeringSuffixes: [preset],
  chatOutputLimit: limitsByModelName,
  refuses: refusesNothing,
  usageOnRequest: true,
  source:
    "the gateways it may be: kinds openrouter and litellm, 2026-11-22; recorded exchanges, 2025",
};

function oncePerMember(members: readonly SteeringMember[]): readonly SteeringMember[] {
  return [...new Map(members.map((entry) => [entry.member, entry])).values()];
}
