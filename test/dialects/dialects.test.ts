import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiOfPath, dialects } from "../../src/dialects/dialects.ts";
import { utf8Length } from "../../src/dialects/utf8-length.ts";
import { type Api, apis } from "../../src/terms/api.ts";
import { isJsonObject, type JsonValue } from "../../src/terms/json.ts";

describe("the format of a path", () => {
  it.for<[string, Api | undefined]>([
    ["/v1/chat/completions", "chat"],
    ["/chat/completions", "chat"],
    ["/openai/deployments/x/chat/completions", "chat"],
    ["/v1/messages", "messages"],
    ["/anthropic/v1/messages", "messages"],
    ["/v1/embeddings", "embeddings"],
    ["/v1/messages/count_tokens", undefined],
    ["/v1/messages/batches", undefined],
    ["/v1/chat/completions/", undefined],
    ["/v1/completions", undefined],
    ["/v1/responses", undefined],
    ["/v1/xmessages", undefined],
    ["/", undefined],
  ])("%s is %s", ([path, api]) => {
    expect(apiOfPath(path)).toBe(api);
  });
});

const members = fc.constantFrom(
  ...[
    "model",
    "stream",
    "messages",
    "input",
    "system",
    "tools",
    "functions",
    "n",
    "metadata",
    "user",
  ],
  ...["max_tokens", "max_completion_tokens", "content", "role", "type", "tool_calls", "source"],
  ...["choices", "delta", "usage", "prompt_tokens", "completion_tokens", "total_tokens", "error"],
  ...[
    "data",
    "image_url",
    "file",
    "input_audio",
    "thinking",
    "finish_reason",
    "message",
    "iterations",
  ],
);
const words = fc.constantFrom(
  "text",
  "image",
  "document",
  "tool_result",
  "error",
  "message_start",
  "stop",
);
const scalar = fc.oneof(words, fc.string(), fc.double(), fc.boolean(), fc.constant(null));
const { node } = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar as fc.Arbitrary<JsonValue>,
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(members, tie("node"), { maxKeys: 6 }),
  ),
}));

describe("a dialect", () => {
  it("stands under its own name", () => {
    for (const api of apis) expect(dialects[api].api).toBe(api);
  });

  it.for([...apis])("throws on no request, answer or event, however malformed: %s", (api) => {
    const dialect = dialects[api];
    fc.assert(
      fc.property(
        fc.dictionary(members, node),
        fc.integer({ min: 100, max: 599 }),
        (body, status) => {
          const request = dialect.readRequest(body, JSON.stringify(body).length);
          if (request.kind === "request")
            expect(request.inputTokensAtMost).toBeGreaterThanOrEqual(0);
          const answer = dialect.readAnswer(status, body);
          if (status >= 400) expect(answer.kind).toBe("error");
          const reader = dialect.streamReader();
          reader.push({ data: JSON.stringify(body) });
          reader.push({ event: "error", data: JSON.stringify(body) });
          expect(reader.finished()).toBe(false);
          reader.usage();
          expect(isJsonObject(body)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.for([...apis])("takes events of any text: %s", (api) => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (data, event) => {
        dialects[api].streamReader().push(event === undefined ? { data } : { event, data });
      }),
    );
  });
});

describe("the length in UTF-8", () => {
  it("is the encoder's", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
        fc.array(fc.nat(0xffff)),
        (text, units) => {
          const torn = text + String.fromCharCode(...units);
          expect(utf8Length(torn)).toBe(new TextEncoder().encode(torn).length);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
