import { isDeepStrictEqual } from "node:util";
import type { Api } from "../../../src/terms/api.ts";
import { isJsonObject } from "../../../src/terms/json.ts";
import { callDirectly } from "./clients.ts";
import { difference, told } from "./problems.ts";
import type { Exchange } from "./recordings.ts";
import type { Played } from "./stage.ts";
import { dataOf, streamPlaces } from "./stream-places.ts";

/** A stream with something said and something left to say. */
export function fitStream(streams: readonly Exchange[]): Exchange {
  const fit = streams.find((exchange) => {
    const { firstOutput, firstEnd } = streamPlaces(exchange.answer);
    return firstOutput >= 0 && firstEnd > firstOutput + 1;
  });
  if (!fit) throw new TypeError("no stream fits");
  return fit;
}

/**
 * Another recorded stream to answer where the first one is cut: one that tells of usage only if the caller of the first
 * asked for it, so that nothing of it is held back.
 */
export function spareStream(streams: readonly Exchange[], exchange: Exchange): Exchange {
  const asked = asksForUsage(exchange);
  const at = streams.indexOf(exchange);
  const others = [...streams.slice(at + 1), ...streams.slice(0, at)];
  const fits = ({ answer }: Exchange) => asked || withoutUsage(answer) === answer;
  return others.find(fits) ?? exchange;
}

function asksForUsage({ body }: Exchange): boolean {
  const options = body.stream_options;
  return isJsonObject(options) && options.include_usage === true;
}

/**
 * What is wrong where a stream was cut before its first output: the caller is given the next target's stream, byte for
 * byte, and no byte of the first one's; where no other target may be tried, an error that is no stream.
 */
export function problemsOfMovedOn(played: Played, next: Exchange): readonly string[] {
  const { calls, attempts, told: what } = played;
  const [call] = calls;
  if (!call || calls.length !== 1 || attempts.length < 2) {
    return [`${calls.length} calls, ${attempts.length} attempts: ${told(what)}`];
  }
  if (nobodyElse(played)) {
    return what.kind === "failed" && call.status === 502 ? [] : [`one target, and ${told(what)}`];
  }
  return [
    ...(what.kind === "answered" ? [] : [told(what)]),
    ...(call.answer === next.answer ? [] : [difference(call.answer, next.answer)]),
    ...(attempts[0]?.target === attempts.at(-1)?.target ? ["the same target answered"] : []),
  ];
}

/**
 * The plan held one target, or every other was skipped under a ceiling: a stream that broke off cost nobody knows what,
 * so that its worst case counts, twice where it was retried.
 */
function nobodyElse({ decision, attempts, events }: Played): boolean {
  if (decision?.kind !== "route") return false;
  const first = attempts[0]?.target;
  const others = decision.plan.map(({ target }) => target).filter((target) => target !== first);
  const skipped = events.flatMap((event) =>
    event.kind === "skip" && event.because === "ceiling" ? [event.target] : [],
  );
  return others.every((target) => skipped.includes(target));
}

/**
 * What is wrong where a stream was cut after its first output: the caller is given what had come, byte for byte, then
 * one event of an error, which its client raises, and nothing else; nobody else is asked.
 */
export async function problemsOfBrokenOff(
  api: Api,
  played: Played,
  before: string,
  exchange: Exchange,
): Promise<readonly string[]> {
  const { told: what, calls, received } = played;
  const direct = await callDirectly(api, exchange);
  const text = calls[0]?.answer ?? "";
  if (what.kind === "answered" || direct.kind !== "answered") {
    return ["a cut stream ended cleanly"];
  }
  const events = what.before;
  const whole = Array.isArray(direct.data) ? direct.data : [];
  const spoken = isDeepStrictEqual(events, whole.slice(0, events.length));
  const tail = text.slice(before.length);
  return [
    ...(received.length === 1 ? [] : [`${received.length} requests were made`]),
    ...(calls.length === 1 ? [] : [`the client tried ${calls.length} times`]),
    ...(what.error.name === "APIError" ? [] : [`the client raised ${told(what)}`]),
    ...(text.startsWith(before) ? [] : [difference(text, before)]),
    ...(spoken && events.length > 0 ? [] : ["the events before the cut are not the recorded ones"]),
    ...(isOneError(tail) ? [] : [`it ends in ${tail}`]),
  ];
}

function isOneError(tail: string): boolean {
  const frames = tail.match(/[\s\S]*?\n\n/g) ?? [];
  const data = dataOf(frames[0] ?? "");
  return frames.length === 1 && frames.join("") === tail && data?.error !== undefined;
}

/** A stream without the chunks that say what was used and nothing else. */
export function withoutUsage(text: string): string {
  return streamPlaces(text)
    .frames.filter((frame) => !isUsageAlone(frame))
    .join("");
}

function isUsageAlone(frame: string): boolean {
  const data = dataOf(frame);
  const { choices, usage } = data ?? {};
  const empty = Array.isArray(choices) && choices.length === 0;
  return empty && typeof usage === "object" && usage !== null;
}

/** What is wrong where the caller did not ask for usage, and the provider only tells it when asked. */
export function problemsOfWithheld(played: Played, rest: string): readonly string[] {
  const { calls, attempts, received, told: what } = played;
  const change = attempts[0]?.changed.find(({ member }) => member === "stream_options");
  const sent = JSON.parse(received[0]?.text ?? "{}") as { readonly stream_options?: unknown };
  const asked = isDeepStrictEqual(sent.stream_options, { include_usage: true });
  const answer = calls[0]?.answer ?? "";
  return [
    ...(what.kind === "answered" ? [] : [told(what)]),
    ...(change?.change === "added" ? [] : ["`stream_options` is not told as added"]),
    ...(asked ? [] : ["usage was not asked for"]),
    ...(answer === rest ? [] : [difference(answer, rest)]),
    ...(attempts[0]?.usage ? [] : ["the usage was not read"]),
  ];
}
