import { describe, expect, it } from "vitest";
import { RouteError } from "../../../src/index.ts";
import { chatStream, hello, open, problem } from "./support.ts";

describe("router.model", () => {
  it("answers chat, messages and embeddings with plain JSON", async () => {
    const { router } = await open();
    const model = router.model("summary");
    expect(await model.chat(hello)).toMatchObject({
      object: "chat.completion",
      usage: { prompt_tokens: 3 },
    });
    expect(await model.messages({ max_tokens: 99, ...hello })).toMatchObject({ type: "message" });
    expect(await model.embeddings({ input: "one" })).toMatchObject({ data: [{ index: 0 }] });
    await router.close();
  });

  it("names the model, whatever the request says", async () => {
    const { router, sent } = await open();
    await router.model("first:other").chat({ model: "box", ...hello });
    expect(sent[0]?.body.model).toBe("other");
    await router.close();
  });

  it("streams data, event by event", async () => {
    const { router } = await open(({ signal }) => chatStream(["a", "b"], signal));
    const events = await Array.fromAsync(await router.model("x").chat({ stream: true, ...hello }));
    expect(events.map((event) => JSON.stringify(event.choices)).join()).toMatch(/"a".*"b".*"stop"/);
    const blocks = await Array.fromAsync(
      await router.model("box").messages({ stream: true, max_tokens: 99, ...hello }),
    );
    expect(blocks.at(-1)).toEqual({ type: "message_stop" });
    await router.close();
  });

  it("takes identity beside the request", async () => {
    const { router, events } = await open();
    await router.model("x").chat(hello, { project: "research", user: "ann" });
    expect(events[0]).toMatchObject({ kind: "decision", decision: { route: "project" } });
    await router.close();
  });

  it("throws what the router throws", async () => {
    const { router } = await open(() => problem(400, { code: "invalid_value" }));
    const thrown = await router
      .model("x")
      .chat(hello)
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(RouteError);
    expect(thrown).toMatchObject({ code: "invalid_request", attempts: [{ target: "first:big" }] });
    const bad = await router
      .model("x")
      .chat({ messages: 7 })
      .catch((error: unknown) => error);
    expect(bad).toMatchObject({ code: "bad_request" });
    await router.close();
  });

  it("throws in the middle of a stream that breaks off", async () => {
    const { router } = await open(undefined, {
      policy: `version: 1
providers: { box: { kind: sandbox, fail: { with: cut, from: 1 } } }
routes: [{ name: all, use: main }]
chains: { main: ["box:small"] }
`,
    });
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const event of await router.model("x").chat({ stream: true, ...hello }))
        seen.push(event);
    })();
    await expect(reading).rejects.toMatchObject({
      code: "server_error",
      attempts: [{ target: "box:small" }],
    });
    expect(JSON.stringify(seen)).toContain("Signals");
    await router.close();
  });

  it("cancels the call when a loop over a stream is left", async () => {
    const { router, sent, events } = await open(({ signal }) => chatStream(["a"], signal, true));
    for await (const event of await router.model("x").chat({ stream: true, ...hello })) {
      if (JSON.stringify(event).includes('"a"')) break;
    }
    await expect.poll(() => sent[0]?.signal.aborted).toBe(true);
    await router.close();
    expect(events.at(-1)).toMatchObject({ outcome: "cancelled" });
  });
});
