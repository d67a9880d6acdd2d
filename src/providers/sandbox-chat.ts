import type { ProviderCall } from "../run/ports.ts";
import { isJsonObject, type JsonObject } from "../terms/json.ts";
import { type SandboxAnswer, sandboxAnswer } from "./sandbox-answer.ts";
import { pieces, type SandboxOutput, sseEvent } from "./sandbox-output.ts";

/**
 * Writes a sandbox's answer in OpenAI's chat format; `n` answers are alike, and usage is streamed where it is asked for.
 *
 * @param number of the call, from 1; names the answer
 */
export function sandboxChat(call: ProviderCall, body: JsonObject, number: number): SandboxOutput {
  const answer = sandboxAnswer(call, body);
  const n = answersOf(body);
  const usage = usageOf(answer, n);
  const head = {
    id: `chatcmpl-${call.provider.name}-${number}`,
    created: 0,
    model: call.target.model,
  };
  const message = { role: "assistant", ...contentOf(answer), refusal: null };
  const finish = finishOf(answer);
  const choices = Array.from({ length: n }, (_, index) => ({
    index,
    message,
    logprobs: null,
    finish_reason: finish,
  }));
  const chunk = (index: number, delta: JsonObject, finished: string | null = null) =>
    sseEvent({
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index, delta, logprobs: null, finish_reason: finished }],
    });
  const each = choices.map(({ index }) => index);
  const includeUsage =
    isJsonObject(body.stream_options) && body.stream_options.include_usage === true;
  return {
    body: { ...head, object: "chat.completion", choices, usage },
    events: [
      ...each.map((index) => chunk(index, { role: "assistant", content: "" })),
      ...each.flatMap((index) => deltasOf(answer).map((delta) => chunk(index, delta))),
      ...each.map((index) => chunk(index, {}, finish)),
      ...(includeUsage
        ? [sseEvent({ ...head, object: "chat.completion.chunk", choices: [], usage })]
        : []),
      sseEvent("[DONE]"),
    ],
    firstOutput: n,
  };
}

/** More answers than this are not given. */
const mostAnswers = 128;

function answersOf(body: JsonObject): number {
  const { n } = body;
  return typeof n === "number" && n >= 1 ? Math.min(Math.floor(n), mostAnswers) : 1;
}

function usageOf({ inputTokens, outputTokens }: SandboxAnswer, n: number): JsonObject {
  const output = outputTokens * n;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: output,
    total_tokens: inputTokens + output,
  };
}

function finishOf({ content, cut }: SandboxAnswer): string {
  if (content.kind === "tool") return "tool_calls";
  return cut ? "length" : "stop";
}

const toolCallId = "call_sandbox";

function contentOf({ content }: SandboxAnswer): JsonObject {
  if (content.kind === "text") return { content: content.text };
  const named = { name: content.name, arguments: JSON.stringify(content.input) };
  return { content: null, tool_calls: [{ id: toolCallId, type: "function", function: named }] };
}

function deltasOf({ content }: SandboxAnswer): readonly JsonObject[] {
  if (content.kind === "text") return pieces(content.text).map((piece) => ({ content: piece }));
  const call = (part: JsonObject) => ({ tool_calls: [{ index: 0, ...part }] });
  return [
    call({ id: toolCallId, type: "function", function: { name: content.name, arguments: "" } }),
    call({ function: { arguments: JSON.stringify(content.input) } }),
  ];
}
