import { describe, expect, it } from "vitest";
import type { RequestFacts } from "../../src/dialects/dialect.ts";
import { dialects } from "../../src/dialects/dialects.ts";
import { chatImage, messagesImage, overheads } from "../../src/dialects/media-table.ts";
import type { Api, Need } from "../../src/terms/api.ts";
import type { JsonObject, JsonValue } from "../../src/terms/json.ts";

const png = `data:image/png;base64,${"A".repeat(40_000)}`;
const hello = { role: "user", content: "hello" } as const;

function read(api: Api, body: JsonObject) {
  return dialects[api].readRequest(body, Buffer.byteLength(JSON.stringify(body)));
}

function facts(api: Api, body: JsonObject): RequestFacts {
  const request = read(api, body);
  if (request.kind === "problem") throw new TypeError(`${request.member}: ${request.problem}`);
  return request;
}

const chatOf = (part: JsonValue) => ({ messages: [{ role: "user", content: [part] }] });
const messageOf = (block: JsonValue) => ({ messages: [{ role: "user", content: [block] }] });

const needed: readonly (readonly [string, Api, JsonObject, readonly Need[]])[] = [
  ["plain text", "chat", { messages: [hello] }, []],
  ["an empty list of tools", "chat", { messages: [hello], tools: [] }, []],
  ["tools", "chat", { messages: [hello], tools: [{ type: "function" }] }, ["tools"]],
  ["functions", "chat", { messages: [hello], functions: [{ name: "f" }] }, ["tools"]],
  ["a tool's answer", "chat", { messages: [{ role: "tool", content: "1" }] }, ["tools"]],
  ["an earlier tool call", "chat", { messages: [{ tool_calls: [{ id: "1" }] }] }, ["tools"]],
  ["an image", "chat", chatOf({ type: "image_url", image_url: { url: png } }), ["vision"]],
  ["an image as a text", "chat", chatOf({ type: "image_url", image_url: png }), ["vision"]],
  ["audio", "chat", chatOf({ type: "input_audio", input_audio: { data: "AAAA" } }), ["audio"]],
  ["an answer in audio", "chat", { messages: [hello], modalities: ["text", "audio"] }, ["audio"]],
  ["an earlier audio answer", "chat", { messages: [{ audio: { id: "a" } }] }, ["state"]],
  ["a file", "chat", chatOf({ type: "file", file: { file_data: "AAAA" } }), ["files"]],
  ["a file's id", "chat", chatOf({ type: "file", file: { file_id: "f" } }), ["files", "state"]],
  ["a video", "chat", chatOf({ type: "video_url", video_url: { url: "http://x" } }), ["vision"]],
  ["JSON", "chat", { messages: [hello], response_format: { type: "json_object" } }, ["json"]],
  ["a schema", "chat", { messages: [hello], response_format: { type: "json_schema" } }, ["json"]],
  ["text by name", "chat", { messages: [hello], response_format: { type: "text" } }, []],
  ["effort", "chat", { messages: [hello], reasoning_effort: "low" }, ["reasoning"]],
  ["no effort", "chat", { messages: [hello], reasoning_effort: "none" }, []],
  [
    "OpenRouter's reasoning",
    "chat",
    { messages: [hello], reasoning: { max_tokens: 9 } },
    ["reasoning"],
  ],
  ["OpenRouter's reasoning, off", "chat", { messages: [hello], reasoning: { enabled: false } }, []],
  ["Qwen's thinking", "chat", { messages: [hello], enable_thinking: true }, ["reasoning"]],
  [
    "signed reasoning",
    "chat",
    { messages: [{ reasoning_details: [{ signature: "s" }] }] },
    ["state"],
  ],
  ["a previous answer", "chat", { messages: [hello], previous_response_id: "r" }, ["state"]],
  ["plain text", "messages", { messages: [hello], system: "be brief" }, []],
  ["tools", "messages", { messages: [hello], tools: [{ name: "f" }] }, ["tools"]],
  ["a tool's result", "messages", messageOf({ type: "tool_result", content: "1" }), ["tools"]],
  [
    "an image in a tool's result",
    "messages",
    messageOf({ type: "tool_result", content: [{ type: "image", source: { data: "AAAA" } }] }),
    ["tools", "vision"],
  ],
  ["a document", "messages", messageOf({ type: "document", source: { type: "text" } }), ["files"]],
  [
    "an uploaded image",
    "messages",
    messageOf({ type: "image", source: { type: "file", file_id: "f" } }),
    ["vision", "state"],
  ],
  ["signed thinking", "messages", messageOf({ type: "thinking", signature: "s" }), ["state"]],
  ["thinking without a signature", "messages", messageOf({ type: "thinking", thinking: "x" }), []],
  ["redacted thinking", "messages", messageOf({ type: "redacted_thinking", data: "x" }), ["state"]],
  ["thinking", "messages", { messages: [hello], thinking: { type: "adaptive" } }, ["reasoning"]],
  ["thinking, off", "messages", { messages: [hello], thinking: { type: "disabled" } }, []],
  ["a schema", "messages", { messages: [hello], output_config: { format: {} } }, ["json"]],
  ["an effort alone", "messages", { messages: [hello], output_config: { effort: "low" } }, []],
  ["the older schema", "messages", { messages: [hello], output_format: {} }, ["json"]],
  ["a container", "messages", { messages: [hello], container: "c" }, ["state"]],
  ["a text", "embeddings", { input: "x" }, []],
  [
    "an image to embed",
    "embeddings",
    { input: [chatOf({ type: "image_url" }).messages[0] ?? null] },
    ["vision"],
  ],
];

describe("what a request needs", () => {
  it.for(needed)("%s (%s)", ([, api, body, needs]) => {
    const request = facts(api, body);
    expect(request.needs).toEqual(needs);
    expect(request.stateful).toBe(needs.includes("state"));
  });
});

const wrong: readonly (readonly [Api, JsonObject, string, string])[] = [
  ["chat", {}, "messages", "expected a list, found nothing"],
  ["chat", { messages: null }, "messages", "expected a list, found null"],
  ["chat", { messages: ["x"] }, "messages[0]", "expected an object, found a text"],
  [
    "chat",
    { messages: [hello, { content: 7 }] },
    "messages[1].content",
    "expected a text or a list of parts, found `7`",
  ],
  [
    "chat",
    { messages: [{ content: [7] }] },
    "messages[0].content[0]",
    "expected a part, found `7`",
  ],
  ["chat", { messages: [hello], stream: "yes" }, "stream", "expected true or false, found a text"],
  ["chat", { messages: [hello], model: 1 }, "model", "expected a text, found `1`"],
  ["chat", { messages: [hello], metadata: [] }, "metadata", "expected an object, found a list"],
  ["chat", { messages: [hello], n: 0 }, "n", "expected a whole number from 1 on, found `0`"],
  ["chat", { messages: [hello], n: 1.5 }, "n", "expected a whole number from 1 on, found `1.5`"],
  [
    "chat",
    { messages: [hello], max_tokens: "9" },
    "max_tokens",
    "expected a whole number of tokens, found a text",
  ],
  [
    "chat",
    { messages: [hello], max_completion_tokens: 1e99 },
    "max_completion_tokens",
    "expected a whole number of tokens, found `1e+99`",
  ],
  ["chat", { messages: [hello], tools: {} }, "tools", "expected a list, found an object"],
  ["messages", { messages: "x" }, "messages", "expected a list, found a text"],
  [
    "messages",
    { messages: [hello], system: 7 },
    "system",
    "expected a text or a list of blocks, found `7`",
  ],
  [
    "messages",
    { messages: [hello], max_tokens: true },
    "max_tokens",
    "expected a whole number of tokens, found `true`",
  ],
  ["messages", { messages: [hello], tools: "x" }, "tools", "expected a list, found a text"],
  ["embeddings", {}, "input", "expected a text or a list, found nothing"],
  [
    "embeddings",
    { input: [true] },
    "input[0]",
    "expected a text or a list of tokens, found `true`",
  ],
];

describe("a malformed request", () => {
  it.for(wrong)("%s %j", ([api, body, member, problem]) => {
    expect(read(api, body)).toEqual({ kind: "problem", member, problem });
  });
});

describe("the members of a request", () => {
  it("are read", () => {
    const body = {
      model: "m",
      stream: true,
      n: 3,
      user: "ann",
      max_tokens: 10,
      max_completion_tokens: 20,
      metadata: { team: "x", level: 3 },
      messages: [hello],
    };
    expect(facts("chat", body)).toMatchObject({
      model: "m",
      stream: true,
      answers: 3,
      user: "ann",
      outputTokens: 10,
      metadata: { team: "x" },
    });
  });

  it("are as good as missing where they are null", () => {
    const absent = {
      model: null,
      stream: null,
      n: null,
      user: null,
      max_tokens: null,
      metadata: null,
    };
    const { model, stream, answers, user, outputTokens } = facts("chat", {
      ...absent,
      messages: [hello],
    });
    expect({ model, stream, answers, user, outputTokens }).toEqual({ stream: false, answers: 1 });
  });

  it("name the user of a messages request in its metadata", () => {
    const body = { max_tokens: 5, metadata: { user_id: "ann" }, messages: [hello] };
    expect(facts("messages", body)).toMatchObject({ user: "ann", outputTokens: 5, answers: 1 });
  });

  it.for([-1, -5, 0])("hold no limit in %i, as servers take it", (max_tokens) => {
    expect(facts("chat", { max_tokens, messages: [hello] }).outputTokens).toBeUndefined();
  });

  it("tell tools that the provider runs", () => {
    const chat = {
      messages: [hello],
      tools: [{ type: "function" }, { type: "custom" }, { type: "openrouter:web_search" }],
      web_search_options: {},
    };
    expect(facts("chat", chat).serverTools).toEqual([
      "openrouter:web_search",
      "web_search_options",
    ]);
    const messages = {
      messages: [hello],
      tools: [{ name: "f" }, { type: "bash_20250124" }, { type: "web_search_20260318" }],
      mcp_servers: [{}],
      context_management: { edits: [] },
    };
    expect(facts("messages", messages).serverTools).toEqual([
      "web_search_20260318",
      "mcp_servers",
      "context_management",
    ]);
  });
});

describe("the tokens of a request", () => {
  it.for<[string, Api, JsonObject, number]>([
    ["eight bytes", "chat", { messages: [{ role: "user", content: "12345678" }] }, 2],
    ["nine bytes", "chat", { messages: [{ role: "user", content: "123456789" }] }, 3],
    ["UTF-8 and not letters", "chat", { messages: [{ role: "user", content: "北京北京" }] }, 3],
    ["a part of text", "chat", chatOf({ type: "text", text: "12345678" }), 2],
    ["a text among the parts", "chat", chatOf("12345678"), 2],
    [
      "the system prompt",
      "messages",
      { messages: [], system: [{ type: "text", text: "12345678" }] },
      2,
    ],
    [
      "a document's text",
      "messages",
      messageOf({ type: "document", source: { type: "text", data: "12345678" } }),
      2,
    ],
    ["a text to embed", "embeddings", { input: ["1234", "5678"] }, 2],
    ["tokens to embed", "embeddings", { input: [1, 2, 3] }, 3],
    ["lists of tokens", "embeddings", { input: [[1, 2], [3]] }, 3],
  ])("are estimated: %s (%s)", ([, api, body, tokens]) => {
    expect(facts(api, body).inputTokens).toBe(tokens);
  });

  it("count an inlined image by the table and not by its bytes", () => {
    const chat = facts("chat", chatOf({ type: "image_url", image_url: { url: png } }));
    expect(chat.inputTokens).toBe(chatImage.tokens);
    const frame = JSON.stringify(chatOf({ type: "image_url", image_url: { url: "" } })).length;
    expect(chat.inputTokensAtMost).toBe(
      frame + overheads.request + overheads.message + chatImage.atMost,
    );
    const image = { type: "image", source: { type: "base64", data: "A".repeat(40_000) } };
    expect(facts("messages", messageOf(image)).inputTokens).toBe(messagesImage.tokens);
  });

  it("have no bound but the window where a document is inlined", () => {
    const pdf = { type: "document", source: { type: "base64", data: "A".repeat(1_000) } };
    expect(facts("messages", messageOf(pdf)).inputTokensAtMost).toBeGreaterThan(2_000_000);
    const file = { type: "file", file: { file_id: "f" } };
    expect(facts("chat", chatOf(file)).inputTokensAtMost).toBeGreaterThan(2_000_000);
  });

  const pdfUrl = `data:application/pdf;base64,${"A".repeat(1_000)}`;

  it.for<[string, Api, JsonObject]>([
    [
      "a document said to be an image",
      "chat",
      chatOf({ type: "image_url", image_url: { url: pdfUrl } }),
    ],
    ["one with a blank before", "chat", chatOf({ type: "image_url", image_url: ` ${pdfUrl}` })],
    ["one of no type", "chat", chatOf({ type: "image_url", image_url: "data:;base64,AA" })],
    ["one among a message's images", "chat", { messages: [{ ...hello, images: [pdfUrl] }] }],
    [
      "a document said to be an image",
      "messages",
      messageOf({ type: "image", source: { media_type: "application/pdf", data: "AA" } }),
    ],
    [
      "an answer in audio that is kept",
      "chat",
      { messages: [{ role: "assistant", audio: { id: "a" } }] },
    ],
    ["an answer that is kept", "chat", { messages: [hello], previous_response_id: "r" }],
    ["a conversation that is kept", "chat", { messages: [hello], conversation: "c" }],
    ["a container that is kept", "messages", { messages: [hello], container: "c" }],
  ])("have no bound but the window for %s (%s)", ([, api, body]) => {
    expect(facts(api, body).inputTokensAtMost).toBeGreaterThan(2_000_000);
  });

  it("count every image of a message, however it is written", () => {
    const images = ["https://x/1.png", png, "A".repeat(4_000), { image_url: { url: png } }];
    const many = facts("chat", { messages: [{ ...hello, images }] });
    expect(many.inputTokens).toBe(4 * chatImage.tokens + 2);
    expect(many.inputTokensAtMost).toBeGreaterThan(4 * chatImage.atMost);
    expect(many.inputTokensAtMost).toBeLessThan(4 * chatImage.atMost + 2_000);
    expect(many.needs).toEqual(["vision"]);
  });

  it("are at most the bytes of the body and what providers add", () => {
    const body = { model: "m", messages: [hello, hello], tools: [{ type: "function" }] };
    const bytes = JSON.stringify(body).length;
    const added = overheads.request + 2 * overheads.message + overheads.tools + overheads.tool;
    expect(facts("chat", body).inputTokensAtMost).toBe(bytes + added);
  });

  it.for<[string, Api, JsonObject, JsonObject, number]>([
    [
      "a tool that Anthropic describes",
      "messages",
      { messages: [], tools: [{ type: "custom", name: "bash" }] },
      { messages: [], tools: [{ type: "bash_20250124", name: "bash" }] },
      overheads.describedTool,
    ],
    [
      "a document to be cited",
      "messages",
      messageOf({ type: "document", source: { type: "text" } }),
      messageOf({ type: "document", source: { type: "text" }, citations: { enabled: true } }),
      overheads.citations,
    ],
    [
      "an answer in JSON",
      "chat",
      { messages: [] },
      { messages: [], response_format: { type: "json_object" } },
      overheads.json,
    ],
  ])("have what the provider adds for %s", ([, api, without, body, added]) => {
    const written = JSON.stringify(body).length - JSON.stringify(without).length;
    const most = facts(api, body).inputTokensAtMost - facts(api, without).inputTokensAtMost;
    expect(most).toBe(written + added);
  });

  it("have no bound in seconds where audio is an address", () => {
    const inlined = chatOf({ type: "input_audio", input_audio: { data: "A".repeat(16_000) } });
    expect(facts("chat", inlined).inputTokensAtMost).toBeLessThan(5_000);
    const address = chatOf({ type: "audio_url", audio_url: { url: "https://x/long.mp3" } });
    expect(facts("chat", address).inputTokensAtMost).toBeGreaterThan(2_000_000);
  });

  it("are not lowered by media that is written down twice or not there", () => {
    const body = chatOf({ type: "image_url" });
    const bytes = JSON.stringify(body).length;
    expect(facts("chat", body).inputTokensAtMost).toBeGreaterThan(bytes + chatImage.atMost);
    const lying = dialects.chat.readRequest(chatOf({ type: "image_url", image_url: png }), 10);
    expect(lying).toMatchObject({
      inputTokensAtMost: overheads.request + overheads.message + chatImage.atMost,
    });
  });
});
