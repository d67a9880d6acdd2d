import { isDeepStrictEqual } from "node:util";
import type { Api } from "../../../src/terms/api.ts";
import { isJsonObject, type JsonObject } from "../../../src/terms/json.ts";
import { splitTarget } from "../../../src/terms/target.ts";
import { callerKeys, type Told } from "./clients.ts";
import { expectedText, idleChanges } from "./member-spans.ts";
import type { Exchange } from "./recordings.ts";
import { type Played, providerKeys } from "./stage.ts";
import type { Received } from "./upstreams.ts";

/** Everything wrong with a call that one upstream should have answered at once, each in one line. */
export function problemsOfAnswered(
  api: Api,
  exchange: Exchange,
  played: Played,
  direct: Told,
): readonly string[] {
  const { calls, received, attempts } = played;
  const call = calls[0];
  const request = received[0];
  const attempt = attempts[0];
  if (!call || !request || !attempt || calls.length + received.length + attempts.length !== 3) {
    return [
      `one call became ${calls.length}/${attempts.length}/${received.length}: ${told(played.told)}`,
    ];
  }
  return [
    ...problemsOfSent(api, exchange, call.text),
    ...problemsOfRequest(request, call.text, attempt),
    ...problemsOfVersion(api, request, call.sentHeaders),
    ...(isDeepStrictEqual(played.told, direct) ? [] : ["the caller is told something else"]),
    ...(call.answer === exchange.answer
      ? []
      : [`other bytes: ${difference(call.answer, exchange.answer)}`]),
    ...(call.status === exchange.status ? [] : [`status ${call.status}`]),
    ...problemsOfLabels(played),
    ...problemsOfHeaders(exchange, call.headers),
    ...problemsOfUsage(exchange, attempt),
  ];
}

/** A whole answer's own account of its tokens is what the attempt is billed by. */
function problemsOfUsage(
  { stream, answer }: Exchange,
  { usage }: Played["attempts"][number],
): readonly string[] {
  const said = stream ? undefined : members(answer).usage;
  if (!isJsonObject(said)) return [];
  // Where the provider ran several times, all of them are billed.
  const runs = (Array.isArray(said.iterations) ? said.iterations : [said]).filter(isJsonObject);
  const input = sumOf(runs, inputCounts);
  const output = sumOf(runs, outputCounts);
  if (usage?.inputTokens === input && usage.outputTokens === output) return [];
  return [
    `usage ${usage?.inputTokens}+${usage?.outputTokens}, the provider said ${input}+${output}`,
  ];
}

const inputCounts = [
  "prompt_tokens",
  "input_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens",
];
const outputCounts = ["completion_tokens", "output_tokens"];

function sumOf(runs: readonly JsonObject[], names: readonly string[]): number {
  return runs
    .flatMap((run) => names.map((name) => Number(run[name] ?? 0)))
    .reduce((sum, count) => sum + count, 0);
}

/** The client sends what was recorded; of embeddings it asks for an encoding of its own where none was asked for. */
function problemsOfSent(api: Api, { body }: Exchange, sent: string): readonly string[] {
  const encoding = api === "embeddings" && !body.encoding_format;
  const expected = encoding ? { ...body, encoding_format: "base64" } : body;
  return sent === JSON.stringify(expected)
    ? []
    : ["the client sent something else than was recorded"];
}

/** Everything wrong with a request as an upstream received it, against what the client sent and what was told of it. */
export function problemsOfRequest(
  request: Received,
  sent: string,
  { target, changed }: Played["attempts"][number],
): readonly string[] {
  const expected = expectedText(sent, changed, request.text);
  const idle = idleChanges(sent, changed, request.text);
  const odd = changed.map(({ member }) => member).filter((member) => !mayChange.has(member));
  return [
    ...(request.text === expected ? [] : [`upstream got: ${difference(request.text, expected)}`]),
    ...(idle.length === 0 ? [] : [`told as changed and is not: ${idle.join(", ")}`]),
    ...(odd.length === 0 ? [] : [`changed: ${odd.join(", ")}`]),
    ...(request.model === splitTarget(target)?.model
      ? []
      : [`\`${target}\` got model ${request.model}`]),
    ...problemsOfKeys(request),
  ];
}

/** What these policies can make of a request: the target's name, a limit, the wish for usage, sampling it cannot take. */
const mayChange: ReadonlySet<string> = new Set([
  // At OpenRouter, the price that was reserved.
  "provider",
  "model",
  "max_tokens",
  "max_completion_tokens",
  "stream_options",
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
]);

/** What the client says of the version of the format it speaks reaches the upstream. */
function problemsOfVersion(api: Api, { headers }: Received, sent: Headers): readonly string[] {
  const names = api === "messages" ? ["anthropic-version", "anthropic-beta"] : [];
  return names
    .filter((name) => headers[name] !== (sent.get(name) ?? undefined))
    .map((name) => `${name} arrived as ${headers[name]}, was sent as ${sent.get(name)}`);
}

const keyOfHost: Readonly<Record<string, string>> = {
  "api.openai.com": `Bearer ${providerKeys.OPENAI_API_KEY}`,
  "openrouter.ai": `Bearer ${providerKeys.OPENROUTER_API_KEY}`,
  "first.example": providerKeys.FIRST_API_KEY,
  "second.example": providerKeys.SECOND_API_KEY,
};

function problemsOfKeys({ host, headers }: Received): readonly string[] {
  const shown = [headers.authorization, headers["x-api-key"]].filter((key) => key !== undefined);
  const values = JSON.stringify(headers);
  const callers = [...Object.values(callerKeys), "org-caller", "proj-caller"];
  const leaked = callers.filter((key) => values.includes(key));
  return [
    ...(isDeepStrictEqual(shown, [keyOfHost[host]].filter(Boolean))
      ? []
      : [`key at ${host}: ${shown}`]),
    ...(leaked.length === 0 ? [] : [`the caller's ${leaked.join(", ")} reached ${host}`]),
  ];
}

function problemsOfLabels({ calls, attempts, decision }: Played): readonly string[] {
  const headers = calls.at(-1)?.headers;
  const expected = {
    "x-signalbox-target": attempts.at(-1)?.target,
    "x-signalbox-route": decision?.kind === "route" ? decision.route : undefined,
    "x-signalbox-attempts": String(attempts.length),
  };
  return Object.entries(expected)
    .filter(([name, value]) => headers?.get(name) !== value)
    .map(([name, value]) => `${name} is ${headers?.get(name)}, not ${value}`);
}

/** The provider's ids and limits reach the caller; what tells of its servers does not. */
function problemsOfHeaders({ headers }: Exchange, seen: Headers): readonly string[] {
  const useful = Object.keys(headers).filter((name) => /request-id$|ratelimit-/.test(name));
  const lost = useful.filter((name) => seen.get(name) !== headers[name]);
  const leaked = ["server", "via", "cf-ray", "set-cookie"].filter((name) => seen.has(name));
  return [
    ...(lost.length === 0 ? [] : [`headers lost: ${lost.join(", ")}`]),
    ...(leaked.length === 0 ? [] : [`headers leaked: ${leaked.join(", ")}`]),
  ];
}

/** Where two texts part. */
export function difference(found: string, expected: string): string {
  let at = 0;
  while (at < found.length && found[at] === expected[at]) at += 1;
  const from = Math.max(0, at - 40);
  const show = (text: string) => JSON.stringify(text.slice(from, at + 80));
  return `at ${at} found ${show(found)}, expected ${show(expected)}`;
}

/** One line about what the caller was told. */
export function told(what: Told): string {
  if (what.kind === "answered") return "answered";
  const { name, status, code, message } = what.error;
  return `${name} ${status} ${String(code)} ${message}`;
}

/** The members of a JSON text. */
export function members(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}
