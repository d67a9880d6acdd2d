import { inspect } from "node:util";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { type OwnAttempt, RouteError } from "../../../src/index.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { canary, chatAnswer, env, hello, open, problem, usage } from "./support.ts";

const request = { model: "x", inputTokens: 10 };

/** What a routed call ends in. */
async function failure(work: Promise<unknown>): Promise<RouteError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!RouteError.is(thrown)) throw new TypeError("expected a RouteError", { cause: thrown });
  return thrown;
}

/** Answers at the second target alone; at the first it throws what it is given. */
function secondOnly(thrown: unknown) {
  return async ({ provider }: OwnAttempt) => {
    if (provider === "first") throw thrown;
    return { value: provider, usage };
  };
}

describe("router.run", () => {
  it("hands the call everything it needs, and answers with the value and the bill", async () => {
    const { router } = await open();
    const seen: OwnAttempt[] = [];
    const result = await router.run({ ...request, outputTokens: 500 }, async (attempt) => {
      seen.push(attempt);
      return { value: 42, usage };
    });
    expect(result).toMatchObject({ value: 42, target: "first:big", cost: 1_200_000 });
    expect(result.attempts).toMatchObject([{ outcome: "ok", target: "first:big" }]);
    expect(result.decision).toMatchObject({ kind: "route", route: "rest" });
    expect(seen[0]).toMatchObject({
      number: 1,
      target: "first:big",
      provider: "first",
      kind: "openai",
      model: "big",
      baseUrl: "https://first.example/v1",
      maxOutputTokens: 500,
      params: { default: {}, force: {} },
    });
    expect(seen[0]?.apiKey).toBe(env.FIRST_KEY);
    await router.close();
  });

  it("shows no key to who prints, copies or writes an attempt", async () => {
    const { router } = await open();
    await router.run(request, async (attempt) => {
      const shown = [
        inspect(attempt, { depth: 9 }),
        JSON.stringify(attempt),
        JSON.stringify({ ...attempt }),
      ];
      expect(shown.join()).not.toContain(canary);
      return { value: 0 };
    });
    await router.close();
  });

  it.for([
    ["OpenAI's words", usage, 1_200_000],
    ["Anthropic's words", { input_tokens: 10, output_tokens: 10 }, 30_000],
    ["our own words", { inputTokens: 10, outputTokens: 10 }, 30_000],
    ["no words", undefined, 8_040_000],
    ["words without meaning", { tokens: 3 }, 8_040_000],
  ] as const)("settles by usage in %s", async ([, used, cost]) => {
    const { router } = await open();
    const result = await router.run(request, async () => ({ value: 0, usage: used }));
    expect(result.cost).toBe(cost);
    await router.close();
  });

  it("moves on after errors of the official clients", async () => {
    const { router } = await open();
    const first = new OpenAI({
      apiKey: "k",
      maxRetries: 0,
      fetch: async () => problem(429, {}, { "retry-after": "2" }),
    });
    const second = new Anthropic({
      apiKey: "k",
      maxRetries: 0,
      fetch: () => Promise.reject(new TypeError("fetch failed")),
    });
    const error = await failure(
      router.run(request, async ({ provider }) => {
        const calls =
          provider === "first"
            ? first.chat.completions.create({ ...hello, model: "m" })
            : second.messages.create({ ...hello, model: "m", max_tokens: 9 });
        return { value: await calls };
      }),
    );
    expect(error.attempts.map(({ outcome, status }) => [outcome, status])).toEqual([
      ["rate_limit", 429],
      ["network", undefined],
    ]);
    await router.close();
  });

  it.for([
    [
      "a status and a record of headers",
      Object.assign(new Error("x"), { status: 503, headers: { "Retry-After": "1" } }),
      "overloaded",
    ],
    [
      "OpenAI's code for no money",
      OpenAI.APIError.generate(429, { error: { code: "insufficient_quota" } }, "x", new Headers()),
      "insufficient_credit",
    ],
    [
      "Anthropic's too long prompt",
      Anthropic.APIError.generate(
        400,
        {
          type: "error",
          error: {
            type: "invalid_request_error",
            message: "prompt is too long: 9 tokens > 8 maximum",
          },
        },
        "x",
        new Headers(),
      ),
      "context_length",
    ],
    ["OpenAI's timeout", new OpenAI.APIConnectionTimeoutError(), "timeout"],
    ["a timeout signal", new DOMException("late", "TimeoutError"), "timeout"],
    [
      "a refused connection",
      new TypeError("fetch failed", {
        cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
      }),
      "network",
    ],
  ] as const)("understands %s", async ([, thrown, outcome]) => {
    const { router } = await open();
    const call = router.run(request, secondOnly(thrown));
    if (outcome === "context_length") {
      expect(await failure(call)).toMatchObject({ code: outcome });
    } else {
      const { value, attempts } = await call;
      expect(value).toBe("second");
      expect(attempts[0]).toMatchObject({ target: "first:big", outcome });
    }
    await router.close();
  });

  it("charges nothing for a connection that was refused, and the worst case for one that broke", async () => {
    const { router } = await open();
    const broken = (code: string) =>
      new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) });
    const refused = await router.run(request, secondOnly(broken("ECONNREFUSED")));
    const reset = await router.run(request, secondOnly(broken("ECONNRESET")));
    expect(refused.attempts[0]?.cost).toBe(0);
    expect(reset.attempts[0]?.cost).toBe(8_040_000);
    await router.close();
  });

  it("ends at an error that is no failure of a provider, and keeps it", async () => {
    const { router } = await open();
    const bug = new RangeError("my own bug");
    const error = await failure(router.run(request, secondOnly(bug)));
    expect(error).toMatchObject({ code: "server_error", attempts: [{}] });
    expect(inspect(error, { depth: 9 })).toContain("my own bug");
    await router.close();
  });

  it("gives an attempt the time of a whole answer, and moves on when that is over", async () => {
    const clock = createFakeClock();
    const { router } = await open(undefined, { clock });
    const signals: AbortSignal[] = [];
    const call = router.run(request, ({ provider, signal }) => {
      signals.push(signal);
      return provider === "first"
        ? new Promise<never>(() => {})
        : Promise.resolve({ value: provider });
    });
    await clock.advance(300_000);
    expect(await call).toMatchObject({
      value: "second",
      attempts: [{ outcome: "timeout" }, { outcome: "ok" }],
    });
    expect(signals[0]?.aborted).toBe(true);
    await router.close();
  });

  it("ends when its caller aborts, and so does the call's signal", async () => {
    const { router } = await open();
    const abort = new AbortController();
    const error = await failure(
      router.run(
        request,
        ({ signal }) => {
          abort.abort();
          return Promise.reject(signal.reason);
        },
        { signal: abort.signal },
      ),
    );
    expect(error).toMatchObject({ code: "cancelled", attempts: [{ outcome: "cancelled" }] });
    await router.close();
  });

  it("refuses what the policy does not declare, and what it denies", async () => {
    const { router } = await open();
    const call = async () => ({ value: chatAnswer("no") });
    const undeclared = await failure(router.run({ ...request, attributes: { tier: "x" } }, call));
    const denied = await failure(router.run({ ...request, attributes: { data: "private" } }, call));
    expect([undeclared.code, denied.code]).toEqual(["bad_request", "policy"]);
    await router.close();
  });
});
