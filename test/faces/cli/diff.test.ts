import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { registerDiff } from "../../../src/faces/cli/diff.ts";
import { registerExplain } from "../../../src/faces/cli/explain.ts";
import type { CliIo } from "../../../src/faces/cli/io.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import { type RecordedIo, recordedIo } from "../../support/cli-io.ts";
import { linkedPolicy, logOf, recordOf } from "../../support/records.ts";

const policy = `version: 1
providers:
  home:  { kind: sandbox, labels: { hosting: self } }
  cloud: { kind: sandbox, breaker: quick, latency: 50ms }
models:
  "home:*":  { price: { input: $0, output: $0 } }
  "cloud:*": { price: { input: $1, output: $2 } }
attributes: { team: { values: [free, paid], default: free } }
routes:
  - { name: private, match: { user: "hr-*" }, use: local }
  - { name: long, match: { inputTokens: { gte: 1000 } }, use: big }
  - { name: vip, match: { team: paid }, use: big }
  - { name: rest, use: small }
chains:
  local: [home:a]
  small: [home:a, cloud:s]
  big: { maxOutputTokens: 4k, steps: [cloud:l, home:a] }
breakers: { quick: { errorRate: 50%, minFailures: 3, window: 10s, coolDown: 5s } }
retries: { never: { maxRetries: 0 } }
ceilings: [{ name: day, limit: $5, per: day, target: "cloud:*" }]
defaults: { maxOutputTokens: 1k, maxAttempts: 3, retry: never }
`;

async function run(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  overrides: Partial<CliIo> = {},
): Promise<RecordedIo["written"]> {
  const io = recordedIo({ "a.yaml": policy, ...files }, overrides);
  const program = new Command("signalbox");
  registerDiff(program, io);
  registerExplain(program, io);
  await runCli(program, args, io);
  return io.written;
}

const swapped = (text: string, one: RegExp, other: string) => text.replace(one, other);

describe("signalbox diff", () => {
  it.for([
    { name: "the same text", after: policy },
    { name: "comments and blanks", after: `# new\n${policy.replaceAll(": ", ":  ")}` },
    {
      name: "routes whose order makes no difference",
      after: policy
        .replace('  - { name: private, match: { user: "hr-*" }, use: local }\n', "")
        .replace(
          "  - { name: vip,",
          '  - { name: private, match: { user: "hr-*", inputTokens: { lt: 1000 } }, use: local }\n  - { name: vip,',
        )
        .replace(
          "inputTokens: { gte: 1000 } }",
          'inputTokens: { gte: 1000 }, user: { not: "hr-*" } }',
        )
        .replace(
          "  - { name: rest",
          '  - { name: hr, match: { user: "hr-*", inputTokens: { lt: 1000 } }, use: big }\n  - { name: rest',
        )
        .replace(", inputTokens: { lt: 1000 } }, use: local", " }, use: local"),
    },
    {
      name: "a chain of another name",
      after: policy.replaceAll("local", "at-home"),
    },
    {
      name: "weights of the same ratio",
      before: policy.replace(
        "[home:a, cloud:s]",
        "[{ pick: weighted, from: [{ target: home:a, weight: 2 }, { target: cloud:s, weight: 4 }] }]",
      ),
      after: policy.replace(
        "[home:a, cloud:s]",
        "[{ pick: weighted, from: [home:a, { target: cloud:s, weight: 2 }] }]",
      ),
    },
    {
      name: "a condition said in another way",
      after: policy.replace(
        "match: { inputTokens: { gte: 1000 } }",
        "match: { anyOf: [{ inputTokens: { gt: 999, lt: 5000 } }, { inputTokens: { gte: 5k } }] }",
      ),
    },
    {
      name: "a route that no request reaches",
      after: policy.replace(
        "  - { name: rest",
        "  - { name: dead, match: { team: paid, model: x }, use: small }\n  - { name: rest",
      ),
    },
  ])("finds that $name changes nothing", async ({ before = policy, after }) => {
    const { out, err, code } = await run(["diff", "a.yaml", "b.yaml"], {
      "a.yaml": before,
      "b.yaml": after,
    });
    expect({ out, err, code }).toEqual({
      out: "same: every request has the same route, plan, worst cost and ceilings\n",
      err: "",
      code: 0,
    });
  });

  it("shows which requests change, what they get before and after, and by which calls to see it", async () => {
    const after = policy
      .replace("gte: 1000", "gte: 500")
      .replace("[home:a, cloud:s]", "[cloud:s, home:a]");
    const { out, code } = await run(["diff", "a.yaml", "b.yaml"], { "b.yaml": after });
    expect(code).toBe(1);
    expect(out).toBe(`vip → long
  where   inputTokens is at least 500 and below 1000, user is any other or absent, team is paid
  another route
    before  cloud:l, home:a
    after   cloud:l, home:a
    signalbox explain a.yaml --request '{"inputTokens":500,"attributes":{"team":"paid"}}'
    signalbox explain b.yaml --request '{"inputTokens":500,"attributes":{"team":"paid"}}'

rest → long
  where   inputTokens is at least 500 and below 1000, user is any other or absent, team is free
  another route, another first target
    before  home:a, cloud:s
    after   cloud:l, home:a
    signalbox explain a.yaml --request '{"inputTokens":500}'
    signalbox explain b.yaml --request '{"inputTokens":500}'

rest
  where   inputTokens is below 500, user is any other or absent, team is free
  another first target
    before  home:a, cloud:s
    after   cloud:s, home:a
    signalbox explain a.yaml --request '{}'
    signalbox explain b.yaml --request '{}'

3 sets of requests change
`);
  });

  it.for<{ name: string; from: RegExp; to: string; says: readonly string[] }>([
    {
      name: "a route that denies",
      from: /name: vip, match: \{ team: paid \}, use: big/,
      to: 'name: vip, match: { team: paid }, deny: "gone"',
      says: ["denied now", 'after   denied: "gone"', "vip\n"],
    },
    {
      name: "a route that is gone, and nobody takes its requests",
      from: /, use: small \}/,
      to: ', match: { model: "a*" }, use: small }',
      says: ["rest → no route", "after   denied: no_route"],
    },
    {
      name: "a price, shown by a request that costs something",
      from: /output: \$2/,
      to: "output: $3",
      says: ["another worst cost", "cost  cloud:l $0.012 → $0.016 at worst"],
    },
    {
      name: "a group in the place of targets",
      from: /\[home:a, cloud:s\]/,
      to: "[{ pick: cheapest, from: [home:a, cloud:s] }]",
      says: ["before  home:a, cloud:s", "after   cheapest (home:a, cloud:s)"],
    },
    {
      name: "a ceiling that counts other requests",
      from: /per: day, target/,
      to: "per: day, match: { team: paid }, target",
      says: ["other ceilings", "before  under day", "after   under no ceiling", "team is free"],
    },
    {
      name: "a chain behind a ceiling",
      from: /target: "cloud:\*" \}/,
      to: 'target: "cloud:*", exceeded: { use: big } }',
      says: ["another plan", "after   home:a, cloud:s, cloud:l once day refuses"],
    },
    {
      name: "a default that changes who is paid",
      from: /default: free/,
      to: "default: paid",
      says: ["rest → vip", "team is absent", "attributes.team default  free → paid"],
    },
    {
      name: "an attribute that only one policy takes",
      from: /values: \[free, paid\]/,
      to: "values: [free, paid, gold]",
      says: ["before  denied: refused as a bad request", "no longer denied", "team is gold"],
    },
  ])("sees $name", async ({ from, to, says }) => {
    const after = swapped(policy, from, to);
    expect(after).not.toBe(policy);
    const { out, code } = await run(["diff", "a.yaml", "b.yaml"], { "b.yaml": after });
    expect(code).toBe(1);
    for (const text of says) expect(out).toContain(text);
  });

  it.for<{ name: string; from: RegExp; to: string; says: string }>([
    {
      name: "a label",
      from: /hosting: self/,
      to: "hosting: cloud",
      says: "providers.home labels.hosting  self → cloud",
    },
    {
      name: "a breaker",
      from: /window: 10s/,
      to: "window: 1m",
      says: "providers.cloud breaker.window  10s → 1m",
    },
    {
      name: "a retry rule",
      from: /maxRetries: 0/,
      to: "maxRetries: 2",
      says: "retry.maxRetries (and 4 more)  0 → 2",
    },
    {
      name: "a latency",
      from: /50ms/,
      to: "60ms",
      says: "providers.cloud sandbox.latency  50ms → 60ms",
    },
    { name: "a limit", from: /\$5/, to: "$7", says: "ceilings.day limit  $5 → $7" },
    {
      name: "the attempts",
      from: /maxAttempts: 3/,
      to: "maxAttempts: 4",
      says: "maxAttempts (and 2 more)  3 → 4",
    },
    {
      name: "params",
      from: /\[home:a\]/,
      to: "[{ target: home:a, params: { default: { seed: 7 } } }]",
      says: "params.default.seed  none → 7",
    },
    {
      name: "a provider",
      from: /breaker: quick, latency: 50ms \}/,
      to: "breaker: quick, latency: 50ms }\n  spare: { kind: sandbox }",
      says: "providers.spare  none → there",
    },
    {
      name: "a time zone",
      from: /version: 1/,
      to: "version: 1\ntimezone: Asia/Kolkata",
      says: "policy timezone  UTC → Asia/Kolkata",
    },
  ])("tells $name as a setting", async ({ from, to, says }) => {
    const after = swapped(policy, from, to);
    expect(after).not.toBe(policy);
    const { out, code } = await run(["diff", "a.yaml", "b.yaml"], { "b.yaml": after });
    expect(code).toBe(1);
    expect(out.replaceAll(/ {2,}/g, "  ")).toContain(says);
  });

  it("says hours by the clocks of each policy, and shows them by a moment of each", async () => {
    const night = (hours: string, timezone: string) =>
      policy
        .replace("version: 1", `version: 1\ntimezone: ${timezone}`)
        .replace("match: { team: paid }", `match: { time: { days: [fri], hours: ["${hours}"] } }`);
    const files = {
      "a.yaml": night("22:00-06:00", "Europe/Berlin"),
      "b.yaml": night("20:00-06:00", "UTC"),
    };
    const { out } = await run(["diff", "a.yaml", "b.yaml"], files);
    expect(out).toContain("rest → vip\n");
    expect(out).toContain("time is from fri 20:00 to fri 22:00");
    expect(out).toContain("explain a.yaml --request '{}' --at 2026-01-09T19:00:00.000Z");
    expect(out).toContain("explain b.yaml --request '{}' --at 2026-01-09T20:00:00.000Z");
  });

  it("never shows what may be a secret", async () => {
    const cloud = (key: string) =>
      policy
        .replace(
          "kind: sandbox, breaker: quick, latency: 50ms",
          `kind: openai, apiKey: { env: K, default: "${key}" }`,
        )
        .replace('  "cloud:*": { price: { input: $1, output: $2 } }\n', "");
    const files = { "a.yaml": cloud("one-two-three"), "b.yaml": cloud("four-five-six") };
    const { out } = await run(["diff", "a.yaml", "b.yaml"], files);
    expect(out).not.toMatch(/one-two|four-five/);
  });

  it("shows by its calls of `explain` what it says", async () => {
    const after = policy.replace("gte: 1000", "gte: 500");
    const files = { "b.yaml": after };
    const { out } = await run(["diff", "a.yaml", "b.yaml", "--format", "json"], files);
    const { regions } = JSON.parse(out);
    expect(regions.length).toBe(2);
    for (const { before, after: to, cases } of regions) {
      const [mine, theirs] = cases[0].explain as string[];
      for (const [call = "", route] of [
        [mine, before],
        [theirs, to],
      ] as const) {
        const words = call.split(" ");
        const shown = await run(
          [
            "explain",
            words[2] ?? "",
            "--request",
            /'(.*)'/.exec(call)?.[1] ?? "",
            "--format",
            "json",
          ],
          files,
        );
        expect(JSON.parse(shown.out).route).toBe(route);
      }
    }
  });

  it("tells in JSON all that it found", async () => {
    const after = policy.replace("output: $2", "output: $3");
    const { out } = await run(["diff", "a.yaml", "b.yaml", "--format", "json"], {
      "b.yaml": after,
    });
    const document = JSON.parse(out);
    expect(document).toMatchObject({
      format_version: 1,
      same: false,
      undecided: [],
      settings: [{ of: ["models.cloud:*"], setting: "price.output.base" }],
    });
    expect(document.regions[0]).toMatchObject({
      before: "long",
      after: "long",
      cases: [{ changes: ["cost"], cost: { target: "cloud:l", before: "0.012", after: "0.016" } }],
    });
  });

  it("caps what it tells and says how much is left", async () => {
    const routes = Array.from(
      { length: 9 },
      (_, at) => `  - { name: n${at}, match: { model: m${at} }, use: big }\n`,
    ).join("");
    const after = policy.replace("  - { name: private", `${routes}  - { name: private`);
    const { out } = await run(["diff", "a.yaml", "b.yaml", "--top", "2"], { "b.yaml": after });
    expect(out.match(/→ n\d$/gm)).toHaveLength(2);
    expect(out).toMatch(/and requests between \d+ more pairs of routes; --top \d+ tells all/);
  });

  it("tells which recorded decisions move, and what they would have cost", async () => {
    const before = linkedPolicy(policy);
    const went = { inputTokens: 1_000_000, outputTokens: 0, cost: 0 };
    const log = logOf([
      recordOf(before, "one", { inputTokens: 5 }, {}, went),
      recordOf(before, "two", { user: "hr-ann" }, {}, went),
    ]);
    const after = policy.replace("[home:a, cloud:s]", "[cloud:s, home:a]");
    const args = ["diff", "a.yaml", "b.yaml", "--replay", "log.jsonl"];
    const { out, code } = await run(args, { "b.yaml": after, "log.jsonl": log });
    expect(code).toBe(1);
    expect(out).toContain("1 of 2 decisions move, 50 %\n");
    expect(out).toContain("cost  $0 becomes $1  +$1\n");
    expect(out).toContain(
      "1  rest → home:a\n   becomes rest → cloud:s  +$1\n   such as log.jsonl:1, request one\n",
    );
    const { out: json } = await run([...args, "--format", "json"], {
      "b.yaml": after,
      "log.jsonl": log,
    });
    expect(JSON.parse(json).replay).toMatchObject({
      decisions: 2,
      moved: 1,
      money: { change: "1" },
    });
    const broken = await run(args, { "b.yaml": after, "log.jsonl": `${log}oops\n` });
    expect(broken.code).toBe(2);
    expect(broken.err).toContain("log.jsonl:3 error DR002");
  });

  it.for([
    { args: ["diff", "a.yaml", "none.yaml"], says: "cannot read none.yaml: there is no such file" },
    { args: ["diff", "a.yaml", "bad.yaml"], says: "SB202" },
    { args: ["diff", "-", "-"], says: "standard input can be read once" },
    { args: ["diff", "a.yaml", "a.yaml", "--format", "sarif"], says: "--format is pretty or json" },
    { args: ["diff", "a.yaml", "a.yaml", "--top", "-1"], says: "--top is a whole number" },
    { args: ["diff", "a.yaml"], says: "missing required argument 'after'" },
  ])("exits 2 for $args", async ({ args, says }) => {
    const { err, code } = await run(args, { "bad.yaml": policy.replace("use: big", "use: bgi") });
    expect(code).toBe(2);
    expect(err).toContain(says);
  });

  it("paints only where colours are wanted", async () => {
    const esc = String.fromCharCode(27);
    const files = { "b.yaml": policy.replace("gte: 1000", "gte: 500") };
    const painted = await run(["diff", "a.yaml", "b.yaml"], files, { colour: true });
    const plain = await run(["diff", "a.yaml", "b.yaml"], files);
    expect(painted.out).toContain(esc);
    expect(painted.out.replaceAll(new RegExp(`${esc}\\[\\d+m`, "g"), "")).toBe(plain.out);
  });
});
