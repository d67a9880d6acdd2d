import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import type { OwnError } from "../../src/dialects/dialect.ts";
import { dialects } from "../../src/dialects/dialects.ts";

const error: OwnError = {
  status: 402,
  code: "ceiling",
  message: 'the ceiling `project-day` is reached\nby "ann"',
  requestId: "req-1",
};

describe("an error of ours", () => {
  it.for<[number, string, string]>([
    [400, "invalid_request_error", "invalid_request_error"],
    [401, "authentication_error", "authentication_error"],
    [402, "invalid_request_error", "billing_error"],
    [403, "permission_error", "permission_error"],
    [404, "not_found_error", "not_found_error"],
    [413, "invalid_request_error", "request_too_large"],
    [429, "rate_limit_error", "rate_limit_error"],
    [499, "invalid_request_error", "invalid_request_error"],
    [500, "server_error", "api_error"],
    [502, "server_error", "api_error"],
    [503, "service_unavailable_error", "overloaded_error"],
    [504, "server_error", "timeout_error"],
    [529, "server_error", "overloaded_error"],
  ])("has the type of its status: %i", ([status, openai, anthropic]) => {
    const chat = JSON.parse(dialects.chat.renderError({ ...error, status }).body);
    const messages = JSON.parse(dialects.messages.renderError({ ...error, status }).body);
    expect([chat.error.type, messages.error.type]).toEqual([openai, anthropic]);
  });

  it("is written in OpenAI's form, for embeddings as well", () => {
    const rendered = dialects.chat.renderError(error);
    expect(rendered.contentType).toBe("application/json");
    expect(JSON.parse(rendered.body)).toEqual({
      error: {
        message: error.message,
        type: "invalid_request_error",
        param: null,
        code: "ceiling",
      },
      request_id: "req-1",
    });
    expect(dialects.embeddings.renderError(error)).toEqual(rendered);
  });

  it("is written in Anthropic's form", () => {
    expect(JSON.parse(dialects.messages.renderError(error).body)).toEqual({
      type: "error",
      error: { type: "billing_error", message: error.message, details: { error_code: "ceiling" } },
      request_id: "req-1",
    });
  });

  it("is one event in a stream, whatever its message holds", () => {
    for (const dialect of Object.values(dialects)) {
      const event = dialect.renderStreamError(error);
      expect(event.indexOf("\n\n")).toBe(event.length - 2);
      expect(event).not.toMatch(/\r|\n(?:by)/);
    }
  });

  it("is an error to our own readers", () => {
    const [chat = "", messages = ""] = [dialects.chat, dialects.messages].map((dialect) =>
      dialect.renderStreamError(error),
    );
    const data = chat.slice("data: ".length).trimEnd();
    expect(dialects.chat.streamReader().push({ data }).kind).toBe("error");
    const [, named = ""] = messages.split("data: ");
    const event = { event: "error", data: named.trimEnd() };
    expect(dialects.messages.streamReader().push(event).kind).toBe("error");
  });
});

describe("the official OpenAI client", () => {
  const text = { id: "c", choices: [{ index: 0, delta: { role: "assistant", content: "Hi" } }] };
  const ask = { model: "m", messages: [{ role: "user" as const, content: "x" }] };

  it("raises an error in a body", async () => {
    const { body, contentType } = dialects.chat.renderError(error);
    const client = openai(new Response(body, answer(402, contentType)));
    const raised = await client.chat.completions.create(ask).catch((thrown: unknown) => thrown);
    expect(raised).toBeInstanceOf(OpenAI.APIError);
    expect(raised).toMatchObject({ status: 402, code: "ceiling", type: "invalid_request_error" });
  });

  it("raises an error inside a stream, after the text before it", async () => {
    const body = `data: ${JSON.stringify(text)}\n\n${dialects.chat.renderStreamError(error)}`;
    const client = openai(new Response(body, answer(200, "text/event-stream")));
    const stream = await client.chat.completions.create({ ...ask, stream: true });
    const seen: unknown[] = [];
    const raised = await drain(stream, seen);
    expect(seen).toHaveLength(1);
    expect(raised).toBeInstanceOf(OpenAI.APIError);
    expect(raised).toMatchObject({ code: "ceiling" });
  });

  function openai(response: Response) {
    return new OpenAI({ apiKey: "none", maxRetries: 0, fetch: async () => response });
  }
});

describe("the official Anthropic client", () => {
  const start = {
    type: "message_start",
    message: { id: "m", type: "message", role: "assistant", content: [], usage: {} },
  };
  const ask = { model: "m", max_tokens: 5, messages: [{ role: "user" as const, content: "x" }] };

  it("raises an error in a body", async () => {
    const { body, contentType } = dialects.messages.renderError(error);
    const client = anthropic(new Response(body, answer(402, contentType)));
    const raised = await client.messages.create(ask).catch((thrown: unknown) => thrown);
    expect(raised).toBeInstanceOf(Anthropic.APIError);
    expect(raised).toMatchObject({ status: 402, type: "billing_error" });
  });

  it("raises an error inside a stream, after the event before it", async () => {
    const first = `event: message_start\ndata: ${JSON.stringify(start)}\n\n`;
    const body = first + dialects.messages.renderStreamError(error);
    const client = anthropic(new Response(body, answer(200, "text/event-stream")));
    const stream = await client.messages.create({ ...ask, stream: true });
    const seen: unknown[] = [];
    const raised = await drain(stream, seen);
    expect(seen).toHaveLength(1);
    expect(raised).toBeInstanceOf(Anthropic.APIError);
  });

  function anthropic(response: Response) {
    return new Anthropic({ apiKey: "none", maxRetries: 0, fetch: async () => response });
  }
});

function answer(status: number, contentType: string): ResponseInit {
  return { status, headers: { "content-type": contentType } };
}

/** Reads to the end; returns what was thrown. */
async function drain(stream: AsyncIterable<unknown>, seen: unknown[]): Promise<unknown> {
  try {
    for await (const event of stream) seen.push(event);
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}
