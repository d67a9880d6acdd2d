import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { unreachable } from "../../../src/terms/unreachable.ts";

/** One request as an upstream received it. */
export interface Received {
  /** The host that the policy names for it, `api.openai.com`. */
  readonly host: string;
  /** Below that host, query included. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The body's `model`. */
  readonly model: string;
}

/** What an upstream does with a request. */
export type Act =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Written one by one; split where the network might. */
      readonly pieces: readonly (string | Uint8Array)[];
      /**
       * `whole` ends as HTTP wants it; `reset` closes the connection in the middle of the answer; `stall` writes no
       * more and leaves it open.
       */
      readonly end: "whole" | "reset" | "stall";
    }
  /** Takes the request and says nothing. */
  | { readonly kind: "hang" };

export type Script = (received: Received) => Act;

/** A server on this machine that plays every provider of a policy, each below a path with its host's name. */
export interface Upstreams {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  /** The same for a port that nobody listens on: connections to it are refused. */
  readonly refused: string;
  /** Replaces the script and forgets what was received. */
  readonly play: (script: Script) => void;
  /** What was received since the last `play`, oldest first. */
  readonly received: () => readonly Received[];
  readonly close: () => Promise<void>;
}

/** Starts the server on a free port of the loopback address. */
export async function startUpstreams(): Promise<Upstreams> {
  let script: Script = () => ({ kind: "hang" });
  let received: Received[] = [];
  const server = createServer((request, response) => {
    const playing = script;
    const noting = received;
    readRequest(request).then(
      async (seen) => {
        noting.push(seen);
        await perform(playing(seen), response);
      },
      () => response.destroy(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: `http://127.0.0.1:${await closedPort()}`,
    play: (next) => {
      script = next;
      received = [];
    },
    received: () => received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A port that was free a moment ago and that nobody was given since. */
async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function readRequest(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const [, host = "", ...rest] = (request.url ?? "").split("/");
  const { model } = JSON.parse(text) as { readonly model: string };
  return {
    host,
    path: `/${rest.join("/")}`,
    headers: request.headers as Readonly<Record<string, string | undefined>>,
    text,
    model,
  };
}

async function perform(act: Act, response: ServerResponse): Promise<void> {
  switch (act.kind) {
    case "hang":
      return;
    case "answer": {
      response.writeHead(act.status, act.headers);
      response.flushHeaders();
      for (const piece of act.pieces) {
        response.write(piece);
        await nextTurn();
      }
      if (act.end === "whole") response.end();
      if (act.end === "reset") await closeOnAnswer(response);
      return;
    }
    default:
      return unreachable(act);
  }
}

/**
 * Closes the connection once what was written has been read. Both ends live in one event loop, so that turns of it are
 * a better measure than time: earlier, the cut would take the last bytes with it.
 */
async function closeOnAnswer(response: ServerResponse): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await nextTurn();
  response.destroy();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
