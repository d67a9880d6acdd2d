import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../src/run/retry-after.ts";
import type { JsonObject } from "../../src/terms/json.ts";

const nowMs = Date.parse("2026-11-22T08:00:00Z");

type Headers = Readonly<Record<string, string>>;

function wait(headers: Headers, body?: JsonObject): number | undefined {
  return retryAfterMs((name) => headers[name], body, nowMs);
}

describe("a wait that a header asks for", () => {
  it.for<[string, Headers, number | undefined]>([
    ["milliseconds", { "retry-after-ms": "5800" }, 5_800],
    ["milliseconds before seconds", { "retry-after-ms": "5800", "retry-after": "6" }, 5_800],
    ["seconds", { "retry-after": "20" }, 20_000],
    ["seconds with decimals", { "retry-after": "0.5" }, 500],
    ["a part of a millisecond", { "retry-after-ms": "0.2" }, 1],
    ["bad milliseconds, then seconds", { "retry-after-ms": "abc", "retry-after": "0.5" }, 500],
    ["zero milliseconds, then seconds", { "retry-after-ms": "0", "retry-after": "1" }, 1_000],
    ["zero", { "retry-after": "0" }, 0],
    ["a date", { "retry-after": "Sun, 22 Nov 2026 08:01:00 GMT" }, 60_000],
    ["an old form of date", { "retry-after": "Sunday, 22-Nov-26 08:01:00 GMT" }, 60_000],
    ["a past date", { "retry-after": "Sun, 22 Nov 2026 07:59:00 GMT" }, undefined],
    ["a date in a hundred years", { "retry-after": "Wed, 21 Oct 2199 07:28:00 GMT" }, undefined],
    ["a negative number", { "retry-after": "-5" }, undefined],
    ["an exponent", { "retry-after": "1e9" }, undefined],
    ["years", { "retry-after": "1000000000" }, undefined],
    ["31 days", { "retry-after": "2678400" }, 2_678_400_000],
    ["NaN", { "retry-after": "NaN" }, undefined],
    ["infinity", { "retry-after": "Infinity" }, undefined],
    ["hexadecimal", { "retry-after": "0x10" }, undefined],
    ["nothing", { "retry-after": "" }, undefined],
    ["no header", {}, undefined],
  ])("%s", ([, headers, expected]) => {
    expect(wait(headers)).toBe(expected);
  });
});

describe("a wait that the body asks for", () => {
  const retryInfo = (retryDelay: string): JsonObject => ({
    error: { details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay }] },
  });

  it.for<[string, JsonObject, number | undefined]>([
    ["Google's RetryInfo", retryInfo("52s"), 52_000],
    ["RetryInfo with decimals", retryInfo("0.847655010s"), 848],
    ["RetryInfo that is none", retryInfo("soon"), undefined],
    ["LiteLLM's seconds", message("No deployments available, Try again in 60 seconds."), 60_000],
    ["OpenAI's duration", message("Rate limit reached. Please try again in 6m0s. Visit"), 360_000],
    ["OpenAI's milliseconds", message("Please try again in 120ms."), 120],
    ["OpenAI's seconds", message("Please try again in 1.242s."), 1_242],
    ["Azure's words", message("Please retry after 6 seconds."), 6_000],
    ["minutes", message("try again in 2 minutes"), 120_000],
    ["Ollama's flat error", { error: "server busy, try again in 3 seconds" }, 3_000],
    ["a flat message", { message: "retry in 3 seconds" }, 3_000],
    ["no time", message("Please try again in a moment"), undefined],
    ["a message that is no text", { error: { message: { detail: [] } } }, undefined],
    [
      "OpenRouter's quoted reset",
      { error: { metadata: { headers: { "X-RateLimit-Reset": String(nowMs + 9_000) } } } },
      9_000,
    ],
  ])("%s", ([, body, expected]) => {
    expect(wait({}, body)).toBe(expected);
  });

  it("counts less than `retry-after`, and more than a reset", () => {
    expect(wait({ "retry-after": "1" }, retryInfo("52s"))).toBe(1_000);
    expect(wait({ "x-ratelimit-reset-requests": "7s" }, retryInfo("52s"))).toBe(52_000);
  });

  it("is not looked for in a text of a megabyte", () => {
    const long = message(`${"try again in 1".repeat(80_000)} try again in 5 seconds`);
    expect(wait({}, long)).toBeUndefined();
  });

  function message(text: string): JsonObject {
    return { error: { message: text } };
  }
});

describe("a wait until a limit is reset", () => {
  const anthropic = (limit: string, remaining: string, reset: string): Headers => ({
    [`anthropic-ratelimit-${limit}-remaining`]: remaining,
    [`anthropic-ratelimit-${limit}-reset`]: reset,
  });

  it.for<[string, Headers, number | undefined]>([
    ["an exhausted limit", anthropic("requests", "0", "2026-11-22T08:00:12Z"), 12_000],
    ["a limit with something left", anthropic("requests", "3", "2026-11-22T08:00:12Z"), undefined],
    [
      "the latest of two exhausted limits",
      {
        ...anthropic("requests", "0", "2026-11-22T08:00:12Z"),
        ...anthropic("input-tokens", "0", "2026-11-22T08:00:30Z"),
        ...anthropic("output-tokens", "5", "2026-11-22T08:01:00Z"),
      },
      30_000,
    ],
    ["a reset that is past", anthropic("tokens", "0", "2026-11-22T07:00:00Z"), undefined],
    ["a reset that is no date", anthropic("tokens", "0", "soon"), undefined],
    ["decimals of seconds", { "x-ratelimit-reset-tokens": "7.66s" }, 7_660],
    ["minutes and seconds", { "x-ratelimit-reset-requests": "6m0s" }, 360_000],
    ["milliseconds", { "x-ratelimit-reset-requests": "17ms" }, 17],
    ["hours", { "x-ratelimit-reset-requests": "1h2m3s4ms" }, 3_723_004],
    ["bare seconds", { "x-ratelimit-reset-requests": "20" }, 20_000],
    ["epoch milliseconds", { "x-ratelimit-reset": String(nowMs + 5_000) }, 5_000],
    ["epoch seconds", { "x-ratelimit-reset": String(nowMs / 1000 + 5) }, 5_000],
    ["a past epoch", { "x-ratelimit-reset": "1764547200000" }, undefined],
    [
      "a limit of OpenAI's with something left",
      { "x-ratelimit-reset-requests": "20s", "x-ratelimit-remaining-requests": "59" },
      undefined,
    ],
    [
      "the exhausted one of OpenAI's two",
      {
        "x-ratelimit-reset-requests": "20s",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-tokens": "50s",
        "x-ratelimit-remaining-tokens": "100",
      },
      20_000,
    ],
    ["nonsense", { "x-ratelimit-reset-requests": "6m0" }, undefined],
  ])("%s", ([, headers, expected]) => {
    expect(wait(headers)).toBe(expected);
  });
});

describe("any wait", () => {
  it("is a whole number from 0 to 31 days, or nothing, whatever the headers hold", () => {
    const value = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.date().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.constantFrom("1h", "5ms", "-1", "1e3", "9".repeat(400)),
    );
    const names = [
      "retry-after-ms",
      "retry-after",
      "x-ratelimit-reset-tokens",
      "x-ratelimit-reset",
    ];
    const headers = fc.dictionary(fc.constantFrom(...names), value);
    fc.assert(
      fc.property(headers, (given) => {
        const ms = wait(given);
        if (ms === undefined) return;
        expect(Number.isInteger(ms) && ms >= 0 && ms <= 2_678_400_000).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
