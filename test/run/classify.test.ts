import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Classified, classify, classifyInBand } from "../../src/run/classify.ts";
import { defaultHoldMs } from "../../src/run/classify-rules.ts";
import { failureClasses, holdingClasses } from "../../src/terms/failure-class.ts";
import type { JsonObject, JsonValue } from "../../src/terms/json.ts";

const nowMs = Date.parse("2026-11-22T08:00:00Z");

function failed(
  status: number,
  body: JsonValue,
  headers: Readonly<Record<string, string>> = {},
): Classified {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return classify({ status, body: text, nowMs, headers: (name) => headers[name] });
}

const rows: readonly (readonly [string, number, JsonValue, Classified["class"], boolean])[] = [
  ["an unknown 4xx", 418, "", "invalid_request", false],
  ["an unknown 5xx", 599, "", "server_error", true],
  ["a 200 without an answer", 200, {}, "server_error", true],
  ["a 200 of HTML", 200, "<html>captive portal</html>", "server_error", true],
  ["Cloudflare's slow connection", 522, "", "timeout", false],
  ["a redirect", 302, "", "server_error", false],
  ["a number", 500, "7", "server_error", true],
  ["a list", 400, "[[[", "invalid_request", false],
  ["HTML that speaks of a context length", 502, "<p>context length</p>", "server_error", true],
  ["Gemini's list of one", 400, [{ error: { message: "API key not valid." } }], "auth", false],
  ["an error that is a text", 404, { error: "model 'x' not found" }, "not_found", false],
  ["a code that is a number", 429, { error: { code: 429, message: null } }, "rate_limit", true],
  ["a message that is an object", 422, { message: { detail: [1] } }, "invalid_request", false],
  ["a prototype's name as code", 400, { error: { code: "constructor" } }, "invalid_request", false],
  ["the code before the status", 500, { error: { code: "invalid_api_key" } }, "auth", false],
  [
    "the code before the message",
    400,
    { error: { code: "content_filter", message: "prompt is too long" } },
    "content_filter",
    false,
  ],
  [
    "Anthropic's refusal to write",
    400,
    {
      error: {
        type: "invalid_request_error",
        message: "Output blocked by content filtering policy",
      },
    },
    "content_filter",
    false,
  ],
  [
    "Gemini's quota of a minute, in the words of an empty account",
    429,
    { error: { status: "RESOURCE_EXHAUSTED", message: "You exceeded your current quota" } },
    "rate_limit",
    true,
  ],
  [
    "what one model does not take",
    400,
    { error: { message: "Unsupported parameter: 'stop'", code: "unsupported_parameter" } },
    "unsupported",
    false,
  ],
];

describe("a failed answer", () => {
  it.for(rows)("%s (%i)", ([, status, body, expected, retryable]) => {
    expect(failed(status, body)).toMatchObject({ class: expected, retryable });
  });
});

describe("a complaint that repeats what the caller wrote", () => {
  const spells = [
    "credit balance",
    "your credit balance is too low",
    "exceeded your current quota",
    "api key not valid",
    "country, region",
    "location is not supported",
    "invalid model",
    "no endpoints found",
    "rate limit",
    "x' credit balance 'y",
  ];
  const complaints: readonly ((spell: string) => JsonValue)[] = [
    (spell) => ({
      error: {
        message: `Invalid value: '${spell}'. Supported values are: 'system', 'user'.`,
        type: "invalid_request_error",
        param: "messages[0].role",
        code: "invalid_value",
      },
    }),
    (spell) => ({ error: { message: `no role "${spell}"`, type: "invalid_request_error" } }),
    (spell) => ({ error: { message: `no role \`${spell}\`` } }),
    (spell) => ({ error: { message: `${spell}: no such member`, param: spell } }),
    (spell) => ({ error: { message: `the name ${spell} is bad`, code: "invalid_name" } }),
    (spell) => ({ error: { message: `${spell}: Extra inputs are not permitted` } }),
    (spell) => ({ error: { message: `Unrecognized request argument supplied: ${spell}` } }),
    (spell) => ({ detail: `a quote "${spell} that never ends` }),
  ];

  it.for(spells)("holds no target with `%s`", (spell) => {
    for (const complaint of complaints) {
      const body = complaint(spell);
      for (const found of [failed(400, body), failed(422, body), failed(200, body)]) {
        expect(found.holdMs).toBeUndefined();
      }
    }
  });

  it.for<[string, JsonValue, Classified["class"]]>([
    [
      "an empty account",
      {
        type: "error",
        error: { type: "invalid_request_error", message: "Your credit balance is too low." },
      },
      "insufficient_credit",
    ],
    ["a model in quotes", { error: "model 'llama9' not found" }, "not_found"],
    ["a bad key", { error: { code: 400, message: "API key not valid." } }, "auth"],
  ])("does not hide %s", ([, body, expected]) => {
    expect(failed(400, body).class).toBe(expected);
  });
});

describe("the answer to a failure", () => {
  it("is not retried where the provider says so, and not retried for being asked to", () => {
    expect(failed(500, "", { "x-should-retry": "false" }).retryable).toBe(false);
    expect(failed(400, "", { "x-should-retry": "true" }).retryable).toBe(false);
  });

  it("has meanings of its own at one kind", () => {
    const answer = { status: 413, body: "", nowMs, headers: () => undefined };
    expect(classify({ ...answer, kind: "groq" }).class).toBe("context_length");
    expect(classify({ ...answer, kind: "openai" }).class).toBe("invalid_request");
    expect(classify(answer).class).toBe("invalid_request");
  });

  it("shows a code only where it is one that we know: any other may be a key", () => {
    expect(failed(400, { error: { code: "invalid_value" } }).code).toBe("invalid_value");
    expect(failed(400, { error: { code: "sk-live key", type: "a b" } }).code).toBeUndefined();
    expect(failed(400, { error: { code: "None", type: "api_error" } }).code).toBe("api_error");
    expect(failed(401, { error: { code: "sk-live-0123456789abcdef" } }).code).toBeUndefined();
    expect(failed(401, { error: { type: "opensesame" } }).code).toBeUndefined();
    expect(failed(400, { error: { code: "x".repeat(100) } }).code).toBeUndefined();
  });
});

describe("a hold", () => {
  it.for<[string, Classified, number | undefined]>([
    ["what the provider asks for", failed(429, "", { "retry-after": "7" }), 7_000],
    ["a moment after a rate limit", failed(429, ""), defaultHoldMs.rate_limit],
    [
      "an hour after a day's quota, whatever is asked for",
      failed(429, { error: { message: "Too many tokens per day" } }, { "retry-after": "7" }),
      defaultHoldMs.quota_per_day,
    ],
    ["longer without credit", failed(402, ""), defaultHoldMs.insufficient_credit],
    ["longer for a bad key", failed(401, "", { "retry-after": "7" }), defaultHoldMs.auth],
    [
      "what is asked for where that is longer",
      failed(402, "", { "retry-after": "86400" }),
      86_400_000,
    ],
    ["longer for a missing model", failed(404, ""), defaultHoldMs.not_found],
    ["longer without permission", failed(403, ""), defaultHoldMs.permission],
    ["none for a failing server", failed(500, "", { "retry-after": "7" }), undefined],
    ["none for a bad request", failed(400, ""), undefined],
  ])("is %s", ([, { holdMs }, expected]) => {
    expect(holdMs).toBe(expected);
  });
});

describe("an error inside a stream or a success", () => {
  it.for<[string, JsonValue, Classified["class"], boolean]>([
    [
      "Anthropic's overload",
      { type: "overloaded_error", message: "Overloaded" },
      "overloaded",
      true,
    ],
    ["Anthropic's failure", { type: "api_error", message: "Internal" }, "server_error", true],
    ["an empty account", { code: "insufficient_quota" }, "insufficient_credit", false],
    ["OpenRouter's number", { code: 429, message: "limit" }, "rate_limit", true],
    ["OpenRouter's 502", { code: 502, message: "Provider disconnected" }, "server_error", true],
    ["Groq's status", { code: "x", status_code: 400, message: "no" }, "invalid_request", false],
    ["Groq's tool", { code: "tool_use_failed", status_code: 400 }, "server_error", true],
    ["a bad request", { type: "invalid_request_error" }, "invalid_request", false],
    [
      "a whole envelope",
      { type: "error", error: { type: "rate_limit_error" } },
      "rate_limit",
      true,
    ],
    ["a text", "too many requests", "rate_limit", true],
    ["a text that says nothing", "boom", "server_error", true],
    ["null", null, "server_error", true],
    ["a list", [], "server_error", true],
  ])("%s", ([, error, expected, retryable]) => {
    expect(classifyInBand(error, nowMs)).toMatchObject({ class: expected, retryable });
  });

  it("may say when to come back", () => {
    const error: JsonObject = { code: 429, message: "Please try again in 2s" };
    expect(classifyInBand(error, nowMs)).toMatchObject({ retryAfterMs: 2_000, holdMs: 2_000 });
  });
});

describe("classification", () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const field = fc.oneof(fc.string(), fc.integer({ min: 300, max: 600 }), json);
  const envelope = fc.record(
    {
      error: fc.oneof(field, fc.dictionary(word(), field)),
      message: field,
      type: field,
      code: field,
    },
    { requiredKeys: [] },
  );

  it("always ends in a known class, holds what is to be held and never throws", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 699 }), fc.oneof(envelope, json), (status, body) => {
        const found = failed(status, body as JsonValue);
        expect(failureClasses).toContain(found.class);
        const holds = (holdingClasses as readonly string[]).includes(found.class);
        expect(found.holdMs !== undefined).toBe(holds);
        classifyInBand(body as JsonValue, nowMs);
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes text of any kind", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
        (body) => {
          expect(failureClasses).toContain(failed(400, body).class);
        },
      ),
    );
  });

  it.for([
    ["tokens", "token count ".repeat(90_000)],
    ["model names", "model ".repeat(180_000)],
    ["digits", "try again in 11111111".repeat(50_000)],
    ["brackets", "[".repeat(1_000_000)],
    ["JSON", `{"error":{"message":"${"model x ".repeat(130_000)}"}}`],
    ["nesting", `{"error":${"[".repeat(400_000)}${"]".repeat(400_000)}}`],
  ] as const)("takes a megabyte of %s in no time", ([, body]) => {
    const started = performance.now();
    failed(400, body);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  function word() {
    return fc.constantFrom(
      "message",
      "type",
      "code",
      "status",
      "details",
      "metadata",
      "innererror",
    );
  }
});
