import type { ProviderCall } from "../run/ports.ts";
import type { JsonObject } from "../terms/json.ts";
import { type SandboxAnswer, sandboxAnswer } from "./sandbox-answer.ts";
import { pieces, type SandboxOutput, sseEvent } from "./sandbox-output.ts";

/**
 * Writes a sandbox's answer in Anthropic's messages format.
 *
 * @param number of the call, from 1; names the answer
 */
export function sandboxMessages(
  call: ProviderCall,
  body: JsonObject,
  number: number,
): SandboxOutput {
  const answer = sandboxAnswer(call, body);
  const { inputTokens: input_tokens, outputTokens: output_tokens } = answer;
  const head = {
    id: `msg_${call.provider.name}_${number}`,
    type: "message",
    role: "assistant",
    model: call.target.model,
  };
  const stop_reason = stopOf(answer);
  const message = { ...head, content: [], stop_reason: null, stop_sequence: null };
  const events: readonly JsonObject[] = [
    { type: "message_start", message: { ...message, usage: { input_tokens, output_tokens: 1 } } },
    { type: "content_block_start", index: 0, content_block: emptyBlock(answer) },
    ...deltasOf(answer).map((delta) => ({ type: "content_block_delta", index: 0, delta })),
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens },
    },
    { type: "message_stop" },
  ];
  return {
    body: {
      ...message,
      content: [blockOf(answer)],
      stop_reason,
      usage: { input_tokens, output_tokens },
    },
    events: events.map((event) => sseEvent(event, String(event.type))),
    firstOutput: 2,
  };
}

const toolUseId = "toolu_sandbox";

function stopOf({ content, cut }: SandboxAnswer): string {
  if (content.kind === "tool") return "tool_use";
  return cut ? "max_tokens" : "end_turn";
}

function blockOf({ content }: SandboxAnswer): JsonObject {
  if (content.kind === "text") return { type: "text", text: content.text };
  return { type: "tool_use", id: toolUseId, name: content.name, input: content.input };
}

function emptyBlock(answer: SandboxAnswer): JsonObject {
  const block = blockOf(answer);
  return answer.content.kind === "text" ? { ...block, text: "" } : { ...block, input: {} };
}

function deltasOf({ content }: SandboxAnswer): readonly JsonObject[] {
  if (content.kind === "text")
    return pieces(content.text).map((text) => ({ type: "text_delta", text }));
  return [{ type: "input_json_delta", partial_json: JSON.stringify(content.input) }];
}
