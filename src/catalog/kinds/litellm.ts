import type { KindSpec, SteeringMember } from "../catalog.ts";
import {
  chatAndEmbeddingsPaths,
  limitsByModelName,
  refusesNothing,
  serviceTier,
} from "../chat-kind.ts";

/**
 * Members that LiteLLM takes for itself: other models, other hosts, other credentials, made-up answers, more attempts,
 * made-up prices. `api_base` in a body has sent a proxy's key to a stranger's host (CVE-2024-6587).
 *
 * @see docs.litellm.ai/docs/proxy/client_side_fallbacks and /clientside_auth, 2026-10-14; /completion/input, 2026
 */
export const litellmSteering: readonly SteeringMember[] = [
  "fallbacks",
  "context_window_fallbacks",
  "content_policy_fallbacks",
  "disable_fallbacks",
  "api_base",
  "base_url",
  "api_key",
  "api_version",
  "api_type",
  "organization",
  "custom_llm_provider",
  "litellm_credential_name",
  "deployment_id",
  "model_list",
  "model_info",
  "user_config",
  "tags",
  "num_retries",
  "max_retries",
  "extra_headers",
  "extra_body",
  "mock_response",
  "mock_tool_calls",
  "mock_delay",
  "mock_timeout",
  "mock_testing_fallbacks",
  "mock_testing_context_fallbacks",
  "mock_testing_content_policy_fallbacks",
  "mock_testing_rate_limit_error",
  "input_cost_per_token",
  "output_cost_per_token",
  "input_cost_per_second",
  "output_cost_per_second",
  "vertex_project",
  "vertex_location",
  "vertex_credentials",
  "azure_ad_token",
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "aws_region_name",
  "aws_role_name",
  "aws_bedrock_runtime_endpoint",
  "web_search_options",
].map((member) => ({ member }));

/**
 * A LiteLLM proxy of the user's own. Which models it serves, and what they cost, only its operator knows.
 *
 * The default address is the proxy's own default; a recorded exchange of 2025-03-31 has the path without `/v1`. The
 * proxy asks for a key only where its operator set one, so none is asked for here: the policy names it.
 */
export const litellm: KindSpec = {
  kind: "litellm",
  baseUrl: "http://localhost:4000",
  needsKey: false,
  auth: "bearer",
  paths: chatAndEmbeddingsPaths,
  takesAnyModel: true,
  free: false,
  forwards: true,
  steering: [serviceTier, ...litellmSteering],
  steeringSuffixes: [],
  chatOutputLimit: limitsByModelName,
  refuses: refusesNothing,
  usageOnRequest: true,
  source: "docs.litellm.ai, 2026-10-14; recorded exchanges, 2025",
};
