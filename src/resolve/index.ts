/** The resolver alone: what an agent needs that loads a compiled Program. Carries neither `yaml` nor `ajv`. */
export { builtInCatalog } from "../catalog/built-in.ts";
export { decisionJson } from "./decision-json.ts";
export { type Explanation, explain, type RouteVerdict, type TargetFacts } from "./explain.ts";
export { type FactsOutcome, readFacts } from "./facts.ts";
export { fixedView, type Given } from "./fixed-view.ts";
export { type Linked, link } from "./link.ts";
export { resolve } from "./resolve.ts";
