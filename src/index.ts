// The embedded face. Loads neither `yaml` nor `ajv` nor an SDK by itself: policies as text or files load what reads them
// when they come, `openai()` and `anthropic()` load theirs. The loader of policies has a path of its own: signalbox/policy.

export { builtInCatalog } from "./catalog/built-in.ts";
export type { Catalog, KindSpec, ModelFacts } from "./catalog/catalog.ts";
export { type Compiled, compile } from "./compile/compile.ts";
export { type Code, codes, type Severity } from "./diagnostics/codes.ts";
export type { Diagnostic, Related } from "./diagnostics/diagnostic.ts";
export { appendRecords, type RecordFile } from "./faces/records/append-records.ts";
export { createRouter } from "./faces/sdk/create-router.ts";
export { MissingPeerError } from "./faces/sdk/missing-peer-error.ts";
export type { OwnAnswer, OwnAttempt, OwnCall } from "./faces/sdk/own-call.types.ts";
export { PolicyError } from "./faces/sdk/policy-error.ts";
export { readProgramJson } from "./faces/sdk/read-program-json.ts";
export type {
  CloseOptions,
  ModelCallOptions,
  OwnClientOptions,
  ReloadEvent,
  RoutedMethod,
  RoutedModel,
  Router,
  RouterEvent,
  RouterEventOf,
  RouterOptions,
  RunOptions,
  RunResult,
} from "./faces/sdk/router.types.ts";
export type { LoadOptions } from "./policy/load-policy.ts";
export type { LoadedPolicy, LoadOutcome } from "./policy/loaded-policy.ts";
export type { Policy } from "./policy/policy.generated.ts";
export { decisionJson } from "./resolve/decision-json.ts";
export {
  type Explanation,
  explain,
  type RouteVerdict,
  type TargetFacts,
} from "./resolve/explain.ts";
export { type FactsOutcome, readFacts } from "./resolve/facts.ts";
export { fixedView, type Given } from "./resolve/fixed-view.ts";
export { type Linked, link } from "./resolve/link.ts";
export type {
  DecisionRecord,
  RecordedAttempt,
  RecordedPass,
  RecordedUsage,
  ViewRecord,
} from "./resolve/record.types.ts";
export { resolve } from "./resolve/resolve.ts";
export type {
  AttemptRecord,
  Clock,
  Failure,
  Ledger,
  Observer,
  Random,
  Reservation,
  ReserveOutcome,
  RunEvent,
} from "./run/ports.ts";
export { RouteError, type RouteErrorCode, type RouteErrorDetails } from "./run/route-error.ts";
export { createMemoryLedger } from "./spend/memory-ledger.ts";
export type { Api, Need } from "./terms/api.ts";
export type { Change } from "./terms/change.ts";
export type {
  CeilingView,
  Decision,
  DenyDecision,
  PlanEntry,
  RouteDecision,
  Skip,
} from "./terms/decision.ts";
export type { AttributeValue, Facts, ResolveRequest } from "./terms/facts.ts";
export type { Because, FailureClass } from "./terms/failure-class.ts";
export type { JsonObject, JsonValue } from "./terms/json.ts";
export { formatUsd, type NanoUsd, parseUsd } from "./terms/money.ts";
export type { Program } from "./terms/program.ts";
export type { TargetId } from "./terms/target.ts";
export type { Usage } from "./terms/usage.ts";
export type { Bucket, View } from "./terms/view.ts";
