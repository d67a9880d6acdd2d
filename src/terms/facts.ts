import type { Api, Need } from "./api.ts";

/** The value of a declared attribute. */
export type AttributeValue = string | number | boolean;

/**
 * What is known of one request when it is routed, whatever face it came through.
 *
 * Built only by `readFacts`, which applies defaults and refuses what the policy does not declare.
 */
export interface Facts {
  /** The model as the caller wrote it. */
  readonly model?: string;
  readonly api: Api;
  readonly stream: boolean;
  readonly needs: readonly Need[];
  /** Estimated input tokens: ceil(text bytes / 4) plus a table for media; 0 where the caller of `resolve` gave none. */
  readonly inputTokens: number;
  /** No request like this one has more input tokens than this; worst cases are computed from it. */
  readonly inputTokensAtMost: number;
  /** The output limit that the caller asked for, in tokens. */
  readonly outputTokens?: number;
  /** How many answers were asked for (`n`); at least 1. */
  readonly answers: number;
  /**
   * Tools that the provider itself runs, by name, where there are any: what they read and what they cost has no bound,
   * so that the request counts as unpriced.
   */
  readonly serverTools?: readonly string[];
  /** The caller asks for a larger window than the model's own (Anthropic's beta `context-1m`): none bounds the input. */
  readonly liftsWindow?: boolean;
  /**
   * What the caller set that steers, by the kind of provider that it steers, where the policy lets callers
   * (`callerMay`): nobody knows what it costs there.
   */
  readonly steering?: Readonly<Record<string, readonly string[]>>;
  readonly project?: string;
  readonly user?: string;
  readonly key?: string;
  /** Declared attributes, defaults applied; an absent one without default is missing. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/**
 * A request in the words that `explain`, tests and `router.resolve` take; {@link Facts} is what becomes of it.
 *
 * Where only `inputTokens` is given, `inputTokensAtMost` is four times it (four bytes a token).
 */
export interface ResolveRequest {
  readonly model?: string;
  readonly api?: Api;
  readonly stream?: boolean;
  readonly needs?: readonly Need[];
  readonly inputTokens?: number;
  readonly inputTokensAtMost?: number;
  readonly outputTokens?: number;
  readonly answers?: number;
  readonly serverTools?: readonly string[];
  readonly liftsWindow?: boolean;
  readonly project?: string;
  readonly user?: string;
  readonly key?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}
