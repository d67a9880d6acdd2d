import {
  type Diagnostic,
  diagnostic,
  hasErrors,
  sortDiagnostics,
} from "../diagnostics/diagnostic.ts";
import { describeValue, quote } from "../diagnostics/quote.ts";
import type { Span } from "../diagnostics/span.ts";
import type { Path } from "../policy/loaded-policy.ts";
import { checkShape } from "../policy/shape/check-shape.ts";
import { keySpan, type Located, plainData, valueSpan } from "../policy/yaml/located.ts";
import { readYaml } from "../policy/yaml/read-yaml.ts";
import { formatUsd, maxNanoUsd, parseUsd } from "../terms/money.ts";
import { testLanguage } from "./language.ts";
import type { PolicyTests, Test } from "./policy-test.generated.ts";
import type { PolicyTest } from "./policy-test.ts";
import { readTest } from "./read-test.ts";

/** A test file without errors of its own; what it names is not yet held against its policy. */
export interface LoadedTests {
  readonly file: string;
  readonly text: string;
  /** Path of the policy as it is written. */
  readonly policy: string;
  readonly tests: readonly PolicyTest[];
  readonly spanOf: (path: Path) => Span;
  readonly keySpanOf: (path: Path) => Span;
}

export interface TestsOutcome {
  /** Missing where any finding is an error. */
  readonly tests?: LoadedTests;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a test file's text: YAML, then shape, then names and quantities. Pure; never throws.
 *
 * @param file what findings call the text
 */
export function loadTests(text: string, file: string): TestsOutcome {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const { root, found } = readYaml(body, file);
  if (!root) return { diagnostics: sortDiagnostics(found.map(aboutTests)) };
  const data = plainData(root);
  const shape = checkShape(root, data, file, testLanguage);
  if (hasErrors(shape)) return { diagnostics: sortDiagnostics(shape) };
  const { policy, tests } = data as PolicyTests;
  const diagnostics = sortDiagnostics([
    ...checkNames(tests, root, file),
    ...checkAmounts(tests, root, file),
  ]);
  if (hasErrors(diagnostics)) return { diagnostics };
  const loaded = {
    file,
    text: body,
    policy,
    tests: tests.map(readTest),
    spanOf: (path: Path) => valueSpan(root, path),
    keySpanOf: (path: Path) => keySpan(root, path),
  };
  return { tests: loaded, diagnostics };
}

/** The reader speaks of policies; an empty test file lacks something else. */
function aboutTests(found: Diagnostic): Diagnostic {
  if (found.code !== "SB011") return found;
  const message = "expected tests of a policy, found nothing";
  return diagnostic("SB011", message, found, { help: "start with `policy` and `tests`" });
}

function* checkNames(tests: readonly Test[], root: Located, file: string): Generator<Diagnostic> {
  const first = new Map<string, Path>();
  for (const [index, { name }] of tests.entries()) {
    const path = ["tests", index, "name"];
    const earlier = first.get(name);
    if (!earlier) first.set(name, path);
    else {
      const related = [{ file, span: valueSpan(root, earlier), message: "first used here" }];
      const place = { file, span: valueSpan(root, path) };
      yield diagnostic("SB209", `another test is named ${quote(name)}`, place, { related });
    }
  }
}

/** Finds amounts that are too large to be exact, and moments that are in no calendar. */
function* checkAmounts(tests: readonly Test[], root: Located, file: string): Generator<Diagnostic> {
  const outOfRange = (path: Path, expected: string, found: string) =>
    diagnostic("SB107", `expected ${expected}, found ${describeValue(found)}`, {
      file,
      span: valueSpan(root, path),
    });
  for (const [index, { given = {}, expect }] of tests.entries()) {
    const at: Path = ["tests", index];
    const most = `at most $${formatUsd(maxNanoUsd)}`;
    for (const [bucket, amount] of Object.entries(given.spend ?? {})) {
      if (parseUsd(amount) === undefined)
        yield outOfRange([...at, "given", "spend", bucket], most, amount);
    }
    if (expect.cost !== undefined && parseUsd(expect.cost.replace(/^<= ?/, "")) === undefined)
      yield outOfRange([...at, "expect", "cost"], most, expect.cost);
    if (given.at !== undefined && !isMoment(given.at))
      yield outOfRange([...at, "given", "at"], "a day and time of the calendar", given.at);
  }
}

/** `Date.parse` takes 30 February for 2 March. */
function isMoment(text: string): boolean {
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(Date.parse(text)) || Number.isNaN(day)) return false;
  return new Date(day).toISOString().startsWith(text.slice(0, 10));
}
