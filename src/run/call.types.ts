import type { Members } from "../dialects/members.ts";
import type { Api } from "../terms/api.ts";
import type { JsonObject } from "../terms/json.ts";
import type { Clock, Provider } from "./ports.ts";

/** What makes calls: the way to the providers, and time. */
export interface CallDeps {
  readonly provider: Provider;
  readonly clock: Clock;
}

/**
 * One call as the caller made it, in the API format it is written in.
 *
 * Whoever builds it has read the body with `readBody`, and has refused members that steer (`steeringMembers`): from here
 * on every member of the body is sent.
 */
export interface IncomingCall {
  readonly api: Api;
  /** With its `?`, or empty. */
  readonly query: string;
  /** The body as it came; its bytes leave as they are but for the spliced members. */
  readonly text: string;
  /** The same body, parsed. */
  readonly body: JsonObject;
  /** Where its members stand, as `readBody` found them: saves each attempt a pass over the text. */
  readonly members?: Members;
  /** Headers that may be forwarded, lower-case names; never a credential. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  /** How many answers were asked for (`n`); at least 1. */
  readonly answers: number;
}

/** What the caller of one call gets: the provider's own answer, in the caller's API format. */
export interface CallAnswer {
  readonly status: number;
  /** Those of the provider's headers that a caller may see; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text of a whole answer, untouched but where a stream was asked for, or a stream of events, which must be read or cancelled. */
  readonly body: string | ReadableStream<Uint8Array>;
}
