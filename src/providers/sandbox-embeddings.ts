import type { ProviderCall } from "../run/ports.ts";
import type { JsonObject, JsonValue } from "../terms/json.ts";
import { countTokens, textsOf } from "./sandbox-answer.ts";
import type { SandboxOutput } from "./sandbox-output.ts";

const usualDimensions = 8;
const mostDimensions = 4096;

/** Writes embeddings: unit vectors that depend on the text alone, so that equal texts are near. There is no stream. */
export function sandboxEmbeddings(call: ProviderCall, body: JsonObject): SandboxOutput {
  const inputs = inputsOf(body.input);
  const dimensions = dimensionsOf(body);
  const data = inputs.map((input, index) => {
    const vector = vectorOf(input, dimensions);
    const embedding = body.encoding_format === "base64" ? base64Of(vector) : [...vector];
    return { object: "embedding", index, embedding };
  });
  const tokens = call.provider.sandbox?.usage?.inputTokens ?? inputTokens(body.input);
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return {
    body: { object: "list", model: call.target.model, data, usage },
    events: [],
    firstOutput: 0,
  };
}

/** A text, a list of texts, a list of token ids, or a list of such lists. */
function inputsOf(input: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(input)) return [String(input ?? "")];
  if (input.every((each) => typeof each === "number")) return [JSON.stringify(input)];
  return input.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
}

/** Texts count by their words, token ids count as they are. */
function inputTokens(input: JsonValue | undefined): number {
  const ids = Array.isArray(input) ? input.flat().filter((each) => typeof each === "number") : [];
  return ids.length > 0 ? ids.length : countTokens(textsOf(input));
}

function dimensionsOf(body: JsonObject): number {
  const { dimensions } = body;
  if (typeof dimensions !== "number" || dimensions < 1) return usualDimensions;
  return Math.min(Math.floor(dimensions), mostDimensions);
}

/** Numbers of a linear congruential generator seeded by an FNV-1a hash of the text, scaled to length 1. */
function vectorOf(text: string, dimensions: number): Float32Array {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text))
    state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  const vector = Float32Array.from({ length: dimensions }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  const length = Math.hypot(...vector) || 1;
  return vector.map((part) => part / length);
}

/** Little-endian 32-bit floats, as OpenAI's API sends them. */
function base64Of(vector: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((part, index) => void bytes.setFloat32(index * 4, part, true));
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)));
}
