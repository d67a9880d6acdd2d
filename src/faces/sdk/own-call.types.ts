import type { JsonObject } from "../../terms/json.ts";
import type { AttemptSettings } from "../../terms/program.ts";
import type { TargetId } from "../../terms/target.ts";
import type { Usage } from "../../terms/usage.ts";

/**
 * Makes one attempt with a client of your own. Throw what the client throws: errors of the official SDKs, of `fetch` and
 * of anything that carries an HTTP `status` are understood, and decide whether the next target is tried. An error that
 * says nothing of the kind is taken for a bug in your code and ends the request.
 */
export type OwnCall<T> = (attempt: OwnAttempt) => Promise<OwnAnswer<T>>;

export interface OwnAnswer<T> {
  readonly value: T;
  /**
   * What the provider says was used: its own `usage` member as it came, or counted tokens. Without it the attempt
   * costs its worst case.
   */
  readonly usage?: JsonObject | Omit<Usage, "raw"> | undefined;
}

/** Where one attempt goes, and under which settings. */
export interface OwnAttempt {
  /** From 1, over all targets of the request. */
  readonly number: number;
  readonly target: TargetId;
  /** The provider's name in the policy. */
  readonly provider: string;
  readonly kind: string;
  /** The model as the provider knows it. */
  readonly model: string;
  /** Without a trailing slash; `undefined` for a sandbox. */
  readonly baseUrl: string | undefined;
  /**
   * The provider's key as plain text, for the client you make; `undefined` where it has none. The only place where the
   * router gives a key away. Printing the attempt does not show it.
   */
  readonly apiKey: string | undefined;
  /** The output limit to send, in tokens; `undefined` where nothing bounds it. Costs are reserved by it. */
  readonly maxOutputTokens: number | undefined;
  /** Members for the body: spread `default` before your own, `force` after them. */
  readonly params: AttemptSettings["params"];
  /** Ends when your caller aborts, the attempt's time is over or the request's is. Hand it to your client. */
  readonly signal: AbortSignal;
}
