import { describe, expect, it } from "vitest";
import { diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderSarif } from "../../src/diagnostics/render-sarif.ts";

const text = "version: 1\nname: 𝔸 bad\nlist:\n  - one\n  - two\n";
const spanOf = (part: string) => {
  const start = text.indexOf(part);
  return { start, end: start + part.length };
};

const error = diagnostic(
  "SB202",
  "the chain `bad` is [not](https://x.test) declared",
  { file: "some dir/p.yaml", span: spanOf("bad") },
  {
    help: "did you mean `good`?",
    related: [
      { file: "some dir/p.yaml", span: spanOf("one\n  - two"), message: "first written here" },
    ],
  },
);
const warning = diagnostic("SB602", "all at one", {
  file: "/abs/q.yaml",
  span: { start: 0, end: 7 },
});
const sources = new Map([
  ["some dir/p.yaml", text],
  ["/abs/q.yaml", text],
]);

// biome-ignore lint/suspicious/noExplicitAny: the log is looked into member by member
type Any = any;

function log(
  findings = [error, warning],
  ignored: readonly { finding: typeof warning; reason: string }[] = [],
): Any {
  const pages = new Map([["SB202", "# SB202: page\n"]] as const);
  return JSON.parse(renderSarif(findings, { sources, ignored, version: "1.2.3", pages }));
}

const isText = (each: unknown) => typeof each === "string" && each.length > 0;
const isLevel = (each: unknown) => ["none", "note", "warning", "error"].includes(each as string);
const isPositive = (each: unknown) => Number.isInteger(each) && (each as number) >= 1;

/** What a clause of SARIF's asks, and whether it is so. */
type Check = readonly [clause: string, holds: boolean];

/** What SARIF 2.1.0 requires of the objects that we write, by the clauses of its §3: those that do not hold. */
function problems(value: Any): readonly string[] {
  const checks: Check[] = [
    ["3.13.2 version", value.version === "2.1.0"],
    ["3.13.4 runs", Array.isArray(value.runs)],
    ...value.runs.flatMap(runChecks),
  ];
  return checks.filter(([, holds]) => !holds).map(([clause]) => clause);
}

function runChecks({ tool, columnKind, results }: Any): readonly Check[] {
  const { name, semanticVersion, rules } = tool.driver;
  return [
    ["3.19.8 name", isText(name)],
    ["3.19.12 semanticVersion", /^\d+\.\d+\.\d+/.test(semanticVersion)],
    ["3.14.17 columnKind", ["utf16CodeUnits", "unicodeCodePoints"].includes(columnKind)],
    ["3.49.3 ids are unique", new Set(rules.map(({ id }: Any) => id)).size === rules.length],
    ...rules.flatMap(ruleChecks),
    ...results.flatMap((result: Any) => resultChecks(result, rules)),
  ];
}

function ruleChecks({
  id,
  helpUri,
  help,
  shortDescription,
  defaultConfiguration,
}: Any): readonly Check[] {
  return [
    ["3.49.3 id", isText(id)],
    ["3.49.12 helpUri is absolute", URL.canParse(helpUri)],
    ["3.50.3 level", isLevel(defaultConfiguration.level)],
    ["3.49.9 shortDescription.text", isText(shortDescription.text)],
    ["3.49.13 help.text", help === undefined || isText(help.text)],
  ];
}

function resultChecks(result: Any, rules: Any): readonly Check[] {
  const { ruleId, ruleIndex, level, message, locations } = result;
  const { relatedLocations = [], suppressions = [] } = result;
  return [
    ["3.27.6 ruleIndex", rules[ruleIndex]?.id === ruleId],
    ["3.27.10 level", isLevel(level)],
    ["3.27.11 message.text", isText(message.text)],
    ...locations.flatMap(placeChecks),
    ...relatedLocations.flatMap((related: Any): readonly Check[] => [
      ["3.28.2 id", Number.isInteger(related.id) && related.id >= 0],
      ["3.28.5 message.text", isText(related.message.text)],
      ...placeChecks(related),
    ]),
    ...suppressions.map(({ kind }: Any): Check => ["3.35.2 kind", kind === "inSource"]),
  ];
}

function placeChecks({ physicalLocation: { artifactLocation, region } }: Any): readonly Check[] {
  const { startLine, startColumn, endLine, endColumn } = region;
  const inOrder = endLine > startLine || (endLine === startLine && endColumn >= startColumn);
  return [
    ["3.4.3 uri", isText(artifactLocation.uri) && URL.canParse(artifactLocation.uri, "file:///x/")],
    ["3.30 counts from 1", [startLine, startColumn, endLine, endColumn].every(isPositive)],
    ["3.30 ends after it starts", inOrder],
  ];
}

describe("renderSarif", () => {
  it("has what SARIF 2.1.0 requires, with findings, with none, and with ignored ones", () => {
    expect(problems(log())).toEqual([]);
    expect(problems(log([]))).toEqual([]);
    expect(problems(log([error], [{ finding: warning, reason: "known" }]))).toEqual([]);
  });

  it("would notice what is missing", () => {
    const broken = log();
    broken.runs[0].results[0].ruleIndex = 1;
    broken.runs[0].results[1].message = {};
    broken.runs[0].results[1].locations[0].physicalLocation.region.startLine = 0;
    expect(problems(broken).length).toBeGreaterThanOrEqual(3);
  });

  it("counts lines and columns from 1, columns in UTF-16 code units", () => {
    const [first] = log().runs[0].results;
    expect(first.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "some%20dir/p.yaml", uriBaseId: "%SRCROOT%" },
      region: {
        startLine: 2,
        startColumn: 10,
        endLine: 2,
        endColumn: 13,
        charOffset: 20,
        charLength: 3,
      },
    });
    expect(first.relatedLocations).toMatchObject([
      {
        id: 0,
        message: { text: "first written here" },
        physicalLocation: { region: { startLine: 4, endLine: 5, endColumn: 8 } },
      },
    ]);
  });

  it("says message and help, and lets no text of a policy become a link", () => {
    const [first] = log().runs[0].results;
    expect(first.message.text).toBe(
      "the chain `bad` is [not] (https://x.test) declared; did you mean `good`?",
    );
  });

  it("describes each code that occurs once, with its page where there is one", () => {
    const { rules } = log([error, warning, error]).runs[0].tool.driver;
    expect(rules).toMatchObject([
      {
        id: "SB202",
        helpUri: "pkg:npm/signalbox@1.2.3#docs/rules/SB202.md",
        help: { markdown: "# SB202: page\n" },
      },
      { id: "SB602", defaultConfiguration: { level: "warning" } },
    ]);
    expect(rules[1]).not.toHaveProperty("help");
  });

  it("reports what is ignored as suppressed, with its reason", () => {
    const { results } = log([error], [{ finding: warning, reason: "known" }]).runs[0];
    expect(results[0]).not.toHaveProperty("suppressions");
    expect(results[1].suppressions).toEqual([{ kind: "inSource", justification: "known" }]);
  });

  it.for([
    { file: "/abs/q.yaml", artifact: { uri: "file:///abs/q.yaml" } },
    { file: "./p#1.yaml", artifact: { uri: "p%231.yaml", uriBaseId: "%SRCROOT%" } },
    { file: "C:\\x\\p.yaml", artifact: { uri: "file:///C:/x/p.yaml" } },
    { file: "-", artifact: { uri: "stdin" } },
  ])("names the file $file by a URI", ({ file, artifact }) => {
    const finding = { ...warning, file };
    const { results } = log([finding]).runs[0];
    expect(results[0].locations[0].physicalLocation.artifactLocation).toMatchObject(artifact);
  });
});
