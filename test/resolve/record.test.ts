import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import { link } from "../../src/resolve/link.ts";
import { type DecisionRecord, decisionRecord, recordedUsage } from "../../src/resolve/record.ts";
import { differences } from "../../src/resolve/record-differences.ts";
import { readRecord } from "../../src/resolve/record-read.ts";
import { remake, replayDifferences } from "../../src/resolve/record-remake.ts";
import { recordedView, recordingView } from "../../src/resolve/record-view.ts";
import { resolve } from "../../src/resolve/resolve.ts";
import type { Facts, ResolveRequest } from "../../src/terms/facts.ts";
import type { JsonObject, JsonValue } from "../../src/terms/json.ts";
import type { Program } from "../../src/terms/program.ts";
import type { Bucket, View } from "../../src/terms/view.ts";
import { anyProgram, anyRequest, programOf } from "../support/random-program.ts";

function factsOf(program: Program, request: ResolveRequest): Facts {
  const outcome = readFacts(program, request);
  if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
  return outcome.facts;
}

const nothingYet = { passed: [], attempts: [], cost: undefined, outcome: "cancelled" };

/** The record of a request decided in a View. */
function recordOf(program: Program, facts: Facts, view: View): DecisionRecord {
  const linked = link(program, builtInCatalog);
  const recording = recordingView(view);
  const decision = resolve(linked, facts, recording.view);
  const { requestId } = view;
  return decisionRecord({ requestId, facts, view: recording.read(), decision }, nothingYet);
}

function throughJson(record: DecisionRecord): DecisionRecord {
  const read = readRecord(JSON.stringify(record));
  if (read.kind === "problem") throw new TypeError(read.problem.message);
  return read.record;
}

/** A world that answers everything by dice of its own, another each time it is asked. */
const anyView: fc.Arbitrary<View> = fc
  .record({
    nowMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    dice: fc.infiniteStream(fc.nat(5)),
  })
  .map(({ nowMs, draw, dice }) => {
    const roll = () => dice.next().value as number;
    return {
      nowMs,
      draw,
      requestId: `r${nowMs}`,
      breaker: () =>
        roll() === 0
          ? { state: "open", untilMs: nowMs + roll() * 1000 }
          : { state: roll() === 0 ? "half-open" : "closed" },
      hold: () =>
        roll() === 0 ? { because: "rate_limit", untilMs: nowMs + roll() - 2 } : undefined,
      spent: () => roll() * roll() * 1_234_567,
      firstOutputMs: () => (roll() === 0 ? undefined : roll() * 1.5),
      hasCredential: () => roll() > 0,
    };
  });

describe("a decision record", () => {
  it("is decided again to the last bit, through JSON, whatever the world was", () =>
    fc.assert(
      fc.property(
        anyProgram,
        fc.array(anyRequest, { minLength: 1, maxLength: 20 }),
        anyView,
        (program, requests, view) => {
          const linked = link(program, builtInCatalog);
          for (const request of requests) {
            const record = throughJson(recordOf(program, factsOf(program, request), view));
            const remade = remake(linked, record);
            expect(replayDifferences(record, remade)).toEqual([]);
            expect(remade).toMatchObject({
              kind: "decision",
              assumed: 0,
              written: record.decision,
            });
            expect(JSON.stringify(remade.kind === "decision" && remade.written)).toBe(
              JSON.stringify(record.decision),
            );
          }
        },
      ),
      { numRuns: 150 },
    ));

  it("notices when any part of a recorded decision is changed", () =>
    fc.assert(
      fc.property(anyProgram, anyRequest, anyView, fc.nat(), (program, request, view, seed) => {
        const record = recordOf(program, factsOf(program, request), view);
        const names = Object.keys(record.decision);
        const name = names[seed % names.length] ?? "kind";
        const forged = { ...record, decision: { ...record.decision, [name]: "forged" } };
        const found = replayDifferences(forged, remake(link(program, builtInCatalog), forged));
        expect(found.map(({ path }) => path[0])).toEqual([name]);
      }),
      { numRuns: 60 },
    ));

  it("sees one state of a world that moves while the decision is made", () => {
    let asked = 0;
    const { view, read } = recordingView({
      ...stillView,
      spent: () => {
        asked += 1;
        return asked;
      },
    });
    const bucket: Bucket = { ceiling: "day", name: "day", key: "day@0", startMs: 0, endMs: 1 };
    expect([view.spent(bucket), view.spent(bucket)]).toEqual([1, 1]);
    expect(read().spent).toEqual({ "day@0": { name: "day", usd: "0.000000001" } });
  });

  it("holds what was read, healthy or not, and nothing else", () => {
    const { view, read } = recordingView({
      ...stillView,
      breaker: () => ({ state: "open", untilMs: 9 }),
      hold: (target) => (target === "a:x" ? { because: "auth", untilMs: 7 } : undefined),
    });
    view.breaker("a:x");
    view.hold("a:x");
    view.hold("a:y");
    view.hasCredential("a");
    expect(read()).toEqual({
      nowMs: 0,
      draw: 0.25,
      breakers: { "a:x": { state: "open", untilMs: 9 } },
      holds: { "a:x": { because: "auth", untilMs: 7 }, "a:y": null },
      spent: {},
      firstOutputMs: {},
      hasCredential: { a: true },
    });
  });

  it("counts what another policy asks that was not read, and takes it to be well", () => {
    const program = policyWith(["box:x"]);
    const record = throughJson(recordOf(program, factsOf(program, {}), stillView));
    const { view, assumed } = recordedView(record);
    expect(view.breaker("box:x").state).toBe("closed");
    expect(assumed()).toBe(0);
    expect(view.breaker("box:z").state).toBe("closed");
    expect(view.hasCredential("elsewhere")).toBe(true);
    view.breaker("box:z");
    expect(assumed()).toBe(2);
    const other = link(policyWith(["box:z"]), builtInCatalog);
    expect(remake(other, record)).toMatchObject({
      kind: "decision",
      written: { plan: [{ target: "box:z" }] },
      assumed: 2,
    });
  });

  it.for<{ name: string; attributes: JsonObject; said: ResolveRequest; expected: object }>([
    {
      name: "leaves out what another policy no longer declares",
      attributes: {},
      said: { attributes: { team: "paid" } },
      expected: { kind: "decision" },
    },
    {
      name: "gives a new attribute its default",
      attributes: { team: { values: ["paid"] }, data: { values: ["private"], default: "private" } },
      said: { attributes: { team: "paid" } },
      expected: { kind: "decision" },
    },
    {
      name: "says that another policy would refuse the request",
      attributes: { team: { values: ["free"] } },
      said: { attributes: { team: "paid" } },
      expected: { kind: "refused", problem: "attribute `team` is one of free, not `paid`" },
    },
  ])("$name", ({ attributes, said, expected }) => {
    const program = policyWith(["box:x"], { team: { values: ["free", "paid"] } });
    const record = recordOf(program, factsOf(program, said), stillView);
    expect(remake(link(policyWith(["box:x"], attributes), builtInCatalog), record)).toMatchObject(
      expected,
    );
  });

  it("keeps the counts of a usage and nothing that somebody put beside them", () => {
    const usage = {
      inputTokens: 5,
      outputTokens: 2,
      cacheReadTokens: 1,
      reportedCost: 1_000_000,
      raw: { note: "a prompt" },
      note: "a prompt",
    };
    expect(recordedUsage(usage)).toEqual({
      inputTokens: 5,
      outputTokens: 2,
      cacheReadTokens: 1,
      reportedCost: "0.001",
    });
  });
});

const stillView: View = {
  nowMs: 0,
  draw: 0.25,
  requestId: "r",
  breaker: () => ({ state: "closed" }),
  hold: () => undefined,
  spent: () => 0,
  firstOutputMs: () => undefined,
  hasCredential: () => true,
};

function policyWith(targets: readonly string[], attributes: JsonObject = {}): Program {
  return programOf({
    version: 1,
    providers: { box: { kind: "sandbox" } },
    attributes,
    routes: [{ name: "all", use: "main" }],
    chains: { main: targets },
  });
}

describe("a line of a decision log", () => {
  const program = policyWith(["box:x"]);
  const record = recordOf(program, factsOf(program, { user: "ann" }), stillView);

  it("is read back as it was written", () => {
    expect(readRecord(JSON.stringify(record))).toEqual({ kind: "record", record });
  });

  const changed = (path: string, value: JsonValue | undefined): string => {
    const copy = structuredClone(record) as unknown as Record<string, unknown>;
    const names = path.split(".");
    const last = names.pop() ?? "";
    const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, copy);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    return JSON.stringify(copy);
  };

  it.for([
    { line: "", code: "DR002", message: "expected a JSON object, found an empty line" },
    { line: "{", code: "DR002", message: "expected a JSON object, found `{`" },
    { line: "[1]", code: "DR002", message: "expected a JSON object, found `[1]`" },
    { line: '\u001b[2J"', code: "DR002", message: 'expected a JSON object, found `·[2J"`' },
    { line: "{}", code: "DR003", message: "expected `format` 1, found nothing" },
    { line: changed("format", 2), code: "DR003", message: "expected `format` 1, found `2`" },
    {
      line: changed("facts", undefined),
      code: "DR004",
      message: "`facts`: expected an object, found nothing",
    },
    {
      line: changed("facts.api", "smoke"),
      code: "DR004",
      message: '`facts.api`: expected chat, messages, embeddings, found `"smoke"`',
    },
    {
      line: changed("facts.inputTokens", -1),
      code: "DR004",
      message: "`facts.inputTokens`: expected a whole number of at least 0, found `-1`",
    },
    {
      line: changed("view.draw", 1),
      code: "DR004",
      message: "`view.draw`: expected a number from 0 to below 1, found `1`",
    },
    {
      line: changed("view.spent", { day: { name: "day", usd: 3 } }),
      code: "DR004",
      message: "`view.spent.day.usd`: expected dollars as a decimal text, found `3`",
    },
    {
      line: changed("view.holds", { "box:x": 3 }),
      code: "DR004",
      message: "`view.holds.box:x`: expected an object or null, found `3`",
    },
    {
      line: changed("attempts", [{}]),
      code: "DR004",
      message: "`attempts.0.number`: expected a whole number of at least 0, found nothing",
    },
    {
      line: changed("at", "yesterday"),
      code: "DR004",
      message: '`at`: expected a time in UTC such as 2026-11-22T09:00:00.000Z, found `"yesterday"`',
    },
  ])("that is wrong has a code and says why: $code $message", ({ line, code, message }) => {
    expect(readRecord(line)).toEqual({ kind: "problem", problem: { code, message } });
  });

  it("is never thrown at, whatever it holds", () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string()),
        fc.constantFrom(...leaves(record)),
        (text, path) => {
          expect(readRecord(text).kind).toBe("problem");
          const read = readRecord(changed(path, JSON.parse(JSON.stringify(text))));
          if (read.kind === "record") remake(link(program, builtInCatalog), read.record);
        },
      ),
    ));
});

/** The paths of a value's members, as far down as they go. */
function leaves(value: unknown, path: readonly string[] = []): readonly string[] {
  const own = path.length > 0 ? [path.join(".")] : [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return own;
  const inner = Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]));
  return [...own, ...inner];
}

describe("the differences of two JSON values", () => {
  it.for<{ left: JsonValue; right: JsonValue; are: readonly string[] }>([
    { left: { a: 1, b: [1, 2] }, right: { b: [1, 2], a: 1 }, are: [] },
    { left: { a: 1 }, right: { a: 2 }, are: ["a"] },
    { left: { a: { b: 1 } }, right: { a: {}, c: null }, are: ["a.b", "c"] },
    { left: [1, 2], right: [1, 3], are: ["1"] },
    { left: { a: [1] }, right: { a: [1, 2] }, are: ["a"] },
    { left: null, right: {}, are: [""] },
  ])("of $left and $right are at $are", ({ left, right, are }) => {
    expect(differences(left, right).map(({ path }) => path.join("."))).toEqual(are);
  });
});
