/** Tests of policies: test files read, run and counted. Loads `yaml` and `ajv`. */
export { checkTests } from "./check-tests.ts";
export type { FieldDiff, Observed } from "./compare.ts";
export { type CoverageReport, type CoveredItem, coverageReport } from "./coverage/report.ts";
export { type LoadedTests, loadTests, type TestsOutcome } from "./load-tests.ts";
export type { Expectation, PolicyTest, TestWorld } from "./policy-test.ts";
export { runTest, type TestResult } from "./run-test.ts";
export type { Settled } from "./simulate.ts";
export { type Suggestion, suggestTests } from "./suggest/suggest.ts";
