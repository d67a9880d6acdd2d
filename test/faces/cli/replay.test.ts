import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { registerExplain } from "../../../src/faces/cli/explain.ts";
import type { CliIo } from "../../../src/faces/cli/io.ts";
import { recordCall } from "../../../src/faces/cli/record-call.ts";
import { registerReplay } from "../../../src/faces/cli/replay.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import type { DecisionRecord } from "../../../src/resolve/record.ts";
import { remake } from "../../../src/resolve/record-remake.ts";
import { type RecordedIo, recordedIo } from "../../support/cli-io.ts";
import { linkedPolicy, logOf, recordOf } from "../../support/records.ts";

const policy = `version: 1
providers: { a: { kind: sandbox }, b: { kind: sandbox }, c: { kind: sandbox } }
models:
  "a:*": { price: { input: $1, output: $1 } }
  "b:*": { price: { input: $2, output: $2 } }
  "c:x": { price: { input: $4, output: $4 } }
routes:
  - { name: fast, match: { model: fast }, use: fast }
  - { name: some, match: { model: some }, use: some }
  - { name: rest, use: main }
chains:
  main: [a:x, b:x]
  fast: [{ pick: fastest, from: [a:x, b:x, c:x] }]
  some: [{ pick: weighted, from: [{ target: a:x, weight: 2 }, b:x, c:x] }]
ceilings: [{ name: day, limit: $1, per: day, each: [user] }]
defaults: { maxOutputTokens: 1k }
`;
const turned = policy.replace("main: [a:x, b:x]", "main: [b:x, a:x]");
const dearer = policy.replace("price: { input: $1", "price: { input: $3");
const denying = policy.replace("name: rest, use: main", 'name: rest, deny: "closed"');
const unknown = policy.replace("main: [a:x, b:x]", "main: [c:free]");

const linked = linkedPolicy(policy);
const nowMs = Date.UTC(2026, 10, 22, 9);
const went = { inputTokens: 1_000_000, outputTokens: 0, cost: 1_000_000_000 };
const log: readonly DecisionRecord[] = [
  recordOf(linked, "one", { model: "x", inputTokens: 5, user: "ann" }, { nowMs }, went),
  recordOf(linked, "two", { model: "y", inputTokens: 5 }, { nowMs }, went),
  recordOf(linked, "three", { model: "fast", inputTokens: 5 }, { nowMs }, went),
  recordOf(linked, "four", { model: "x" }, { nowMs, breakers: { "a:x": "open" } }),
];

async function run(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  overrides: Partial<CliIo> = {},
): Promise<RecordedIo["written"]> {
  const io = recordedIo(
    { "policy.yaml": policy, "turned.yaml": turned, "log.jsonl": logOf(log), ...files },
    overrides,
  );
  const program = new Command("signalbox");
  registerReplay(program, io);
  registerExplain(program, io);
  await runCli(program, args, io);
  return io.written;
}

describe("signalbox replay", () => {
  it("makes every decision again under the policy that made it", async () => {
    const { out, err, code } = await run(["replay", "log.jsonl", "policy.yaml"]);
    expect({ out, err, code }).toEqual({
      out: "4 decisions made again to the last bit\n",
      err: "",
      code: 0,
    });
  });

  it("reads a log from standard input, and says that an empty one holds nothing", async () => {
    expect((await run(["replay", "-", "policy.yaml"], { "-": logOf(log) })).code).toBe(0);
    const { out, code } = await run(["replay", "-", "policy.yaml"], { "-": "" });
    expect({ out, code }).toEqual({ out: "no decisions\n", code: 0 });
  });

  it("fails where the same policy decides otherwise, and says in which fields", async () => {
    const forged = { ...log[0], decision: { ...log[0]?.decision, route: "other" } };
    const file = `${logOf(log.slice(1))}${JSON.stringify(forged)}\n`;
    const { out, code } = await run(["replay", "f.jsonl", "policy.yaml"], { "f.jsonl": file });
    expect(code).toBe(1);
    expect(out).toBe(
      [
        "f.jsonl:4 error DR101: the policy that made this decision makes another one now (request one)",
        '    route  recorded "other"  made again "rest"',
        "",
        "1 of 4 decisions not made again",
        "",
      ].join("\n"),
    );
  });

  it("says of each bad line where it is and what is wrong, and goes on", async () => {
    const [first = log[0]] = log;
    const file = `oops\n${JSON.stringify(first)}\n\n${JSON.stringify({ ...first, view: {} })}`;
    const { out, code } = await run(["replay", "f.jsonl", "policy.yaml"], { "f.jsonl": file });
    expect(code).toBe(1);
    expect(out).toContain("f.jsonl:1 error DR002: expected a JSON object, found `oops`\n");
    expect(out).toContain("f.jsonl:3 error DR002: expected a JSON object, found an empty line\n");
    expect(out).toContain(
      "f.jsonl:4 error DR004: `view.nowMs`: expected epoch milliseconds, found nothing\n",
    );
    expect(out).toContain("1 decision made again to the last bit\n3 lines could not be read\n");
  });

  it("keeps twenty problems and counts the others", async () => {
    const file = "oops\n".repeat(50);
    const { out } = await run(["replay", "f.jsonl", "policy.yaml"], { "f.jsonl": file });
    expect(out.match(/error DR002/g)).toHaveLength(20);
    expect(out).toContain("and 30 more lines with errors\n");
    expect(out).toContain("50 lines could not be read\n");
  });

  it("tells of another policy which decisions move, what they cost, and shows each way by an example", async () => {
    const { out, code } = await run(["replay", "log.jsonl", "turned.yaml"]);
    expect(code).toBe(1);
    expect(out).toBe(
      [
        "2 of 4 decisions move, 50 %",
        "  to another first target  2  50 %",
        "  cost  $3 becomes $5  +$2",
        "  1 decision of unknown cost in neither",
        "",
        "2  rest → a:x",
        "   becomes rest → b:x  +$2",
        "   such as log.jsonl:1, request one",
        `   signalbox explain turned.yaml --request '{"model":"x","inputTokens":5,"user":"ann"}' --at 2026-11-22T09:00:00.000Z --seed 0`,
        "",
      ].join("\n"),
    );
  });

  it.for([
    { name: "a price", policy: dearer, moves: { cost: 3 }, money: { after: "9", change: "6" } },
    {
      name: "a denial",
      policy: denying,
      moves: { denial: 3, target: 3, cost: 3 },
      money: { after: "1", change: "-2" },
    },
    {
      name: "a target of unknown price",
      policy: unknown,
      moves: { denial: 3, target: 3 },
      money: { before: "3", after: "1" },
    },
  ])("tells in JSON what $name moves", async ({ policy: other, moves, money }) => {
    const args = ["replay", "log.jsonl", "other.yaml", "--format", "json"];
    const { out, code } = await run(args, { "other.yaml": other });
    expect(code).toBe(1);
    const { format_version, others } = JSON.parse(out);
    expect(format_version).toBe(1);
    expect(others).toMatchObject({ decisions: 4, by_move: moves, money });
  });

  it("tells that a request would be refused that says what the policy does not declare", async () => {
    const withTeam = policy.replace("routes:", "attributes: { team: { values: [a, b] } }\nroutes:");
    const record = recordOf(linkedPolicy(withTeam), "r", { attributes: { team: "b" } }, { nowMs });
    const files = { "f.jsonl": logOf([record]), "p.yaml": withTeam.replace("[a, b]", "[a]") };
    const { out } = await run(["replay", "f.jsonl", "p.yaml"], files);
    expect(out).toContain("1  rest → a:x\n   becomes refused as a bad request");
  });

  it.for([
    {
      args: ["replay", "none.jsonl", "policy.yaml"],
      says: "cannot read none.jsonl: there is no such file",
    },
    {
      args: ["replay", "log.jsonl", "none.yaml"],
      says: "cannot read none.yaml: there is no such file",
    },
    { args: ["replay", "log.jsonl", "bad.yaml"], says: "SB202" },
    {
      args: ["replay", "log.jsonl", "policy.yaml", "--format", "xml"],
      says: "--format is pretty or json, not `xml`",
    },
    {
      args: ["replay", "log.jsonl", "policy.yaml", "--top", "all"],
      says: "--top is a whole number",
    },
    { args: ["replay", "-", "-"], says: "standard input can be read once" },
    { args: ["replay", "log.jsonl"], says: "missing required argument 'policy'" },
  ])("exits 2 for $args", async ({ args, says }) => {
    const bad = policy.replace("use: main", "use: mian");
    const { err, code } = await run(args, { "bad.yaml": bad });
    expect(code).toBe(2);
    expect(err).toContain(says);
  });

  it("paints only where colours are wanted", async () => {
    const esc = String.fromCharCode(27);
    const painted = await run(["replay", "log.jsonl", "turned.yaml"], {}, { colour: true });
    expect(painted.out).toContain(esc);
    const plain = await run(["replay", "log.jsonl", "turned.yaml"]);
    expect(plain.out).not.toContain(esc);
    expect(painted.out.replaceAll(new RegExp(`${esc}\\[\\d+m`, "g"), "")).toBe(plain.out);
  });

  it("holds one line at a time of a log of any length", async () => {
    const line = new TextEncoder().encode(logOf(log.slice(0, 1)));
    let given = 0;
    const chunks = async function* () {
      for (; given < 20_000; given++) yield line;
    };
    const before = process.memoryUsage().heapUsed;
    const { out } = await run(["replay", "any.jsonl", "policy.yaml"], {}, { chunks });
    expect(out).toBe("20000 decisions made again to the last bit\n");
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024);
  });
});

describe("the call that shows a recorded request", () => {
  const given = {
    nowMs,
    draw: 0.987654321,
    breakers: { "a:x": "open" },
    holds: { "b:x": "rate_limit" },
    spend: { "day{user=ann b}": 999_900_000, 'day{user="ann b"}': 999_900_000 },
    firstOutputMs: { "a:x": 90, "b:x": 20.5, "c:x": 40 },
  } as const;

  it.for([
    { name: "a breaker and a hold", request: { model: "some", user: "ann b" }, given },
    { name: "a draw", request: { model: "some", user: "it's" }, given: { nowMs, draw: 0.99 } },
    { name: "latencies", request: { model: "fast" }, given: { ...given, breakers: {}, holds: {} } },
    { name: "a missing key", request: {}, given: { nowMs, withoutCredential: ["a"] } },
    {
      name: "sizes",
      request: { inputTokens: 9, inputTokensAtMost: 9, answers: 2 },
      given: { nowMs },
    },
  ])("makes `explain` decide the same: $name", async ({ request, given: world }) => {
    const record = recordOf(linked, "r", request, world);
    const call = recordCall("policy.yaml", linked.program, record);
    const { out, err } = await run(wordsOf(call).slice(1).concat("--format", "json"));
    expect(err).toBe("");
    const remade = remake(linked, record);
    const { plan, skipped, route } = JSON.parse(out);
    const whole = remade.kind === "decision" ? remade.written : {};
    const untold = ({ untilMs: _, ...skip }: { untilMs?: number }) => skip;
    expect({ route, plan, skipped: skipped.map(untold) }).toEqual({
      route: whole.route,
      plan: whole.plan,
      skipped: (whole.skipped as { untilMs?: number }[]).map(untold),
    });
  });
});

/** The words of a call as a shell reads them. */
function wordsOf(call: string): string[] {
  return [...call.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(.)/g, "$1$2"),
  );
}
