import { defaultHoldMs } from "../../../src/run/classify-rules.ts";
import type { Api } from "../../../src/terms/api.ts";
import type { FailureClass } from "../../../src/terms/failure-class.ts";
import { answer, errorBody } from "./acts.ts";
import type { Act } from "./upstreams.ts";

/** One way in which a target fails before it has said anything. */
export interface Fault {
  /** Reads as "a target that …". */
  readonly name: string;
  readonly act: (api: Api) => Act;
  readonly becomes: FailureClass;
  /** The status that the caller is told of when every target fails like this. */
  readonly toldAs: number;
}

/** The class of error that the official client of a format raises for a status. */
export function raisedFor(api: Api, status: number): string {
  if (status === 429) return "RateLimitError 429";
  if (api === "messages" && status === 503) return "ServiceUnavailableError 503";
  if (api === "messages" && status === 504) return "GatewayTimeoutError 504";
  return `InternalServerError ${status}`;
}

const html = "<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>";

/** Every way but the refused connection, which needs another address, and the rate limits, which have their own table. */
export const faults: readonly Fault[] = [
  {
    name: "refuses the key with a 401",
    act: (api) =>
      answer(401, errorBody(api, "authentication_error", "invalid key", "invalid_api_key")),
    becomes: "auth",
    toldAs: 502,
  },
  {
    name: "answers 500",
    act: (api) => answer(500, errorBody(api, "api_error", "internal error")),
    becomes: "server_error",
    toldAs: 502,
  },
  {
    name: "answers 529",
    act: (api) => answer(529, errorBody(api, "overloaded_error", "Overloaded")),
    becomes: "overloaded",
    toldAs: 503,
  },
  {
    name: "answers 502 with a page of HTML",
    act: () => answer(502, html, { "content-type": "text/html" }),
    becomes: "server_error",
    toldAs: 502,
  },
  {
    name: "answers 200 with a page of HTML",
    act: () => answer(200, html, { "content-type": "text/html; charset=utf-8" }),
    becomes: "server_error",
    toldAs: 502,
  },
  {
    name: "answers 200 with nothing",
    act: () => answer(200, ""),
    becomes: "server_error",
    toldAs: 502,
  },
  {
    name: "answers 200 with an error",
    act: (api) => answer(200, errorBody(api, "api_error", "upstream failed")),
    becomes: "server_error",
    toldAs: 502,
  },
  {
    name: "closes the connection in the middle of its answer",
    act: () => ({
      kind: "answer",
      status: 200,
      headers: { "content-type": "application/json", "content-length": "5000" },
      pieces: ['{"id":"x","cho'],
      end: "reset",
    }),
    becomes: "network",
    toldAs: 502,
  },
  {
    name: "has no credit left, which it says by a 429",
    act: (api) =>
      answer(
        429,
        errorBody(
          api,
          "insufficient_quota",
          "You exceeded your current quota, please check your plan and billing details.",
          "insufficient_quota",
        ),
      ),
    becomes: "insufficient_credit",
    toldAs: 502,
  },
];

/** One form in which a rate limit says how long to wait, all of them longer than a policy's `maxDelay` of 8 s. */
export interface RateLimit {
  /** Reads as "a 429 with …". */
  readonly name: string;
  readonly apis: readonly Api[];
  readonly headers: Readonly<Record<string, string>>;
  readonly message: string;
  /** How long the target rests. */
  readonly restsMs: number;
}

const both: readonly Api[] = ["chat", "messages"];
const plain = "Rate limit reached.";

/** @param nowMs the moment of the calls, on a whole second as HTTP dates are */
export function rateLimits(nowMs: number): readonly RateLimit[] {
  const date = new Date(nowMs + 45_000);
  return [
    {
      name: "seconds",
      apis: both,
      headers: { "retry-after": "20" },
      message: plain,
      restsMs: 20_000,
    },
    {
      name: "decimals",
      apis: both,
      headers: { "retry-after": "12.5" },
      message: plain,
      restsMs: 12_500,
    },
    {
      name: "an HTTP date",
      apis: both,
      headers: { "retry-after": date.toUTCString() },
      message: plain,
      restsMs: 45_000,
    },
    {
      name: "`retry-after-ms`, before `retry-after`",
      apis: both,
      headers: { "retry-after-ms": "15250", "retry-after": "99" },
      message: plain,
      restsMs: 15_250,
    },
    {
      name: "seconds in its message",
      apis: ["chat"],
      headers: {},
      message: `${plain} Please try again in 20s.`,
      restsMs: 20_000,
    },
    {
      name: "minutes and seconds in its message",
      apis: ["chat"],
      headers: {},
      message: `${plain} Please try again in 1m12.5s. Visit the limits page to learn more.`,
      restsMs: 72_500,
    },
    {
      name: "a reset of its limit by RFC 3339",
      apis: ["messages"],
      headers: {
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": date.toISOString(),
      },
      message: plain,
      restsMs: 45_000,
    },
    {
      name: "a limit of which nothing remains, and its reset",
      apis: ["chat"],
      headers: {
        "x-ratelimit-remaining-requests": "9999",
        "x-ratelimit-reset-requests": "8.64s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "1m0s",
      },
      message: plain,
      restsMs: 60_000,
    },
    {
      name: "a reset in milliseconds of the epoch",
      apis: ["chat"],
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(date.getTime()) },
      message: plain,
      restsMs: 45_000,
    },
    {
      name: "a wait that is no number, for the usual moment",
      apis: both,
      headers: { "retry-after": "soon" },
      message: plain,
      restsMs: defaultHoldMs.rate_limit,
    },
    {
      name: "no wait at all, for the usual moment",
      apis: both,
      headers: {},
      message: plain,
      restsMs: defaultHoldMs.rate_limit,
    },
  ];
}

export function rateLimitAct(
  api: Api,
  { headers, message }: Pick<RateLimit, "headers" | "message">,
): Act {
  return answer(429, errorBody(api, "rate_limit_error", message, "rate_limit_exceeded"), headers);
}
