import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { kinds } from "../../src/catalog/kinds.ts";
import { createHttpProvider } from "../../src/providers/http-provider.ts";
import { Secret } from "../../src/providers/secret.ts";
import { undiciTransport } from "../../src/providers/undici-transport.ts";
import { TransportError } from "../../src/run/transport-error.ts";
import { providerCall, providerSpec } from "./support/calls.ts";

const closers: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<{ server: Server; baseUrl: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}

function provider() {
  const transport = undiciTransport();
  closers.push(() => transport.close());
  const credentials = {
    has: () => true,
    secretFor: () => new Secret("sk-of-the-test"),
    scrub: (text: string) => text,
  };
  return createHttpProvider({ transport, credentials, kinds });
}

function call(baseUrl: string, signal = new AbortController().signal, connectMs = 1000) {
  const spec = providerSpec("cloud", "openai", { baseUrl });
  return providerCall("chat", spec, { messages: [] }, { signal, connectMs });
}

async function failure(work: Promise<unknown>): Promise<TransportError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof TransportError))
    throw new TypeError("expected a TransportError", { cause: thrown });
  return thrown;
}

describe("a call over HTTP", () => {
  it("arrives as it was sent, with the provider's key", async () => {
    let seen = {};
    const { baseUrl } = await serve((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        const { authorization, accept } = request.headers;
        seen = { method: request.method, url: request.url, authorization, accept, body };
        response.end('{"ok":true}');
      });
    });
    const sent = call(baseUrl);
    const response = await provider().send({ ...sent, query: "?beta=true" });
    expect(await response.json()).toEqual({ ok: true });
    expect(seen).toEqual({
      method: "POST",
      url: "/v1/chat/completions?beta=true",
      authorization: "Bearer sk-of-the-test",
      accept: "application/json",
      body: sent.body,
    });
  });

  it("stays at its address, whatever the query says", async () => {
    const urls: (string | undefined)[] = [];
    const { baseUrl } = await serve((request, response) => {
      urls.push(request.url);
      response.end("{}");
    });
    for (const query of ["?x=1#@evil.example/", "@evil.example", "?a=/../../b"]) {
      await provider().send({ ...call(baseUrl), query });
    }
    expect(urls).toEqual([
      "/v1/chat/completions?x=1%23@evil.example/",
      "/v1/chat/completions?@evil.example",
      "/v1/chat/completions?a=/../../b",
    ]);
  });

  it.for([301, 302, 307, 308])("does not follow a redirect with status %i", async (status) => {
    let followed = 0;
    const other = await serve((_, response) => {
      followed += 1;
      response.end("{}");
    });
    const { baseUrl } = await serve((_, response) => {
      response.writeHead(status, { location: `${other.baseUrl}/steal?key=1` }).end("moved");
    });
    const error = await failure(provider().send(call(baseUrl)));
    expect(error).toMatchObject({ fault: "redirect", sent: true });
    expect(error.message).not.toContain("steal");
    expect(followed).toBe(0);
  });

  it("fails unsent where the connection is refused", async () => {
    const { server, baseUrl } = await serve(() => {});
    await new Promise((resolve) => void server.close(resolve));
    const error = await failure(provider().send(call(baseUrl)));
    expect(error).toMatchObject({ fault: "network", sent: false });
    expect(error.message).toContain("ECONNREFUSED");
  });

  it("fails unsent where the connection does not open in time", async () => {
    // TLS to a server that never answers the greeting: the connection never stands.
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    const error = await failure(
      provider().send(call(`https://127.0.0.1:${port}/v1`, undefined, 200)),
    );
    expect(error).toMatchObject({ fault: "timeout", sent: false });
  });

  it("fails sent where the connection breaks before an answer", async () => {
    const { baseUrl } = await serve((request) => request.socket.destroy());
    const error = await failure(provider().send(call(baseUrl)));
    expect(error).toMatchObject({ fault: "network", sent: true });
  });

  it("has no address where the program gives none", async () => {
    const spec = providerSpec("cloud", "openai");
    const error = await failure(provider().send(providerCall("chat", spec, {})));
    expect(error).toMatchObject({ fault: "network", sent: false });
  });
});

describe("an abort", () => {
  /** Resolves once the server sees its connection close. */
  async function hanging(answers: boolean) {
    let opened = () => {};
    let closed = () => {};
    const isOpen = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { baseUrl } = await serve((request, response) => {
      request.socket.once("close", closed);
      if (answers) {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("data: {}\n\n");
      }
      opened();
    });
    return { baseUrl, isOpen, isClosed };
  }

  it.for([
    ["before the headers", false],
    ["in the middle of a body", true],
  ] as const)("%s closes the provider's socket", async ([, answers]) => {
    const { baseUrl, isOpen, isClosed } = await hanging(answers);
    const abort = new AbortController();
    const sending = provider().send(call(baseUrl, abort.signal));
    const outcome = sending.then((response) => response.text());
    await isOpen;
    if (answers) await sending;
    abort.abort(new RangeError("enough"));
    await expect(outcome).rejects.toThrow("enough");
    await isClosed;
  });

  it("before sending sends nothing", async () => {
    let calls = 0;
    const { baseUrl } = await serve((_, response) => {
      calls += 1;
      response.end("{}");
    });
    await expect(
      provider().send(call(baseUrl, AbortSignal.abort(new RangeError("enough")))),
    ).rejects.toThrow("enough");
    expect(calls).toBe(0);
  });
});
