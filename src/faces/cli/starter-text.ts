/** Targets by what they are for; where there are none, there is no chain and no route. */
export interface StarterParts {
  /** On this machine, for what is private. */
  readonly home: readonly string[];
  /** Requests in Anthropic's format. */
  readonly claude: readonly string[];
  /** Everything else. */
  readonly main: readonly string[];
  /** Those of `main` that cost nothing; they come last in it. */
  readonly free: readonly string[];
  /** A request that `main` can answer. */
  readonly mainRequest: string;
}

export interface StarterEntry {
  readonly name: string;
  readonly isLocal: boolean;
  /** Environment variable of its key, where it needs one. */
  readonly key: string | undefined;
}

/** The text of a starter policy. */
export function policyText(providers: readonly StarterEntry[], parts: StarterParts): string {
  const { home, claude, main } = parts;
  const isPrivate = home.length > 0;
  const isClaude = claude.length > 0;
  const several = providers.length > 1;
  return text([
    "# yaml-language-server: $schema=./node_modules/signalbox/schema/policy.schema.json",
    "# Where calls to language models go, and what they may cost.",
    "version: 1",
    "",
    "providers:                             # a key is read where it is needed; it never stands in here",
    ...commented(providers.map((entry) => providerLine(entry, several))),
    "",
    isPrivate && [
      "attributes:                            # what is said about a request: header x-signalbox-data, or in-process",
      "  data: { values: [public, private], default: public }",
      "",
    ],
    "routes:                                # the first that matches is taken",
    isPrivate && [
      "  - name: private                      # nothing of it leaves the machine",
      "    match: { data: private }",
      "    use: home",
    ],
    isClaude && [
      "  - name: claude                       # written in Anthropic's format",
      "    match: { api: messages }",
      "    use: claude",
    ],
    "  - name: rest",
    "    use: main",
    "",
    "chains:                                # the next answers where one cannot",
    isPrivate && `  home: [${quoted(home)}]`,
    isClaude && `  claude: [${quoted(claude)}]`,
    "  main:",
    ...main.map((target) => `    - ${target}`),
    "",
    costly(parts) && [
      "ceilings:                              # refuses what would go over, before it is sent",
      "  - { name: day, limit: $10, per: day }",
      "",
    ],
    "defaults: { maxOutputTokens: 4k }",
    "",
    "assert:                                # proved over all requests by `signalbox validate`",
    isPrivate &&
      "  - { promise: private stays home, given: { data: private }, only: { labels: { hosting: self } } }",
    "  - { promise: nobody falls through, total: true }",
  ]);
}

/** A line of YAML and what is said of it. */
type Commented = readonly [line: string, words: string];

function providerLine({ name, isLocal, key }: StarterEntry, several: boolean): Commented {
  if (isLocal) return [`  ${name}: { kind: ${name}, labels: { hosting: self } }`, "this machine"];
  return several
    ? [`  ${name}: { kind: ${name}, optional: true }`, `${key}; skipped while it is not set`]
    : [`  ${name}: { kind: ${name} }`, `${key}`];
}

function commented(lines: readonly Commented[]): readonly string[] {
  const width = Math.max(38, ...lines.map(([line]) => line.length));
  return lines.map(([line, words]) => `${line.padEnd(width)} # ${words}`);
}

/** The text of tests that cover a starter policy: each route, each step, and the ceiling. */
export function testsText(parts: StarterParts, policyFile: string): string {
  const { home, claude, main, mainRequest } = parts;
  return text([
    "# yaml-language-server: $schema=./node_modules/signalbox/schema/policy-test.schema.json",
    `policy: ${policyFile}`,
    "",
    "tests:",
    ...chainTests("rest", "any model", mainRequest, main),
    ...chainTests("private", "what is private", "{ attributes: { data: private } }", home),
    ...chainTests("claude", "what is written for Claude", "{ api: messages }", claude),
    ...ceilingTest(parts),
  ]);
}

/** For each target of a chain a test in which those before it are down. */
function chainTests(
  route: string,
  what: string,
  request: string,
  targets: readonly string[],
): readonly string[] {
  return targets.flatMap((target, index) => {
    const down = targets.slice(0, index);
    const name = `${what} goes to ${target}${down.length > 0 ? ` while ${down.join(" and ")} is down` : ""}`;
    const breakers = down.map((each) => `${JSON.stringify(each)}: open`);
    return [
      `  - name: ${JSON.stringify(name)}`,
      `    request: ${request}`,
      ...(down.length > 0 ? [`    given: { breakers: { ${breakers.join(", ")} } }`] : []),
      `    expect: { route: ${route}, target: ${JSON.stringify(target)} }`,
      "",
    ];
  });
}

function ceilingTest(parts: StarterParts): readonly string[] {
  const found = costly(parts);
  if (!found) return [];
  const { request, paid, last } = found;
  const skipped = paid.map((target) => `${JSON.stringify(target)}: ceiling`).join(", ");
  const rest = last === undefined ? "denied: ceiling" : `target: ${JSON.stringify(last)}`;
  const who = last === undefined ? "nobody answers until tomorrow" : "what costs nothing answers";
  return [
    `  - name: with ten dollars spent, ${who}`,
    `    request: ${request}`,
    "    given: { spend: { day: $10 } }",
    `    expect: { ${rest}, skipped: { ${skipped} } }`,
  ];
}

/** A request that costs something, the targets that do, and the first that does not; none where all is free. */
function costly({ main, free, claude, mainRequest }: StarterParts) {
  const paid = main.filter((target) => !free.includes(target));
  if (paid.length > 0) return { request: mainRequest, paid, last: free[0] };
  return claude.length > 0
    ? { request: "{ api: messages }", paid: claude, last: undefined }
    : undefined;
}

function quoted(targets: readonly string[]): string {
  return targets.map((target) => JSON.stringify(target)).join(", ");
}

/** Lines, and blocks of lines; what does not apply is `false`. */
function text(lines: readonly (string | false | undefined | readonly string[])[]): string {
  const all = lines.flatMap((line) => (line === false || line === undefined ? [] : line));
  return `${all.join("\n").trimEnd()}\n`;
}
