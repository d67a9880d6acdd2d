import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Classified, classify } from "../../src/run/classify.ts";
import { classifyTransport } from "../../src/run/classify-transport.ts";
import type { JsonObject } from "../../src/terms/json.ts";
import { dataFolder, haveCorpora, haveRecordings } from "../support/data.ts";

interface Row {
  readonly provider: string;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | JsonObject;
  readonly expect: {
    readonly cls: string;
    readonly retry_same: boolean;
    readonly fallback: boolean | string;
  };
}

const nowMs = Date.parse("2026-11-22T08:00:00Z");

/** Where we do otherwise, by a part of the message, and why. */
const deviations: readonly (readonly [string, Partial<Classified>, string])[] = [
  [
    "free-models-per-day",
    { class: "rate_limit", retryable: false },
    "a day's quota is not back at the next try; the rows of Bedrock and Gemini say the same",
  ],
  [
    "does not support tools",
    { class: "unsupported", retryable: false },
    "the request is right and the model lacks an ability: the row asks for a fallback by capability, which is this class",
  ],
];

/** What each class does next, as the corpus says it. */
function fallbackOf({ class: failure }: Classified): boolean | string {
  switch (failure) {
    case "context_length":
      return "bigger_context_only";
    case "content_filter":
      return "policy_opt_in";
    case "unsupported":
      return "capability";
    case "invalid_request":
    case "cancelled":
      return false;
    default:
      return true;
  }
}

const hasCorpora = haveCorpora();

describe.runIf(hasCorpora)("the provider errors", () => {
  const rows = hasCorpora ? corpus() : [];

  it.for(rows.map((row, at) => [`row ${at + 1}: ${row.provider} ${row.status}`, row] as const))(
    "%s",
    ([, row]) => {
      const deviation = deviations.find(([part]) => JSON.stringify(row.body).includes(part));
      const expected = deviation?.[1] ?? {
        class: row.expect.cls,
        retryable: row.expect.retry_same,
      };
      const found = classifyRow(row, true);
      expect(found).toMatchObject(expected);
      expect(fallbackOf(found)).toBe(row.expect.fallback);
    },
  );

  it("are 152, all but the deviations as listed", () => {
    expect(rows.length).toBe(152);
    const unused = deviations.filter(
      ([part]) => !rows.some((row) => JSON.stringify(row.body).includes(part)),
    );
    expect(unused).toEqual([]);
    console.log(`provider errors: ${rows.length} rows, ${deviations.length} deviations`);
  });

  it("are the same where nothing is known of the provider's kind", () => {
    for (const row of rows) expect(classifyRow(row, false)).toEqual(classifyRow(row, true));
  });

  it("are the same with unknown members beside, and in another order", () => {
    for (const row of rows) {
      if (typeof row.body === "string") continue;
      const reversed = Object.fromEntries(Object.entries(row.body).reverse());
      const mutated = { ...row, body: { trace_id: "t", ...reversed, extra: [null] } };
      expect(classifyRow(mutated, true)).toEqual(classifyRow(row, true));
    }
  });

  it("keep their class where the message is gone and the code is known", () => {
    for (const row of rows.filter(hasTellingCode)) {
      const { error } = row.body as JsonObject;
      const silent = { ...row, body: { error: { ...(error as JsonObject), message: null } } };
      expect(classifyRow(silent, true).class).toBe(classifyRow(row, true).class);
    }
  });

  it("cut off in the middle are classified by their status and never throw", () => {
    for (const row of rows) {
      const text = typeof row.body === "string" ? row.body : JSON.stringify(row.body);
      for (let length = 0; length < text.length; length += 7) {
        classifyRow({ ...row, body: text.slice(0, length) }, true);
      }
    }
  });
});

describe.runIf(haveRecordings())("recorded and quoted failures", () => {
  it("are never taken for a failing server where the provider blames the caller, nor the other way round", () => {
    const exchanges = failures();
    for (const { status, body, headers } of exchanges) {
      const found = classify({ status, body, nowMs, headers: (name) => headers[name] });
      if (body.includes("tool_use_failed")) expect(found.class).toBe("server_error");
      else if (status < 500) expect(["server_error", "overloaded"]).not.toContain(found.class);
      else expect(found.retryable).toBe(true);
    }
    console.log(`recorded failures classified: ${exchanges.length}`);
    expect(exchanges.length).toBeGreaterThan(50);
  });
});

function corpus(): readonly Row[] {
  const file = join(dataFolder, "corpora/own-provider-errors/provider-errors.jsonl");
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}

function classifyRow(row: Row, withKind: boolean): Classified {
  const { provider, status, headers, body } = row;
  if (status === null) {
    const cause = typeof body === "object" ? Object.assign(new Error("x"), body) : undefined;
    return classifyTransport(new TypeError("fetch failed", { cause }));
  }
  return classify({
    ...(withKind && { kind: provider }),
    status,
    headers: (name) => headers[name],
    body: typeof body === "string" ? body : JSON.stringify(body),
    nowMs,
  });
}

/** Rows of OpenAI whose code is no general one. */
function hasTellingCode({ provider, body }: Row): boolean {
  if (provider !== "openai" || typeof body === "string") return false;
  const error = body.error as JsonObject | undefined;
  return typeof error?.code === "string";
}

interface RecordedFailure {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

function failures(): readonly RecordedFailure[] {
  const files = [
    "_quoted_errors",
    ...["openai", "groq", "openrouter", "ollama", "mistral", "deepseek", "azure", "perplexity"].map(
      (provider) => `${provider}.chat.completions`,
    ),
    "anthropic.messages",
    "openai.embeddings",
  ];
  return files
    .flatMap((name) =>
      readFileSync(join(dataFolder, `recordings/${name}.jsonl`), "utf8")
        .trimEnd()
        .split("\n"),
    )
    .map((line) => JSON.parse(line))
    .filter((exchange) => exchange.status >= 400)
    .map(({ status, response_body: body, response_headers: headers }) => ({
      status,
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: headers ?? {},
    }));
}
