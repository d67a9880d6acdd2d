import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDelayMs } from "../../src/run/backoff.ts";
import type { RetrySpec } from "../../src/terms/program.ts";

const gentle: RetrySpec = {
  name: "gentle",
  maxRetries: 3,
  minDelayMs: 500,
  maxDelayMs: 8_000,
  retryBudgetPpm: 100_000,
};

const almostOne = 1 - 2 ** -53;

describe("the wait before a retry", () => {
  it.for([
    { name: "the first is drawn up to minDelay", retriesBefore: 0, draw: 0.5, delay: 250 },
    { name: "the second up to twice that", retriesBefore: 1, draw: 0.5, delay: 500 },
    { name: "the fourth up to eight times", retriesBefore: 3, draw: 0.5, delay: 2_000 },
    { name: "and none above maxDelay", retriesBefore: 9, draw: almostOne, delay: 7_999 },
    { name: "however many came before", retriesBefore: 5_000, draw: 0.25, delay: 2_000 },
    { name: "a draw of 0 does not wait", retriesBefore: 2, draw: 0, delay: 0 },
    {
      name: "Retry-After is the least",
      retriesBefore: 0,
      draw: 0.5,
      retryAfterMs: 3_000,
      delay: 3_000,
    },
    {
      name: "a longer draw wins over it",
      retriesBefore: 4,
      draw: 0.5,
      retryAfterMs: 100,
      delay: 4_000,
    },
    {
      name: "a broken millisecond is a whole one",
      retriesBefore: 0,
      draw: 0,
      retryAfterMs: 10.2,
      delay: 11,
    },
    {
      name: "a date in the past asks for nothing",
      retriesBefore: 0,
      draw: 0.5,
      retryAfterMs: -9_000,
      delay: 250,
    },
    {
      name: "Retry-After of exactly maxDelay is waited",
      retriesBefore: 0,
      draw: 0,
      retryAfterMs: 8_000,
      delay: 8_000,
    },
    {
      name: "beyond maxDelay there is no retry",
      retriesBefore: 0,
      draw: 0,
      retryAfterMs: 8_001,
      delay: undefined,
    },
    {
      name: "nor for what is no number",
      retriesBefore: 0,
      draw: 0,
      retryAfterMs: Number.NaN,
      delay: undefined,
    },
  ])("$name", ({ retriesBefore, draw, retryAfterMs, delay }) => {
    const backoff = { retry: gentle, retriesBefore, retryAfterMs, leftMs: 60_000 };
    expect(retryDelayMs(backoff, () => draw)).toBe(delay);
  });
});

describe("a retry", () => {
  it.for([
    { name: "Retry-After ends after the deadline", retryAfterMs: 2_000, leftMs: 1_500 },
    { name: "Retry-After ends with the deadline", retryAfterMs: 2_000, leftMs: 2_000 },
    { name: "the draw does", retryAfterMs: undefined, leftMs: 200 },
    { name: "nothing is left", retryAfterMs: undefined, leftMs: 0 },
    { name: "the deadline is past", retryAfterMs: undefined, leftMs: -5 },
  ])("is given up where $name", ({ retryAfterMs, leftMs }) => {
    const backoff = { retry: gentle, retriesBefore: 0, retryAfterMs, leftMs };
    expect(retryDelayMs(backoff, () => 0.5)).toBeUndefined();
  });

  it("is never waited for less than Retry-After, more than maxDelay, or all that is left", () => {
    const inputs = fc.record({
      retriesBefore: fc.nat(2_000),
      retryAfterMs: fc.option(fc.double({ min: -10, max: 20_000, noNaN: true }), {
        nil: undefined,
      }),
      leftMs: fc.integer({ min: -10, max: 20_000 }),
      minDelayMs: fc.nat(1_000),
      maxDelayMs: fc.nat(10_000),
      draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(inputs, ({ draw, minDelayMs, maxDelayMs, ...rest }) => {
        const retry = { ...gentle, minDelayMs, maxDelayMs };
        const delay = retryDelayMs({ retry, ...rest }, () => draw);
        if (delay === undefined) return;
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(Math.max(0, rest.retryAfterMs ?? 0));
        expect(delay).toBeLessThanOrEqual(maxDelayMs);
        expect(delay).toBeLessThan(rest.leftMs);
      }),
    );
  });
});
