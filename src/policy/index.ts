/** The loader alone: YAML text to a checked policy. Loads `yaml` and `ajv`. */
export { decodeUtf8 } from "./decode-utf8.ts";
export type { ReadIncluded } from "./include/gather-files.ts";
export { type LoadOptions, loadPolicy } from "./load-policy.ts";
export type { LoadedPolicy, LoadOutcome, Path } from "./loaded-policy.ts";
export type { Policy } from "./policy.generated.ts";
