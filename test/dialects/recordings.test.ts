import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RequestFacts, SseEvent } from "../../src/dialects/dialect.ts";
import { dialects } from "../../src/dialects/dialects.ts";
import { readBody } from "../../src/dialects/members.ts";
import { splitSse } from "../../src/dialects/sse-frames.ts";
import type { Api } from "../../src/terms/api.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/terms/json.ts";
import type { Usage } from "../../src/terms/usage.ts";
import { dataFolder, haveRecordings } from "../support/data.ts";

interface Exchange {
  readonly id: string;
  readonly provider: string;
  readonly api: Api;
  readonly status: number | null;
  readonly request_body: JsonValue;
  readonly response_body: JsonValue;
  readonly body_format: string;
  readonly truncated_fields: number;
}

/** What is no request of its format, by id, and why. */
const noRequests: Readonly<Record<string, string>> = {
  "22fdb87cc8c882c6": "a test of Anthropic's own 400: its first message is a text",
  "92e7762ca7723a7d": "its messages were left out of the recording",
  "50df1b76697d2005": "Ollama's own embeddings format, with `prompt`",
};

/** Streams that are not whole, and why. */
const brokenStreams: Readonly<Record<string, string>> = {
  bffc60e8b7bb5ec7: "ends in an error in the stream (Groq, `tool_use_failed`)",
  "8e7338308823fe67": "ends in an error after its finish reason (OpenRouter, free model)",
};

/** Answers with a status of success that are none of the format. */
const noAnswers: Readonly<Record<string, string>> = {
  f1de7ceabc02ad14: "Anthropic's skills, no message",
  "8a6b2c520cac5ddc": "Anthropic's skills, no message",
  "6734f6c2ef3f6c79": "Cohere's own embeddings format",
  e4a2990a9b120579: "Vertex's own embeddings format",
  "50df1b76697d2005": "Ollama's own embeddings format",
};

/** Providers some of whose totals leave a part out, so that we count more than they write. */
const leaveOut = new Set([
  ...["xai", "google-gla", "vercel-gateway", "azure", "mistral", "openai-compatible", "openrouter"],
]);

describe.runIf(haveRecordings())("recorded exchanges", () => {
  let all: readonly Exchange[] = [];
  beforeAll(() => {
    all = exchanges();
  });

  it("have requests that are read without a problem", () => {
    const requests = all.filter(({ request_body }) => isJsonObject(request_body));
    const problems = requests.filter((exchange) => readRequest(exchange).kind === "problem");
    expect(problems.map(({ id }) => id).sort()).toEqual(Object.keys(noRequests).sort());
    console.log(`requests read: ${requests.length - problems.length} of ${requests.length}`);
    expect(requests.length).toBeGreaterThan(2_500);
  });

  it("have bodies whose members are found and read as `JSON.parse` reads them", () => {
    for (const { request_body } of all) {
      if (!isJsonObject(request_body)) continue;
      const text = JSON.stringify(request_body);
      const read = readBody(text);
      if (read.kind === "refused") throw new TypeError(read.problem);
      const members = read.members.members.map(({ key, valueStart, valueEnd }) => [
        key,
        text.slice(valueStart, valueEnd),
      ]);
      const expected = Object.entries(request_body).map(([key, value]) => [
        key,
        JSON.stringify(value),
      ]);
      expect(members).toEqual(expected);
    }
  });

  it("have answers that are told from errors", () => {
    const answers = all.filter(({ body_format, response_body }) => {
      return body_format === "json" && isJsonObject(response_body);
    });
    const wrong = answers.filter((exchange) => {
      const isFailure = (exchange.status ?? 200) >= 400;
      return (readAnswer(exchange).kind === "error") !== isFailure;
    });
    expect(wrong.map(({ id }) => id).sort()).toEqual(Object.keys(noAnswers).sort());
    console.log(`answers read: ${answers.length}, of other formats: ${wrong.length}`);
  });

  it("have streams that are whole", () => {
    const streams = all.filter((exchange) => eventsOf(exchange).length > 0);
    const broken = streams.filter((exchange) => !readStream(exchange).finished);
    expect(broken.map(({ id }) => id).sort()).toEqual(Object.keys(brokenStreams).sort());
    const silent = streams.filter((exchange) => readStream(exchange).usage === undefined).length;
    console.log(
      `streams read: ${streams.length}, broken: ${broken.length}, without usage: ${silent}`,
    );
    expect(streams.length).toBeGreaterThan(450);
  });

  it("have the usage that they write", () => {
    let compared = 0;
    let more = 0;
    for (const exchange of all) {
      const usage = usageOf(exchange);
      const written = usage && writtenUsage(exchange.api, usage.raw);
      if (!usage || !written) continue;
      compared++;
      const read = [usage.inputTokens, usage.outputTokens];
      if (read[0] === written[0] && read[1] === written[1]) continue;
      more++;
      expect(leaveOut.has(exchange.provider) || isJsonList(usage.raw.iterations), exchange.id).toBe(
        true,
      );
      expect(usage.inputTokens, exchange.id).toBeGreaterThanOrEqual(written[0]);
      expect(usage.outputTokens, exchange.id).toBeGreaterThanOrEqual(written[1]);
    }
    console.log(`usages read: ${compared}, counted above what is written: ${more}`);
    expect(compared).toBeGreaterThan(2_600);
  });

  it("have a usage wherever they write one in a known form", () => {
    const missed = all.filter((exchange) => {
      const body = exchange.response_body;
      if (!isJsonObject(body) || !isJsonObject(body.usage) || exchange.id in noAnswers)
        return false;
      return (
        usageOf(exchange) === undefined && writtenUsage(exchange.api, body.usage) !== undefined
      );
    });
    expect(missed.map(({ id }) => id)).toEqual([]);
  });

  it("never have more input than the bound", () => {
    let checked = 0;
    for (const exchange of all) {
      const usage = usageOf(exchange);
      const facts = boundedFacts(exchange);
      if (!usage || !facts) continue;
      checked++;
      expect(facts.inputTokensAtMost, exchange.id).toBeGreaterThanOrEqual(usage.inputTokens);
    }
    console.log(`input bounds checked: ${checked}`);
    expect(checked).toBeGreaterThan(2_000);
  });
});

/** Facts of a request that has a bound and was recorded whole. */
function boundedFacts(exchange: Exchange): RequestFacts | undefined {
  if (!isJsonObject(exchange.request_body) || exchange.truncated_fields > 0) return undefined;
  const request = readRequest(exchange);
  if (request.kind === "problem" || request.serverTools.length > 0) return undefined;
  // Groq's compound models search the web unasked: the catalog has to know such models.
  return /compound/.test(request.model ?? "") ? undefined : request;
}

function exchanges(): readonly Exchange[] {
  const folder = join(dataFolder, "recordings");
  const endings: Readonly<Record<string, Api>> = {
    ".chat.completions.jsonl": "chat",
    ".messages.jsonl": "messages",
    ".embeddings.jsonl": "embeddings",
  };
  return readdirSync(folder).flatMap((name) => {
    const ending = Object.keys(endings).find((one) => name.endsWith(one));
    const api = ending && endings[ending];
    if (!api) return [];
    const lines = readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
    const provider = name.slice(0, -ending.length);
    return lines.map((line) => ({ ...JSON.parse(line), api, provider }) as Exchange);
  });
}

function readRequest({ api, request_body }: Exchange) {
  const body = isJsonObject(request_body) ? request_body : {};
  return dialects[api].readRequest(body, Buffer.byteLength(JSON.stringify(body)));
}

function readAnswer({ api, status, response_body }: Exchange) {
  return dialects[api].readAnswer(status ?? 200, isJsonObject(response_body) ? response_body : {});
}

/** The events of a stream: from its bytes, or from the list of payloads that one source keeps instead. */
function eventsOf({ body_format, response_body }: Exchange): readonly SseEvent[] {
  if (body_format === "chunks" && Array.isArray(response_body)) {
    return response_body.map((chunk) => ({
      data: typeof chunk === "string" ? chunk : JSON.stringify(chunk),
    }));
  }
  if (body_format !== "sse" || typeof response_body !== "string") return [];
  const { frames } = splitSse().push(new TextEncoder().encode(response_body));
  return frames.flatMap((frame) => frame.event ?? []);
}

function readStream(exchange: Exchange): {
  readonly finished: boolean;
  readonly usage: Usage | undefined;
} {
  const n = isJsonObject(exchange.request_body) ? exchange.request_body.n : undefined;
  const reader = dialects[exchange.api].streamReader(typeof n === "number" ? n : 1);
  for (const event of eventsOf(exchange)) reader.push(event);
  return { finished: reader.finished(), usage: reader.finalUsage() };
}

function usageOf(exchange: Exchange): Usage | undefined {
  return exchange.body_format === "json" ? readAnswer(exchange).usage : readStream(exchange).usage;
}

/** The totals as they are written, without anything that we know of a provider. */
function writtenUsage(api: Api, usage: JsonObject): readonly [number, number] | undefined {
  const count = (member: string) => (typeof usage[member] === "number" ? usage[member] : undefined);
  if (api === "embeddings") return pair(count("prompt_tokens") ?? count("total_tokens"), 0);
  if (api === "chat") return pair(count("prompt_tokens"), count("completion_tokens"));
  const cached =
    (count("cache_read_input_tokens") ?? 0) + (count("cache_creation_input_tokens") ?? 0);
  const fresh = count("input_tokens");
  return pair(fresh === undefined ? undefined : fresh + cached, count("output_tokens"));
}

function pair(input: number | undefined, output: number | undefined) {
  return input === undefined || output === undefined ? undefined : ([input, output] as const);
}

function isJsonList(value: JsonValue | undefined): boolean {
  return Array.isArray(value);
}
