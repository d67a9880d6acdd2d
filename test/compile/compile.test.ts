import { describe, expect, it } from "vitest";
import { defaultOn } from "../../src/compile/defaults.ts";
import type { ChainSpec, EntrySpec, Program } from "../../src/terms/program.ts";
import { programOf } from "../support/random-program.ts";

const base = {
  version: 1,
  providers: { near: { kind: "sandbox" }, far: { kind: "sandbox" } },
  routes: [{ name: "all", use: "main" }],
  chains: { main: ["near:a"] },
};

const chainOf = (program: Program, name = "main"): ChainSpec => {
  const chain = program.chains[name];
  if (!chain) throw new TypeError(`no chain ${name}`);
  return chain;
};

const entryOf = (program: Program, at = 0): EntrySpec => {
  const step = chainOf(program).steps[at];
  if (step?.kind !== "target") throw new TypeError(`step ${at} is no target`);
  return step.entry;
};

describe("compile", () => {
  it("fills in what a policy leaves out", () => {
    const program = programOf(base);
    expect(program.timezone).toBe("UTC");
    expect(chainOf(program)).toMatchObject({
      maxAttempts: 3,
      totalMs: 600_000,
      on: defaultOn,
      unsupported: "skip",
    });
    expect(chainOf(program)).not.toHaveProperty("maxOutputTokens");
    expect(entryOf(program).settings.timeouts).toEqual({
      connectMs: 5_000,
      headersMs: 60_000,
      answerMs: 300_000,
      firstOutputMs: 120_000,
      idleMs: 60_000,
    });
  });

  it("moves on by default after all but what is the caller's own", () => {
    expect(defaultOn).not.toContain("invalid_request");
    expect(defaultOn).not.toContain("cancelled");
    expect(defaultOn).not.toContain("content_filter");
    expect(defaultOn).toEqual(
      expect.arrayContaining(["rate_limit", "auth", "hold", "ceiling", "unsupported"]),
    );
  });

  it("takes each setting of an attempt from the nearest of step, chain, provider and defaults", () => {
    const program = programOf({
      ...base,
      providers: {
        near: {
          kind: "sandbox",
          timeouts: { connect: "2s", headers: "2s", idle: "2s" },
          params: { default: { top_p: 0.2, seed: 2 }, force: { user: "provider" } },
        },
      },
      chains: {
        main: {
          timeouts: { headers: "3s", idle: "3s" },
          params: { default: { seed: 3 } },
          retry: "often",
          steps: [
            { target: "near:a", timeouts: { idle: "4s" }, params: { default: { n: 4 } } },
            "near:b",
          ],
        },
      },
      retries: { often: { maxRetries: 5 }, never: { maxRetries: 0 } },
      defaults: {
        retry: "never",
        timeouts: { connect: "1s", headers: "1s", idle: "1s", firstOutput: "1s" },
        params: { default: { seed: 1, temperature: 1 } },
      },
    });
    const { timeouts, retry, params } = entryOf(program).settings;
    expect(timeouts).toEqual({
      connectMs: 2000,
      headersMs: 3000,
      answerMs: 300_000,
      idleMs: 4000,
      firstOutputMs: 1000,
    });
    expect(retry).toMatchObject({ name: "often", maxRetries: 5, minDelayMs: 500 });
    expect({ ...params.default }).toEqual({ temperature: 1, top_p: 0.2, seed: 3, n: 4 });
    expect({ ...params.force }).toEqual({ user: "provider" });
    expect(entryOf(program, 1).settings.timeouts.idleMs).toBe(3000);
  });

  it("flattens chains, each step with the settings of the chain that wrote it", () => {
    const program = programOf({
      ...base,
      chains: {
        main: {
          maxAttempts: 7,
          timeouts: { idle: "1s", total: "9s" },
          steps: ["near:a", { chain: "more" }],
        },
        more: { timeouts: { idle: "2s" }, steps: ["near:b", "near:a"] },
      },
    });
    expect(chainOf(program)).toMatchObject({ maxAttempts: 7, totalMs: 9000 });
    expect(chainOf(program).steps).toHaveLength(2);
    expect(entryOf(program, 1)).toMatchObject({
      target: "near:b",
      settings: { timeouts: { idleMs: 2000 } },
    });
    expect(program.chains).not.toHaveProperty("more");
  });

  it("lets content filters move on only where the policy says so in so many words", () => {
    const on = ["content_filter", "timeout"];
    const said = programOf({
      ...base,
      chains: { main: { on, allowContentFilterFallback: true, steps: ["near:a"] } },
    });
    const unsaid = programOf({ ...base, chains: { main: { on, steps: ["near:a"] } } });
    expect(chainOf(said).on).toEqual(["timeout", "content_filter"]);
    expect(chainOf(unsaid).on).toEqual(["timeout"]);
  });

  it("puts models in the order they apply: exact names, then patterns, longest first", () => {
    const models = { "near:*": { window: 1 }, "near:a": { window: 2 }, "near:ab*": { window: 3 } };
    const program = programOf({ ...base, models });
    expect(program.models.map(({ pattern }) => pattern)).toEqual(["near:a", "near:ab*", "near:*"]);
    expect(program.targets["near:a"]?.window).toBe(2);
  });

  it("keeps prices as whole pico-dollars a token", () => {
    const models = {
      "near:a": { price: { input: "$0.075", output: "$1.50", perRequest: "$0.01" } },
    };
    expect(programOf({ ...base, models }).targets["near:a"]?.price).toEqual({
      input: { base: 75_000 },
      output: { base: 1_500_000 },
      perRequest: 10_000_000,
      source: "policy",
    });
  });

  it("compiles every form of a field test", () => {
    const match = {
      model: ["a", "b*", "absent"],
      user: { not: "present" },
      stream: true,
      inputTokens: { gte: "1k", lt: 2000 },
      needs: { any: ["tools"] },
    };
    const [route] = programOf({ ...base, routes: [{ name: "all", match, use: "main" }] }).routes;
    expect(route?.when.fields).toEqual([
      {
        field: "model",
        test: {
          kind: "in",
          values: ["a"],
          globs: ["b*"],
          present: false,
          absent: true,
          not: false,
        },
      },
      {
        field: "user",
        test: { kind: "in", values: [], globs: [], present: true, absent: false, not: true },
      },
      {
        field: "stream",
        test: { kind: "in", values: [true], globs: [], present: false, absent: false, not: false },
      },
      { field: "inputTokens", test: { kind: "range", gte: 1000, lt: 2000 } },
      { field: "needs", test: { kind: "needs", all: [], any: ["tools"], none: [] } },
    ]);
  });

  it("names a revision that the order of keys does not change, and a value does", () => {
    const swapped = programOf({
      ...base,
      providers: { far: { kind: "sandbox" }, near: { kind: "sandbox" } },
    });
    const other = programOf({ ...base, timezone: "Europe/Berlin" });
    expect(swapped.revision).toBe(programOf(base).revision);
    expect(other.revision).not.toBe(swapped.revision);
  });

  it("freezes all of it", () => {
    const program = programOf(base);
    expect(Object.isFrozen(program)).toBe(true);
    expect(Object.isFrozen(entryOf(program).settings.timeouts)).toBe(true);
  });

  it("takes bounds of a number attribute as they are, negative or fractions", () => {
    const attributes = { depth: { type: "number" } };
    const routes = [{ name: "all", match: { depth: { gt: -1.5, lte: 0.25 } }, use: "main" }];
    const [route] = programOf({ ...base, attributes, routes }).routes;
    expect(route?.when.fields[0]?.test).toEqual({ kind: "range", gt: -1.5, lte: 0.25 });
  });
});
