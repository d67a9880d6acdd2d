import { Agent, fetch } from "undici";
import type { Transport } from "./transport.ts";

/**
 * Speaks HTTP through undici, with its own limits on headers and bodies off: the deadlines of the policy rule, and some
 * models think for longer than undici's five minutes.
 *
 * One pool of connections for each connect timeout in use. HTTP/1.1 alone, so that an abort closes the socket and the
 * provider sees it, where HTTP/2 would only reset one stream.
 */
export function undiciTransport(): Transport {
  const agents = new Map<number, Agent>();
  const agentFor = (connectMs: number): Agent => {
    const agent = agents.get(connectMs) ?? newAgent(connectMs);
    agents.set(connectMs, agent);
    return agent;
  };
  return {
    send: async ({ url, method, headers, body, signal, connectMs }) => {
      const dispatcher = agentFor(connectMs);
      const response = await fetch(url, {
        method,
        headers,
        body,
        signal,
        dispatcher,
        redirect: "manual",
      });
      return response as unknown as Response;
    },
    close: async () => {
      const open = [...agents.values()];
      agents.clear();
      await Promise.all(open.map((agent) => agent.destroy()));
    },
  };
}

function newAgent(connectMs: number): Agent {
  return new Agent({
    connect: { timeout: connectMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
}
