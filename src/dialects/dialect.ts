import type { Api, Need } from "../terms/api.ts";
import type { JsonObject, JsonValue } from "../terms/json.ts";
import type { Usage } from "../terms/usage.ts";

/**
 * One API format: how its requests, answers, streams and errors are read, and how its errors are written.
 *
 * Pure; nothing in it throws, whatever a caller or a provider sends.
 */
export interface Dialect {
  readonly api: Api;
  /**
   * Reads what routing and money need to know of a request.
   *
   * @param body the parsed body
   * @param bytes its length in UTF-8 bytes as the caller sent it
   */
  readonly readRequest: (body: JsonObject, bytes: number) => RequestRead;
  /**
   * Reads a whole answer, told apart by what it says and not by its status alone: providers put errors into a 200.
   *
   * @param status of the response; from 400 on everything is an error
   */
  readonly readAnswer: (status: number, body: JsonObject) => AnswerRead;
  /**
   * Starts to read one stream.
   *
   * @param answers how many answers were asked for (`n`); 1 unless given
   */
  readonly streamReader: (answers?: number) => StreamReader;
  /**
   * Writes a whole answer as the text of the event stream that the caller asked for; missing where the format has none.
   *
   * @param withUsage whether usage in an event of its own is the caller's
   */
  readonly asEvents?: (answer: JsonObject, withUsage: boolean) => string;
  /** Writes an error of ours as the caller's SDK expects it in a response body. */
  readonly renderError: (error: OwnError) => RenderedError;
  /** Writes the same error as the text of one SSE event, blank line included, that makes the official SDK raise it. */
  readonly renderStreamError: (error: OwnError) => string;
}

/** A request as it was understood, or what is wrong with it. */
export type RequestRead = RequestFacts | RequestProblem;

export interface RequestFacts {
  readonly kind: "request";
  readonly model?: string;
  readonly stream: boolean;
  /** In the order of `needs` in src/terms/api.ts, each once. */
  readonly needs: readonly Need[];
  /** Estimate: ceil(text bytes / 4) plus the media table. */
  readonly inputTokens: number;
  /**
   * Never below what a provider counts, as long as `serverTools` is empty: body bytes, overheads and the media table;
   * inlined media count by the table and not by their bytes.
   */
  readonly inputTokensAtMost: number;
  /** The output limit that the caller asked for. */
  readonly outputTokens?: number;
  /** How many answers were asked for; at least 1. */
  readonly answers: number;
  /** The end user, as the body names it (`user`, or `metadata.user_id` in messages). */
  readonly user?: string;
  /** `metadata` of the body; members that are no strings are left out. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Tools that the provider itself runs, by the name the request gives them (`web_search_20250305`). Their results are
   * input that no bound is known for, and most have a fee: without a price for them the request counts as unpriced.
   */
  readonly serverTools: readonly string[];
  /** Leans on something kept at one provider, and must not be moved to another. The same as the need `state`. */
  readonly stateful: boolean;
}

/** Why a body is no request of this format; becomes a 400. */
export interface RequestProblem {
  readonly kind: "problem";
  /** One line: what was expected and what was found. */
  readonly problem: string;
  /** Where, such as `messages[2].content`. */
  readonly member: string;
}

/** A whole answer as it was understood. */
export type AnswerRead =
  | {
      readonly kind: "answer";
      /** `undefined` where the provider gave none, or nonsense. */
      readonly usage?: Usage;
      /** The provider's word for why it ended (`stop`, `end_turn`, `length`); of the first answer where there are many. */
      readonly finish?: string;
    }
  | {
      readonly kind: "error";
      /** The body's `error` where it has one, else the body or what is missing in it. */
      readonly error: JsonValue;
      readonly usage?: Usage;
    };

/** One event of an event stream, as the WHATWG standard reads it. */
export interface SseEvent {
  /** `undefined` where the stream names none. */
  readonly event?: string;
  readonly data: string;
}

/**
 * What one event of a stream is, for the commit rule.
 *
 * `output` is text, reasoning, refusal or tool arguments: with it the answer is under way. `terminal` says that the
 * answer, or one of several, is complete. `usage` carries usage and nothing else, and may be withheld from a caller that
 * did not ask. `preamble` and `other` (unknown here) carry nothing of the answer: before the first output they are held
 * back, after it they pass. `error` ends the answer in failure.
 */
export type StreamStep =
  | { readonly kind: "preamble" | "output" | "usage" | "terminal" | "other" }
  | { readonly kind: "error"; readonly error: JsonValue };

/** Reads the events of one stream in their order. */
export interface StreamReader {
  readonly push: (event: SseEvent) => StreamStep;
  /**
   * The usage said so far; usage in streams is cumulative, so the last word counts. Before `finished()` it is less than
   * what will be billed.
   */
  readonly usage: () => Usage | undefined;
  /** The usage of the whole answer, as its last word says it; `undefined` where that was not said, or cannot be so. */
  readonly finalUsage: () => Usage | undefined;
  /** The answer is whole: an end of the stream now is no cut. */
  readonly finished: () => boolean;
  /** The format's very last event was seen (`[DONE]`, `message_stop`): nothing is to be waited for. */
  readonly ended: () => boolean;
  /** The provider's word for why the first answer ended. */
  readonly finish: () => string | undefined;
}

/** An error that Signalbox itself answers with. */
export interface OwnError {
  readonly status: number;
  /** Stable, snake_case. */
  readonly code: string;
  /** One line for people; no secret. */
  readonly message: string;
  readonly requestId: string;
}

export interface RenderedError {
  readonly body: string;
  readonly contentType: string;
}
