import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLatencies } from "../../src/run/latencies.ts";

describe("latencies", () => {
  it.for([
    { name: "nothing measured is unknown", measured: [], median: undefined },
    { name: "one is itself", measured: [300], median: 300 },
    { name: "of two it is their mean", measured: [300, 100], median: 200 },
    { name: "of three it is the middle one", measured: [300, 100, 9_000], median: 300 },
    { name: "equal ones count each", measured: [5, 5, 5, 100, 100], median: 5 },
  ])("have a median: $name", ({ measured, median }) => {
    const latencies = createLatencies();
    for (const ms of measured) latencies.record("groq:llama", ms);
    expect(latencies.median("groq:llama")).toBe(median);
    expect(latencies.median("groq:other")).toBeUndefined();
  });

  it("agree with sorting the last measurements, whatever came", () => {
    const cases = [
      fc.array(fc.nat(50), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
    ] as const;
    fc.assert(
      fc.property(...cases, (measured, kept) => {
        const latencies = createLatencies(kept);
        for (const [index, ms] of measured.entries()) {
          latencies.record("groq:llama", ms);
          const last = measured
            .slice(0, index + 1)
            .slice(-kept)
            .sort((a, b) => a - b);
          const middle = [last[(last.length - 1) >> 1] ?? 0, last[last.length >> 1] ?? 0] as const;
          expect(latencies.median("groq:llama")).toBe((middle[0] + middle[1]) / 2);
        }
      }),
    );
  });

  it("forget the target measured longest ago where callers name ever new ones", () => {
    const latencies = createLatencies();
    latencies.record("groq:stale", 1);
    latencies.record("groq:busy", 2);
    for (let model = 0; model < 1_023; model += 1) {
      latencies.record(`openai:made-up-${model}`, 3);
      latencies.record("groq:busy", 2);
    }
    expect(latencies.median("groq:stale")).toBeUndefined();
    expect(latencies.median("groq:busy")).toBe(2);
  });
});
