import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { kinds } from "../../src/catalog/kinds.ts";
import { compile } from "../../src/compile/compile.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import type { Policy } from "../../src/policy/policy.generated.ts";
import { type Linked, link } from "../../src/resolve/link.ts";
import { checkTests } from "../../src/testing/check-tests.ts";
import { type LoadedTests, loadTests } from "../../src/testing/load-tests.ts";
import { runTest, type TestResult } from "../../src/testing/run-test.ts";

/** Two clouds with prices and a desk without, all in-process. */
export const smallPolicy = `version: 1
providers:
  big: { kind: sandbox }
  small: { kind: sandbox }
  desk: { kind: sandbox }
models:
  "big:*": { price: { input: $10, output: $10 }, window: 100k, maxOutput: 1k }
  "small:*": { price: { input: $1, output: $1 }, window: 50k, maxOutput: 1k, can: [tools] }
  "desk:*": { price: { input: $0, output: $0 }, window: 10k, maxOutput: 1k }
attributes:
  data: { values: [public, private], default: public }
routes:
  - { name: private, match: { data: private }, use: home }
  - { name: pinned, match: { model: "big:*" }, use: asked }
  - { name: nobody, match: { model: nobody }, deny: "not here" }
  - { name: rest, use: main }
chains:
  home: ["desk:a"]
  group:
    - { pick: cheapest, from: ["big:b", "small:c"] }
  main:
    - big:a
    - chain: group
  asked:
    - requested: ["big:*"]
    - small:c
retries:
  once: { maxRetries: 1 }
ceilings:
  - { name: day, limit: $1, per: day }
  - { name: mine, limit: $0.5, per: month, each: [user], exceeded: { use: home } }
  - { name: soft, limit: $0.1, per: week, exceeded: warn }
defaults: { maxOutputTokens: 1k, retry: once, maxAttempts: 4 }
`;

export interface Ready {
  readonly policy: Policy;
  readonly linked: Linked;
}

/** Loads a policy that must have no errors. */
export function ready(text: string = smallPolicy): Ready {
  const { policy, diagnostics } = loadPolicy(text, { file: "p.yaml", env: {}, kinds });
  if (!policy) throw new TypeError(JSON.stringify(diagnostics));
  const { program } = compile(policy, builtInCatalog);
  return { policy: policy.policy, linked: link(program, builtInCatalog) };
}

/** A test file with the lines of its tests, indented as items of the list. */
export function testFile(tests: string): string {
  return `policy: p.yaml\ntests:\n${tests}`;
}

/** Loads a test file that must have no errors. */
export function loadedTests(text: string): LoadedTests {
  const { tests, diagnostics } = loadTests(text, "p.test.yaml");
  if (!tests) throw new TypeError(JSON.stringify(diagnostics));
  return tests;
}

/** Each finding in a test file as its code and the text it points at, held against the small policy. */
export function found(text: string): readonly string[] {
  const { tests, diagnostics } = loadTests(text, "p.test.yaml");
  const all = tests ? [...diagnostics, ...checkTests(tests, ready().linked.program)] : diagnostics;
  return all.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);
}

export const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Runs tests against a policy. */
export async function results(
  tests: string,
  { linked }: Ready = ready(),
): Promise<readonly TestResult[]> {
  const loaded = loadedTests(testFile(tests));
  const all: TestResult[] = [];
  for (const test of loaded.tests) all.push(await runTest(linked, test, settled));
  return all;
}
