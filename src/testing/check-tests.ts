import type { Code } from "../diagnostics/codes.ts";
import { type Diagnostic, diagnostic, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/nearest.ts";
import { describeValue, quote, quoteChoices } from "../diagnostics/quote.ts";
import type { Path } from "../policy/loaded-policy.ts";
import type { Given } from "../resolve/fixed-view.ts";
import { strangeNames, strangeTarget } from "../resolve/given-names.ts";
import type { AttributeSpec, Program } from "../terms/program.ts";
import { factsOf } from "./facts-of.ts";
import type { LoadedTests } from "./load-tests.ts";
import type { PolicyTest } from "./policy-test.ts";

/** What a finding points at: a key of the test file, or a value. */
interface Strange {
  readonly code: Code;
  readonly path: Path;
  readonly at: "key" | "value";
  readonly message: string;
  readonly help?: string | undefined;
}

/** Finds what tests say about things that their policy does not have: such a test would show nothing, or never pass. */
export function checkTests(loaded: LoadedTests, program: Program): readonly Diagnostic[] {
  const found = loaded.tests.flatMap((test) => {
    const inRequest = strangeAttributes(program, test);
    const inTest = [
      ...(inRequest.length > 0 ? inRequest : refusedRequest(program, test)),
      ...strangeWorld(program, test),
      ...strangeExpectations(program, test),
    ];
    return inTest.map(({ code, path, at, message, help }) => {
      const place: Path = ["tests", test.index, ...path];
      const span = at === "key" ? loaded.keySpanOf(place) : loaded.spanOf(place);
      return diagnostic(code, message, { file: loaded.file, span }, { help });
    });
  });
  return sortDiagnostics(found);
}

function strangeAttributes({ attributes }: Program, { request }: PolicyTest): readonly Strange[] {
  return Object.entries(request.attributes ?? {}).flatMap(([name, value]): readonly Strange[] => {
    const path = ["request", "attributes", name];
    const spec = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (!spec) {
      const message = `the attribute ${quote(name)} is not declared`;
      const help = didYouMean(name, Object.keys(attributes));
      return [{ code: "SB204", path, at: "key", message, help }];
    }
    const expected = misfit(spec, value);
    if (expected === undefined) return [];
    const message = `${quote(name)} is ${expected}, never ${describeValue(value)}`;
    const help = didYouMean(String(value), (spec.values ?? []).map(String));
    return [{ code: "SB205", path, at: "value", message, help }];
  });
}

/** A request that is refused before it is routed, as one whose key has expired; nothing is decided about it. */
function refusedRequest(program: Program, test: PolicyTest): readonly Strange[] {
  const outcome = factsOf(program, test);
  if (outcome.kind === "facts") return [];
  const path = test.request.key === undefined ? ["request"] : ["request", "key"];
  return outcome.problems.map((message) => ({ code: "SB205", path, at: "value", message }));
}

const typeWords = { string: "a text", number: "a number", boolean: "`true` or `false`" } as const;

/** What the attribute's value should have been. */
function misfit({ values, type }: AttributeSpec, value: string | number | boolean) {
  if (values) return values.includes(value) ? undefined : quoteChoices(values.map(String));
  return typeof value === type ? undefined : typeWords[type];
}

/** The word that a test file has for each member of {@link Given}. */
const words: Readonly<Partial<Record<keyof Given, string>>> = {
  firstOutputMs: "firstOutput",
  withoutCredential: "withoutKey",
};

function strangeWorld(program: Program, { given }: PolicyTest): readonly Strange[] {
  const named = strangeNames(program, given).map(({ member, name, message, help }): Strange => {
    const listed =
      member === "withoutCredential" ? given.withoutCredential?.indexOf(name) : undefined;
    const path = ["given", words[member] ?? member, listed ?? name];
    return { code: "SB221", path, at: listed === undefined ? "key" : "value", message, help };
  });
  const faults = [...given.faults.keys()].flatMap((name) =>
    strangeAt(program, name, ["given", "faults", name], "key"),
  );
  return [...named, ...faults];
}

function strangeExpectations(program: Program, { expect }: PolicyTest): readonly Strange[] {
  const attempts = typeof expect.attempts === "object" ? expect.attempts : [];
  return [
    ...strangeName(
      "route",
      expect.route,
      program.routes.map(({ name }) => name),
    ),
    ...strangeName("chain", expect.chain, Object.keys(program.chains)),
    ...strangeAt(program, expect.target, ["expect", "target"], "value"),
    ...(expect.plan ?? []).flatMap((name, at) =>
      strangeAt(program, name, ["expect", "plan", at], "value"),
    ),
    ...attempts.flatMap((text, at) =>
      strangeAt(program, text.split(" ", 1)[0], ["expect", "attempts", at], "value"),
    ),
    ...Object.keys(expect.skipped ?? {}).flatMap((name) =>
      strangeAt(program, name, ["expect", "skipped", name], "key"),
    ),
  ];
}

function strangeName(
  what: "route" | "chain",
  name: string | undefined,
  known: readonly string[],
): readonly Strange[] {
  if (name === undefined || known.includes(name)) return [];
  const message = `the policy has no ${what} ${quote(name)}`;
  const help = didYouMean(name, known);
  return [{ code: "SB221", path: ["expect", what], at: "value", message, help }];
}

function strangeAt(
  program: Program,
  name: string | undefined,
  path: Path,
  at: Strange["at"],
): readonly Strange[] {
  const found = name === undefined ? undefined : strangeTarget(program, name);
  return found ? [{ code: "SB221", path, at, ...found }] : [];
}
