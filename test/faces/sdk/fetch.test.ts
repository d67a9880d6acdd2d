import { describe, expect, it } from "vitest";
import { chatAnswer, chatStream, env, hello, open, post, problem } from "./support.ts";

describe("router.fetch", () => {
  it("sends a call to the policy's target with the policy's key, and tells how it was routed", async () => {
    const { router, sent } = await open();
    const response = await post(router, "/chat/completions", { model: "anything", ...hello });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: "hello" } }] });
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "application/json",
      "x-request-id": "up-1",
      "x-signalbox-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "x-signalbox-route": "rest",
      "x-signalbox-target": "first:big",
      "x-signalbox-attempts": "1",
      "x-signalbox-cost": "0.0012",
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe("https://first.example/v1/chat/completions");
    expect(sent[0]?.body).toMatchObject({ model: "big", ...hello });
    expect(sent[0]?.headers.get("authorization")).toBe(`Bearer ${env.FIRST_KEY}`);
    await router.close();
  });

  it("forwards no header of the caller but those on the list", async () => {
    const { router, sent } = await open();
    await post(
      router,
      "/chat/completions",
      { model: "x", ...hello },
      {
        authorization: "Bearer caller-key",
        "x-api-key": "caller-key",
        cookie: "a=b",
        host: "evil.example",
        "openai-organization": "org-1",
        "openai-beta": "assistants=v2",
        "x-stainless-retry-count": "1",
        "x-signalbox-user": "ann",
        "x-forwarded-for": "1.2.3.4",
      },
    );
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toEqual({
      accept: "application/json",
      authorization: `Bearer ${env.FIRST_KEY}`,
      "content-type": "application/json",
      "openai-beta": "assistants=v2",
      "user-agent": "signalbox",
    });
    await router.close();
  });

  it("speaks the messages format with the kind's own headers, which the caller's replace", async () => {
    const answer = {
      id: "m",
      type: "message",
      role: "assistant",
      model: "sonnet",
      content: [{ type: "text", text: "hi" }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 5 },
    };
    const { router, sent } = await open(() => Response.json(answer));
    await post(router, "/messages", { model: "x", max_tokens: 50, ...hello });
    await post(
      router,
      "/messages?beta=true",
      { model: "x", max_tokens: 50, ...hello },
      { "anthropic-version": "2026-10-21" },
    );
    expect(sent.map(({ url }) => url)).toEqual([
      "https://claude.example/v1/messages",
      "https://claude.example/v1/messages?beta=true",
    ]);
    expect(sent.map(({ headers }) => headers.get("anthropic-version"))).toEqual([
      "2023-06-01",
      "2026-10-21",
    ]);
    expect(sent[0]?.headers.get("x-api-key")).toBe(env.CLAUDE_KEY);
    expect(sent[0]?.headers.has("authorization")).toBe(false);
    await router.close();
  });

  it("takes a string, a URL and a Request, and bodies of bytes and streams", async () => {
    const { router, sent } = await open();
    const address = "http://signalbox.invalid/v1/chat/completions";
    const text = JSON.stringify({ model: "x", ...hello });
    const init = { method: "POST", body: text };
    const calls = [
      router.fetch(address, init),
      router.fetch(new URL(address), { ...init, body: new TextEncoder().encode(text) }),
      router.fetch(new Request(address, init)),
      router.fetch("/v1/chat/completions", {
        method: "post",
        body: new Blob([text]).stream(),
        duplex: "half",
      }),
    ];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(sent).toHaveLength(4);
    await router.close();
  });

  it("moves on to the next target, and counts its attempts", async () => {
    const { router } = await open(({ url }) =>
      url.includes("first") ? problem(503, {}) : chatAnswer("from second"),
    );
    const response = await post(router, "/chat/completions", { model: "x", ...hello });
    expect(response.headers.get("x-signalbox-target")).toBe("second:big");
    expect(response.headers.get("x-signalbox-attempts")).toBe("2");
    await router.close();
  });

  it("hands out a stream without a cost, which nobody knows yet", async () => {
    const { router, events } = await open(({ signal }) => chatStream(["a", "b"], signal));
    const response = await post(router, "/chat/completions", {
      model: "x",
      stream: true,
      ...hello,
    });
    expect(response.headers.get("x-signalbox-cost")).toBeNull();
    expect(await response.text()).toContain("[DONE]");
    await router.close();
    expect(events.at(-1)).toMatchObject({ kind: "finished", outcome: "ok", cost: 1_200_000 });
  });
});

describe("what router.fetch refuses", () => {
  const cases: readonly (readonly [
    string,
    string,
    unknown,
    Record<string, string>,
    number,
    string,
  ])[] = [
    ["a body that is no JSON", "/chat/completions", "{", {}, 400, "bad_request"],
    ["a body that is no object", "/chat/completions", "[]", {}, 400, "bad_request"],
    [
      "a member written twice",
      "/chat/completions",
      '{"model":"a","model":"b","messages":[]}',
      {},
      400,
      "bad_request",
    ],
    ["a malformed member", "/chat/completions", { model: 7, ...hello }, {}, 400, "bad_request"],
    [
      "an undeclared header",
      "/chat/completions",
      { model: "x", ...hello },
      { "x-signalbox-tier": "gold" },
      400,
      "bad_request",
    ],
    [
      "an undeclared value",
      "/chat/completions",
      { model: "x", ...hello },
      { "x-signalbox-data": "secret" },
      400,
      "bad_request",
    ],
    [
      "another query",
      "/chat/completions?api-version=1",
      { model: "x", ...hello },
      {},
      400,
      "bad_request",
    ],
    [
      "what the policy denies",
      "/chat/completions",
      { model: "x", ...hello },
      { "x-signalbox-data": "private" },
      403,
      "policy",
    ],
    [
      "a tier that costs more",
      "/chat/completions",
      { model: "x", service_tier: "priority", ...hello },
      {},
      400,
      "steering",
    ],
    [
      "a member in a case of its own, which some servers take for the plain one",
      "/chat/completions",
      { model: "x", MAX_TOKENS: 100_000, ...hello },
      {},
      400,
      "bad_request",
    ],
    [
      "a member that steers a later target",
      "/chat/completions",
      { model: "steered", models: ["x"], ...hello },
      {},
      400,
      "steering",
    ],
  ];

  it.for(cases)("%s", async ([, path, body, headers, status, code]) => {
    const { router, sent } = await open();
    const response = await post(router, path, body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(response.headers.get("x-signalbox-request-id")).toBeTruthy();
    expect(await response.json()).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(sent).toEqual([]);
    await router.close();
  });

  it("a body of more than 32 MiB, without reading on", async () => {
    const { router, sent } = await open();
    let pulled = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
      },
    });
    const init = { method: "POST", body, duplex: "half" as const };
    const response = await router.fetch("http://signalbox.invalid/v1/chat/completions", init);
    expect(response.status).toBe(400);
    expect(pulled).toBeLessThan(40);
    const long = await post(router, "/chat/completions", " ".repeat(33 * 1024 * 1024));
    expect(long.status).toBe(400);
    expect(sent).toEqual([]);
    await router.close();
  });

  it.for([
    ["POST", "/v1/messages/batches", "anthropic"],
    ["POST", "/v1/images", "openai"],
    ["GET", "/v1/chat/completions", "openai"],
    ["DELETE", "/v1/models", "openai"],
    ["GET", "/v1/models/unheard-of", "openai"],
  ] as const)("%s %s, in the words of the SDK", async ([method, path, format]) => {
    const { router } = await open();
    const response = await router.fetch(`http://signalbox.invalid${path}`, { method });
    expect(response.status).toBe(404);
    const body = (await response.json()) as { type?: string; error: { message: string } };
    expect(body.error.message).toContain("POST …/chat/completions");
    expect(body.type).toBe(format === "anthropic" ? "error" : undefined);
    await router.close();
  });
});

describe("what router.fetch says of failures", () => {
  it("relays the provider's own refusal of what the caller wrote", async () => {
    const { router } = await open(() =>
      problem(400, { code: "invalid_value", message: "temperature is too hot" }),
    );
    const response = await post(router, "/chat/completions", { model: "x", ...hello });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: "invalid_value", message: "temperature is too hot" },
    });
    expect(response.headers.get("x-signalbox-target")).toBe("first:big");
    await router.close();
  });

  it("says when to ask again, in whole seconds rounded up", async () => {
    const { router } = await open(() =>
      problem(429, { code: "rate_limit_exceeded" }, { "retry-after-ms": "6500" }),
    );
    const response = await post(router, "/chat/completions", { model: "x", ...hello });
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(response.headers.get("x-signalbox-attempts")).toBe("2");
    await router.close();
  });

  it("does not relay what is about our keys", async () => {
    const { router } = await open(() => problem(401, { message: `bad key ${env.FIRST_KEY}` }));
    const response = await post(router, "/chat/completions", { model: "x", ...hello });
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain("bad key");
    await router.close();
  });
});

describe("identity", () => {
  it.for([
    ["a header", {}, { "x-signalbox-project": "research" }, "project"],
    ["metadata", { metadata: { project: "research", other: "thing" } }, {}, "project"],
    ["a boolean header", {}, { "x-signalbox-urgent": "true" }, "urgent"],
    ["a number in metadata", { metadata: { level: "3" } }, {}, "level"],
    [
      "a header before metadata",
      { metadata: { level: "3" } },
      { "x-signalbox-level": "1" },
      "rest",
    ],
  ] as const)("is read from %s", async ([, more, headers, route]) => {
    const { router } = await open();
    const response = await post(
      router,
      "/chat/completions",
      { model: "x", ...hello, ...more },
      headers,
    );
    expect(response.headers.get("x-signalbox-route")).toBe(route);
    await router.close();
  });

  it("refuses a number that is none", async () => {
    const { router } = await open();
    const response = await post(
      router,
      "/chat/completions",
      { model: "x", ...hello },
      { "x-signalbox-level": "high" },
    );
    expect(response.status).toBe(400);
    await router.close();
  });
});

describe("the list of models", () => {
  it("holds the literal names of the routes, and targets under `requested`", async () => {
    const { router } = await open();
    const response = await router.fetch("http://signalbox.invalid/v1/models");
    const { object, data } = (await response.json()) as {
      object: string;
      data: { id: string; owned_by: string }[];
    };
    expect(object).toBe("list");
    expect(data.slice(0, 3).map(({ id }) => id)).toEqual(["box", "summary", "steered"]);
    expect(data.filter(({ owned_by }) => owned_by === "first").length).toBeGreaterThan(10);
    expect(data.find(({ owned_by }) => owned_by === "first")?.id).toMatch(/^first:/);
    await router.close();
  });

  it("gives one model, and speaks Anthropic's format to its SDK", async () => {
    const { router } = await open();
    const one = await router.fetch("http://signalbox.invalid/v1/models/summary");
    expect(await one.json()).toMatchObject({ id: "summary", object: "model" });
    const headers = { "anthropic-version": "2023-06-01" };
    const list = await router.fetch("http://signalbox.invalid/v1/models", { headers });
    const body = (await list.json()) as Record<string, unknown> & { data: object[] };
    expect(body).toMatchObject({ has_more: false, first_id: "box" });
    expect(body.data[0]).toMatchObject({ type: "model", id: "box" });
    await router.close();
  });
});

describe("a request whose cost has no bound", () => {
  const ceiled = `version: 1
providers: { claude: { kind: anthropic, apiKey: { env: CLAUDE_KEY } } }
routes: [{ name: all, use: main }]
chains: { main: ["claude:claude-sonnet-4-5"] }
ceilings: [{ name: day, limit: $100, per: day }]
`;
  const tool = { type: "web_search_20250305", name: "web_search" };

  it("is refused under a hard ceiling: the provider's own tools have no price", async () => {
    const { router, sent } = await open(undefined, { policy: ceiled });
    const body = { model: "x", max_tokens: 10, ...hello, tools: [tool] };
    const response = await post(router, "/messages", body);
    expect(response.status).toBe(402);
    expect(await response.json()).toMatchObject({
      error: {
        message: expect.stringContaining("web_search"),
        details: { error_code: "unpriced" },
      },
    });
    expect(sent).toEqual([]);
    await router.close();
  });
});

describe("what a provider's callers may set", () => {
  const lenient = (more: string, forced = "") => `version: 1
providers:
  a: { kind: openai, baseUrl: "https://first.example/v1", apiKey: { env: FIRST_KEY }, callerMay: [service_tier]${forced} }
  b: { kind: openrouter, baseUrl: "https://second.example/v1", apiKey: { env: SECOND_KEY }, callerMay: [":online"] }
models: { "*": { price: { input: $0, output: $0 }, maxOutput: 4k } }
routes: [{ name: online, match: { model: "x:online" }, use: b }, { name: both, match: { model: both }, use: both }, { name: all, use: a }]
chains: { a: ["a:m"], b: ["b:m"], both: ["a:m", "b:m"] }
${more}`;
  const ceilings = "ceilings: [{ name: day, limit: $100, per: day }]\n";
  const paid = { model: "x", service_tier: "priority", ...hello };

  it("goes out as the caller wrote it", async () => {
    const { router, sent } = await open(undefined, { policy: lenient("") });
    expect((await post(router, "/chat/completions", paid)).status).toBe(200);
    expect((await post(router, "/chat/completions", { ...hello, model: "x:online" })).status).toBe(
      200,
    );
    expect(sent.map(({ body }) => body.service_tier)).toEqual(["priority", undefined]);
    await router.close();
  });

  it.for([
    ["a member that is not listed", { model: "x", web_search_options: {}, ...hello }],
    ["a suffix that is not listed", { model: "x:online:nitro", ...hello }],
    ["a member that a later target's provider does not list", { ...paid, model: "both" }],
  ] as const)("is refused: %s", async ([name, body]) => {
    const policy = lenient("").replace('match: { model: "x:online" }', 'match: { model: "x:*" }');
    const { router, sent } = await open(undefined, { policy });
    const response = await post(router, "/chat/completions", body);
    expect(response.status, name).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "steering" } });
    expect(sent).toEqual([]);
    await router.close();
  });

  it.for([
    ["a member", paid, "service_tier"],
    ["a suffix", { ...hello, model: "x:online" }, ":online"],
  ] as const)("%s has no known price, even where the model is free", async ([, body, word]) => {
    const { router, sent } = await open(undefined, { policy: lenient(ceilings) });
    const response = await post(router, "/chat/completions", body);
    expect(response.status).toBe(402);
    expect(await response.json()).toMatchObject({
      error: { code: "unpriced", message: expect.stringContaining(word) },
    });
    expect((await post(router, "/chat/completions", { ...hello, model: "x" })).status).toBe(200);
    expect(sent.length).toBe(1);
    await router.close();
  });

  it("is the policy's again where it forces the member", async () => {
    const forced = ", params: { force: { service_tier: default } }";
    const { router, sent } = await open(undefined, { policy: lenient(ceilings, forced) });
    expect((await post(router, "/chat/completions", paid)).status).toBe(200);
    expect(sent[0]?.body.service_tier).toBe("default");
    await router.close();
  });
});

describe("what only a key may say", () => {
  const keyed = `version: 1
providers: { first: { kind: openai, baseUrl: "https://first.example/v1", apiKey: { env: FIRST_KEY } } }
attributes: { team: { values: [free, paid], default: free, setBy: key } }
keys:
  - { name: ci, sha256: { env: CI_SHA256 }, project: research, set: { team: paid } }
  - { name: old, sha256: { env: OLD_SHA256 }, expires: "2020-01-01" }
routes:
  - { name: paid, match: { team: paid, project: research }, use: main }
  - { name: rest, deny: "pay first" }
chains: { main: ["first:big"] }
`;
  const asked = { model: "x", ...hello };

  it("comes with the key that a header names", async () => {
    const { router, sent } = await open(undefined, { policy: keyed });
    const headers = { "x-signalbox-key": "ci", "x-signalbox-team": "paid" };
    const response = await post(router, "/chat/completions", asked, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get("x-signalbox-route")).toBe("paid");
    expect(sent.length).toBe(1);
    await router.close();
  });

  it.for([
    ["another project", { "x-signalbox-key": "ci", "x-signalbox-project": "other" }, {}],
    ["another value", { "x-signalbox-key": "ci", "x-signalbox-team": "free" }, {}],
    ["another value in metadata", { "x-signalbox-key": "ci" }, { metadata: { team: "free" } }],
    ["the attribute without a key", { "x-signalbox-team": "paid" }, {}],
    ["the attribute in metadata without a key", {}, { metadata: { team: "paid" } }],
    ["a key that is not declared", { "x-signalbox-key": "root" }, {}],
    ["a key that has expired", { "x-signalbox-key": "old" }, {}],
  ] as const)("is refused from a caller with a 403: %s", async ([, headers, more]) => {
    const { router, sent } = await open(undefined, { policy: keyed });
    const response = await post(router, "/chat/completions", { ...asked, ...more }, { ...headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "forbidden" } });
    expect(sent).toEqual([]);
    await router.close();
  });

  it("is for the program that embeds the router to say, but for a key that has expired", async () => {
    const { router } = await open(undefined, { policy: keyed });
    const own = { project: "research", attributes: { team: "paid" } } as const;
    await expect(router.model("x").chat(hello, own)).resolves.toBeTruthy();
    await expect(router.model("x").chat(hello, { key: "ci" })).resolves.toBeTruthy();
    expect(router.resolve({ key: "ci" })).toMatchObject({ kind: "route", route: "paid" });
    expect(router.resolve({ key: "ci", project: "x" })).toMatchObject({ because: "policy" });
    const expired = { code: "forbidden", status: 403 };
    expect(() => router.resolve({ key: "old" })).toThrow(expect.objectContaining(expired));
    await expect(router.model("x").chat(hello, { key: "old" })).rejects.toMatchObject(expired);
    const call = async () => ({ value: 1 });
    await expect(router.run({ key: "old" }, call)).rejects.toMatchObject(expired);
    await router.close();
  });
});

describe("names in headers", () => {
  it("are percent-encoded where no header could hold them", async () => {
    const { router } = await open(undefined, {
      policy: `version: 1
providers: { box: { kind: sandbox } }
routes: [{ name: all, use: main }]
chains: { main: [{ requested: ["box:*"] }] }
`,
    });
    const response = await post(router, "/chat/completions", {
      model: "box:模型 \ud800\r\n",
      ...hello,
    });
    expect(response.headers.get("x-signalbox-target")).toBe(
      "box:%E6%A8%A1%E5%9E%8B%20%EF%BF%BD%0D%0A",
    );
    await router.close();
  });
});
