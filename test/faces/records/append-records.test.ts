import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { builtInCatalog } from "../../../src/catalog/built-in.ts";
import { compile } from "../../../src/compile/compile.ts";
import { appendRecords, createRouter, type DecisionRecord } from "../../../src/index.ts";
import { loadPolicy } from "../../../src/policy/load-policy.ts";
import { link } from "../../../src/resolve/link.ts";
import { readRecord } from "../../../src/resolve/record-read.ts";
import { remake, replayDifferences } from "../../../src/resolve/record-remake.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-records-"));
afterAll(() => rmSync(folder, { recursive: true }));

const canary = "sk-canary-0123456789abcdef";
const prompt = "the prompt that nobody may log";

const policy = `version: 1
providers:
  near:  { kind: sandbox, fail: { with: server_error, from: 2, to: 30 } }
  far:   { kind: sandbox }
  cut:   { kind: sandbox, fail: { with: cut } }
  cloud: { kind: openai, apiKey: { env: CLOUD_KEY }, baseUrl: "https://cloud.example/v1" }
models:
  "near:*": { price: { input: $1, output: $2 } }
  "far:*":  { price: { input: $10, output: $20 } }
  "cut:*":  { price: { input: $1, output: $1 } }
  "cloud:*": { price: { input: $1, output: $1 } }
attributes: { team: { values: [free, paid], default: free } }
routes:
  - { name: cut, match: { model: cut }, use: cut }
  - { name: no, match: { team: paid }, deny: "not here" }
  - { name: draw, match: { model: draw }, use: draw }
  - { name: quick, match: { model: quick }, use: quick }
  - { name: rest, match: { model: "r*" }, use: main }
chains:
  cut: [cut:x]
  draw: [{ pick: weighted, by: user, from: [{ target: "far:a", weight: 3 }, far:b, far:c] }]
  quick: [{ pick: fastest, from: [far:a, far:b] }]
  main: [near:x, far:x, cloud:x]
ceilings:
  - { name: day, limit: $0.35, per: day, each: [user] }
  - { name: one, limit: $0.20, per: request }
defaults: { maxOutputTokens: 1k, maxAttempts: 4, retry: never }
retries: { never: { maxRetries: 0 } }
`;

function linked() {
  const loaded = loadPolicy(policy, { file: "policy", env: {}, kinds: builtInCatalog.kinds });
  if (!loaded.policy) throw new TypeError(JSON.stringify(loaded.diagnostics));
  return link(compile(loaded.policy, builtInCatalog).program, builtInCatalog);
}

function recordsIn(file: string): readonly DecisionRecord[] {
  const lines = readFileSync(file, "utf8").split("\n");
  expect(lines.pop()).toBe("");
  return lines.map((line) => {
    const read = readRecord(line);
    if (read.kind === "problem") throw new TypeError(read.problem.message);
    return read.record;
  });
}

describe("a router that keeps records", () => {
  it("writes one for each decided request, and each is decided again from it to the last bit", async () => {
    const file = join(folder, "decisions.jsonl");
    const log = appendRecords(file);
    const router = await createRouter(policy, {
      env: { CLOUD_KEY: canary },
      fetch: async () => new Response("{}", { status: 503 }),
      record: log.record,
    });
    const ask = async (body: object, headers: Record<string, string> = {}) => {
      const response = await router.fetch("https://x.invalid/v1/chat/completions", {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ messages: [{ role: "user", content: prompt }], ...body }),
      });
      return response.text();
    };
    for (const model of ["rest", "draw", "quick", "rest", "nobody-knows", "cut"]) {
      for (const user of ["ann", "bob"]) {
        for (const stream of [false, true]) await ask({ model, stream, user });
      }
    }
    await ask({ model: "rest" }, { "x-signalbox-team": "paid" });
    await ask({ model: "rest", n: 0 });
    await expect(
      router.run({ model: "rest", inputTokens: 50_000 }, async () => {
        throw new TypeError(prompt);
      }),
    ).rejects.toThrow();
    await router.close();
    log.close();

    const records = recordsIn(file);
    const program = linked();
    expect(records.length).toBe(26);
    for (const record of records) {
      const remade = remake(program, record);
      expect(replayDifferences(record, remade)).toEqual([]);
      expect(remade).toMatchObject({ assumed: 0 });
    }
    const outcomes = new Set(records.map(({ outcome }) => outcome));
    for (const seen of ["ok", "policy", "no_route", "server_error", "ceiling"]) {
      expect(outcomes).toContain(seen);
    }
    const states = records.flatMap(({ view }) => Object.values(view.breakers));
    expect(states.some(({ state }) => state === "open")).toBe(true);
    const failedOver = records.find(({ attempts }) => attempts.length === 2);
    expect(failedOver).toMatchObject({
      attempts: [
        { number: 1, target: "near:x", outcome: "server_error", reserved: expect.any(String) },
        { number: 2, target: "far:x", outcome: "ok", usage: { inputTokens: expect.any(Number) } },
      ],
      cost: expect.stringMatching(/^0\.\d+$/),
      outcome: "ok",
    });
    const text = readFileSync(file, "utf8");
    expect(text).not.toContain(canary);
    expect(text).not.toContain(prompt);
  });

  it("loses no call over a record that cannot be written, and warns once", async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.message);
    process.on("warning", onWarning);
    const router = await createRouter(policy, {
      env: { CLOUD_KEY: canary },
      record: () => {
        throw new TypeError("the disk is full");
      },
    });
    for (const _ of [1, 2]) {
      const { value } = await router.run({ model: "draw", inputTokens: 5 }, async () => ({
        value: 1,
      }));
      expect(value).toBe(1);
    }
    await router.close();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", onWarning);
    const lost = warnings.filter((message) => message.includes("decision record is lost"));
    expect(lost).toHaveLength(1);
  });
});

describe("a file of records", () => {
  const record = { format: 1, requestId: "r" } as DecisionRecord;

  it("is its owner's alone, is added to, and starts a new line after one that was cut", () => {
    const file = join(folder, "cut.jsonl");
    const first = appendRecords(file);
    first.record(record);
    first.close();
    first.record(record);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    appendFileSync(file, '{"format":1,"requ');
    const second = appendRecords(file);
    second.record(record);
    second.record(record);
    second.close();
    const whole = JSON.stringify(record);
    expect(readFileSync(file, "utf8").split("\n")).toEqual([
      whole,
      '{"format":1,"requ',
      whole,
      whole,
      "",
    ]);
  });

  it("says at once where it cannot be opened", () => {
    expect(() => appendRecords(join(folder, "no", "such", "folder.jsonl"))).toThrow("ENOENT");
  });
});
