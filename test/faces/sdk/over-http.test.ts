import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createRouter } from "../../../src/index.ts";
import { chatAnswer, hello, post } from "./support.ts";

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function answering(): Promise<string> {
  const body = await chatAnswer("from the second").text();
  return serve(
    (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end(body),
  );
}

async function routed(first: string, second: string) {
  const text = `version: 1
providers:
  first:  { kind: openai-compatible, baseUrl: "${first}" }
  second: { kind: openai-compatible, baseUrl: "${second}" }
retries: { none: { maxRetries: 0, minDelay: 1ms, maxDelay: 1ms, retryBudget: 0% } }
routes: [{ name: all, use: main }]
chains: { main: ["first:a", "second:b"] }
defaults: { retry: none, timeouts: { connect: 1s, headers: 150ms, firstOutput: 300ms, answer: 300ms, idle: 150ms } }
`;
  const router = await createRouter(text, { env: {} });
  const response = await post(router, "/chat/completions", { model: "x", ...hello });
  const answer = await response.text();
  await router.close();
  return { response, answer };
}

describe("a router over real connections", () => {
  it.for([
    ["hangs before its headers", (() => {}) as RequestListener],
    [
      "hangs within its body",
      ((_, response) => void response.writeHead(200).write("{")) as RequestListener,
    ],
    ["closes the connection", ((request) => void request.socket.destroy()) as RequestListener],
    [
      "redirects",
      ((_, response) =>
        void response.writeHead(302, { location: "/elsewhere" }).end()) as RequestListener,
    ],
    [
      "answers HTML",
      ((_, response) =>
        void response
          .writeHead(502, { "content-type": "text/html" })
          .end("<h1>no</h1>")) as RequestListener,
    ],
  ] as const)("answers from the second target where the first %s", async ([, listener]) => {
    const { response, answer } = await routed(await serve(listener), await answering());
    expect(response.headers.get("x-signalbox-target")).toBe("second:b");
    expect(response.headers.get("x-signalbox-attempts")).toBe("2");
    expect(answer).toContain("from the second");
  });

  it("answers from the second target where nobody listens at the first", async () => {
    const gone = await serve(() => {});
    closers.splice(0).forEach((close) => {
      close();
    });
    const { response } = await routed(gone, await answering());
    expect(response.headers.get("x-signalbox-target")).toBe("second:b");
  });
});
