import { describe, expect, it } from "vitest";
import { createSandbox } from "../../src/providers/sandbox.ts";
import { TransportError } from "../../src/run/transport-error.ts";
import type { Api } from "../../src/terms/api.ts";
import type { JsonObject } from "../../src/terms/json.ts";
import type { SandboxFault } from "../../src/terms/program.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { providerCall, sandboxSpec } from "./support/calls.ts";

const hello = {
  messages: [{ role: "user", content: "What is the gauge of a railway in Spain, then and now?" }],
};
const schema = {
  type: "object",
  required: ["city", "days"],
  properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } },
};

async function ask(api: Api, body: JsonObject, spec = sandboxSpec()): Promise<JsonObject> {
  const response = await createSandbox(createFakeClock()).send(providerCall(api, spec, body));
  expect(response.headers.get("content-type")).toBe("application/json");
  return (await response.json()) as JsonObject;
}

async function events(api: Api, body: JsonObject, spec = sandboxSpec()): Promise<string[]> {
  const call = providerCall(api, spec, { ...body, stream: true });
  const response = await createSandbox(createFakeClock()).send(call);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  return (await response.text()).split("\n\n").filter(Boolean);
}

describe("the sandbox's answers", () => {
  it("name provider and model and repeat the first words of the last user text", async () => {
    const text =
      "Signals are green: this is small at box. You wrote: “What is the gauge of a railway in …”";
    expect(await ask("chat", hello)).toMatchObject({
      object: "chat.completion",
      choices: [{ message: { content: text }, finish_reason: "stop" }],
      usage: { prompt_tokens: 16, completion_tokens: 25, total_tokens: 41 },
    });
    expect(await ask("messages", hello)).toMatchObject({
      type: "message",
      content: [{ type: "text", text }],
      stop_reason: "end_turn",
      usage: { input_tokens: 16, output_tokens: 25 },
    });
  });

  it("read user texts that are lists of parts", async () => {
    const content = [
      { type: "text", text: "Describe" },
      { type: "image_url", image_url: { url: "x" } },
    ];
    const answer = await ask("messages", { messages: [{ role: "user", content }] });
    expect(JSON.stringify(answer)).toContain("You wrote: “Describe”");
  });

  it("stop at the output limit and never report more tokens than it", async () => {
    expect(await ask("chat", { ...hello, max_completion_tokens: 4 })).toMatchObject({
      choices: [{ message: { content: "Signals are green:" }, finish_reason: "length" }],
      usage: { completion_tokens: 4 },
    });
    expect(await ask("messages", { ...hello, max_tokens: 1 })).toMatchObject({
      stop_reason: "max_tokens",
      usage: { output_tokens: 1 },
    });
  });

  it("report the usage that the policy sets", async () => {
    const spec = sandboxSpec({ usage: { inputTokens: 700, outputTokens: 30 } });
    expect(await ask("chat", { ...hello, n: 2 }, spec)).toMatchObject({
      choices: [{ index: 0 }, { index: 1 }],
      usage: { prompt_tokens: 700, completion_tokens: 60 },
    });
  });

  it.for([
    ["required", { tool_choice: "required" }],
    ["named", { tool_choice: { type: "function", function: { name: "trip" } } }],
  ] as const)("call a chat tool with a minimal input where one is %s", async ([, choice]) => {
    const tools = [{ type: "function", function: { name: "trip", parameters: schema } }];
    const answer = await ask("chat", { ...hello, tools, ...choice });
    const called = { name: "trip", arguments: '{"city":"","days":1}' };
    expect(answer).toMatchObject({
      choices: [
        {
          message: { content: null, tool_calls: [{ function: called }] },
          finish_reason: "tool_calls",
        },
      ],
    });
  });

  it.for([
    ["any", { tool_choice: { type: "any" } }],
    ["named", { tool_choice: { type: "tool", name: "trip" } }],
  ] as const)("call a messages tool with a minimal input where one is %s", async ([, choice]) => {
    const tools = [{ name: "trip", input_schema: schema }];
    const answer = await ask("messages", { ...hello, tools, ...choice });
    const block = { type: "tool_use", name: "trip", input: { city: "", days: 1 } };
    expect(answer).toMatchObject({ content: [block], stop_reason: "tool_use" });
  });

  it("are text where tools may be called and need not be", async () => {
    const tools = [{ type: "function", function: { name: "trip", parameters: schema } }];
    const answer = await ask("chat", { ...hello, tools, tool_choice: "auto" });
    expect(answer).toMatchObject({ choices: [{ finish_reason: "stop" }] });
  });

  it.for([
    ["chat", { response_format: { type: "json_schema", json_schema: { name: "t", schema } } }],
    ["messages", { output_config: { format: { type: "json_schema", schema } } }],
  ] as const)("are minimal JSON where %s demands a schema", async ([api, form]) => {
    const answer = JSON.stringify(await ask(api, { ...hello, ...form }));
    expect(answer).toContain(JSON.stringify('{"city":"","days":1}'));
  });

  it("are the same for the same request and the same number of the call", async () => {
    expect(await events("chat", hello)).toEqual(await events("chat", hello));
  });
});

describe("the sandbox's streams", () => {
  it("say in chat what the whole answer says, and usage only where it is asked for", async () => {
    const plain = await events("chat", hello);
    const counted = await events("chat", { ...hello, stream_options: { include_usage: true } });
    expect(plain.at(-1)).toBe("data: [DONE]");
    expect(counted).toHaveLength(plain.length + 1);
    expect(counted.at(-2)).toContain('"choices":[],"usage":{"prompt_tokens":16');
    const deltas = plain.slice(0, -1).map((event) => JSON.parse(event.slice("data: ".length)));
    const said = deltas.map((chunk) => chunk.choices[0].delta.content ?? "").join("");
    expect(await ask("chat", hello)).toMatchObject({ choices: [{ message: { content: said } }] });
  });

  it("say in messages what the whole answer says", async () => {
    const all = await events("messages", hello);
    const data = all.map((event) => JSON.parse(event.slice(event.indexOf("data: ") + 6)));
    const said = data.map((event) => event.delta?.text ?? "").join("");
    expect(await ask("messages", hello)).toMatchObject({ content: [{ text: said }] });
    expect(data.map(({ type }) => type).filter((type, at, list) => type !== list[at - 1])).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
  });

  it("end after the first output where they are cut", async () => {
    const spec = sandboxSpec({ fail: [{ with: "cut", from: 1 }] });
    expect((await events("chat", hello, spec)).at(-1)).toContain('"delta":{"content":"Signals"}');
    expect((await events("messages", hello, spec)).at(-1)).toContain('"text":"Signals"');
  });

  it("break when the call is aborted", async () => {
    const abort = new AbortController();
    const call = providerCall(
      "chat",
      sandboxSpec(),
      { ...hello, stream: true },
      { signal: abort.signal },
    );
    const response = await createSandbox(createFakeClock()).send(call);
    const reader = response.body?.getReader();
    await reader?.read();
    abort.abort(new TypeError("enough"));
    await expect(reader?.read()).rejects.toThrow("enough");
  });
});

describe("the sandbox's embeddings", () => {
  it("are unit vectors of the asked size, the same for the same text", async () => {
    const answer = await ask("embeddings", { input: ["a b", "a b", "c"], dimensions: 5 });
    const data = answer.data as { embedding: number[] }[];
    expect(data.map(({ embedding }) => embedding.length)).toEqual([5, 5, 5]);
    expect(data[0]?.embedding).toEqual(data[1]?.embedding);
    expect(data[0]?.embedding).not.toEqual(data[2]?.embedding);
    expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
    expect(answer.usage).toEqual({ prompt_tokens: 7, total_tokens: 7 });
  });

  it("are base64 of 32-bit floats where that is asked for", async () => {
    const plain = await ask("embeddings", { input: "a" });
    const packed = await ask("embeddings", { input: "a", encoding_format: "base64" });
    const bytes = Buffer.from(
      (packed.data as { embedding: string }[])[0]?.embedding ?? "",
      "base64",
    );
    const floats = Array.from({ length: bytes.length / 4 }, (_, index) =>
      bytes.readFloatLE(index * 4),
    );
    expect(floats).toEqual((plain.data as { embedding: number[] }[])[0]?.embedding);
  });
});

describe("the sandbox's failures", () => {
  const answered: readonly (readonly [SandboxFault, number, number])[] = [
    ["rate_limit", 429, 429],
    ["overloaded", 503, 529],
    ["server_error", 500, 500],
    ["auth", 401, 401],
    ["insufficient_credit", 429, 402],
    ["not_found", 404, 404],
    ["invalid_request", 400, 400],
    ["context_length", 400, 400],
    ["content_filter", 400, 400],
  ];

  it.for(answered)(
    "answer %s with a provider's own status and body",
    async ([fault, chat, messages]) => {
      const spec = sandboxSpec({ fail: [{ with: fault, from: 1 }] });
      for (const [api, status] of [
        ["chat", chat],
        ["messages", messages],
      ] as const) {
        const response = await createSandbox(createFakeClock()).send(
          providerCall(api, spec, hello),
        );
        expect(response.status).toBe(status);
        expect(response.headers.get("retry-after")).toBe(fault === "rate_limit" ? "1" : null);
        expect(await response.json()).toMatchObject({
          error: { message: expect.stringMatching(/^sandbox: /) },
        });
      }
    },
  );

  it("happen at the calls that the policy counts, each provider on its own", async () => {
    const fail = [{ with: "server_error", from: 2, to: 3 }] as const;
    const sandbox = createSandbox(createFakeClock());
    const first = sandboxSpec({ fail });
    const statuses: number[] = [];
    for (const spec of [first, first, { ...first, name: "other" }, first, first]) {
      statuses.push((await sandbox.send(providerCall("chat", spec, hello))).status);
    }
    expect(statuses).toEqual([200, 500, 200, 500, 200]);
  });

  it("are no response, with nothing sent, for `network`", async () => {
    const spec = sandboxSpec({ fail: [{ with: "network", from: 1 }] });
    const call = createSandbox(createFakeClock()).send(providerCall("chat", spec, hello));
    await expect(call).rejects.toSatisfy(
      (error) => error instanceof TransportError && error.fault === "network" && !error.sent,
    );
  });

  it("break a whole answer in the middle for `cut`", async () => {
    const spec = sandboxSpec({ fail: [{ with: "cut", from: 1 }] });
    const response = await createSandbox(createFakeClock()).send(providerCall("chat", spec, hello));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("broke off");
  });

  it("wait for the abort for `hang`, however long", async () => {
    const clock = createFakeClock();
    const abort = new AbortController();
    const spec = sandboxSpec({ fail: [{ with: "hang", from: 1 }] });
    let ended: unknown;
    createSandbox(clock)
      .send(providerCall("chat", spec, hello, { signal: abort.signal }))
      .catch((reason: unknown) => {
        ended = reason;
      });
    await clock.advance(3_600_000);
    expect(ended).toBeUndefined();
    abort.abort("enough");
    await clock.advance(0);
    expect(ended).toBe("enough");
  });
});

describe("the sandbox's latency", () => {
  it("passes on the clock before the answer begins", async () => {
    const clock = createFakeClock();
    let status = 0;
    void createSandbox(clock)
      .send(providerCall("chat", sandboxSpec({ latencyMs: 250 }), hello))
      .then((response) => {
        status = response.status;
      });
    await clock.advance(249);
    expect(status).toBe(0);
    await clock.advance(1);
    expect(status).toBe(200);
  });

  it("ends at an abort and leaves no timer behind", async () => {
    const clock = createFakeClock();
    const abort = new AbortController();
    const spec = sandboxSpec({ latencyMs: 250 });
    const call = createSandbox(clock).send(
      providerCall("chat", spec, hello, { signal: abort.signal }),
    );
    abort.abort("enough");
    await expect(call).rejects.toBe("enough");
    expect(clock.pending()).toBe(0);
  });
});
