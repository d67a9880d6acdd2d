import type { Anthropic, ClientOptions as AnthropicOptions } from "@anthropic-ai/sdk";
import type { OpenAI, ClientOptions as OpenAiOptions } from "openai";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Given } from "../../resolve/fixed-view.ts";
import type { DecisionRecord } from "../../resolve/record.types.ts";
import type { AttemptRecord, Clock, Ledger, Random, RunEvent } from "../../run/ports.ts";
import type { Decision } from "../../terms/decision.ts";
import type { AttributeValue, ResolveRequest } from "../../terms/facts.ts";
import type { JsonObject } from "../../terms/json.ts";
import type { NanoUsd } from "../../terms/money.ts";
import type { TargetId } from "../../terms/target.ts";
import type { OwnCall } from "./own-call.types.ts";

/** How a router is set up; every effect can be replaced. */
export interface RouterOptions {
  /** Where base URLs and keys are read from. Default: the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Sends the calls to providers. Default: undici, with the connect timeouts of the policy. */
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Keeps what was spent. Default: in this process's memory, gone when the process is. The router closes it. */
  readonly ledger?: Ledger;
  /** Whether a changed policy file is taken up while the router runs. Default: yes, where a file is given. */
  readonly watch?: boolean;
  /** Kinds, models and prices. Default: those that ship with this release. */
  readonly catalog?: Catalog;
  /** Names a request; unique. Default: a random UUID. */
  readonly requestId?: () => string;
  /** Hears every event from the first on, of every kind; else like `on`. */
  readonly onEvent?: (event: RouterEvent) => void;
  /**
   * Takes the record of each request that the policy decided, once it has ended: what a decision log is made of, see
   * `appendRecords`. Must not wait; what it throws is warned of once and changes nothing. Without it nothing is recorded.
   */
  readonly record?: (record: DecisionRecord) => void;
}

/** A policy file that changed while the router runs. */
export type ReloadEvent =
  | {
      readonly kind: "reload";
      readonly ok: true;
      /** Of the policy that rules from now on. */
      readonly revision: string;
      /** Its warnings. */
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly kind: "reload";
      readonly ok: false;
      /** Of the policy that goes on ruling. */
      readonly revision: string;
      readonly diagnostics: readonly Diagnostic[];
      /** What is wrong, in full, for people. */
      readonly message: string;
    };

/** Everything that can be listened to, by the name of its kind. */
export type RouterEvent = RunEvent | ReloadEvent;

export type RouterEventOf<K extends RouterEvent["kind"]> = Extract<
  RouterEvent,
  { readonly kind: K }
>;

/** Answers calls as a policy says; safe to share, and to be closed once. */
export interface Router {
  /** Of the policy that rules now; another after a reload. */
  readonly revision: string;
  /** Warnings about that policy. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Says what the policy would do with a request now, and does nothing.
   *
   * @param given a state of the world to decide in, instead of the breakers, holds and spend of this router
   * @throws RouteError `bad_request` where the request says what it cannot
   */
  readonly resolve: (request: ResolveRequest, given?: Given) => Decision;
  /**
   * Routes a call that your own code makes, with whatever client: tries the targets of the plan in order, each under
   * the policy's ceilings, breakers and retries, until your function answers for one.
   *
   * @throws RouteError
   */
  readonly run: <T>(
    request: ResolveRequest,
    call: OwnCall<T>,
    options?: RunOptions,
  ) => Promise<RunResult<T>>;
  /**
   * A `fetch` whose calls are routed instead of sent: the drop-in for every SDK that takes a `fetch`.
   *
   * Answers `POST …/chat/completions`, `…/messages` and `…/embeddings`, and `GET …/models`. Failures are responses in
   * the format of the caller's SDK; like any `fetch` it rejects only when its caller aborts.
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * OpenAI's official client, routed. Address, key, retries and `fetch` are the router's; other options are yours.
   *
   * @throws MissingPeerError where `openai` is not installed
   */
  readonly openai: (options?: OwnClientOptions<OpenAiOptions>) => Promise<OpenAI>;
  /** Anthropic's official client, routed; like {@link Router.openai}. */
  readonly anthropic: (options?: OwnClientOptions<AnthropicOptions>) => Promise<Anthropic>;
  /** Calls with plain JSON, without an SDK; `model` is what a request would name: an alias, a model or a target. */
  readonly model: (model: string) => RoutedModel;
  /**
   * Listens to one kind of event; the answer ends that. A listener that throws is warned of once and changes nothing.
   */
  readonly on: <K extends RouterEvent["kind"]>(
    kind: K,
    listener: (event: RouterEventOf<K>) => void,
  ) => () => void;
  /** Refuses new calls, waits for those under way, and gives back what the router holds. Closing again waits too. */
  readonly close: (options?: CloseOptions) => Promise<void>;
}

/** Options of an official client but for those that would lead around the router. */
export type OwnClientOptions<Options> = Omit<
  Options,
  "apiKey" | "authToken" | "adminAPIKey" | "baseURL" | "fetch" | "maxRetries"
>;

export interface RunOptions {
  readonly signal?: AbortSignal;
}

export interface CloseOptions {
  /** How long calls under way may still take before they are aborted, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
}

export interface RunResult<T> {
  readonly value: T;
  readonly decision: Decision;
  /** The target that answered. */
  readonly target: TargetId;
  /** All attempts, oldest first, the one that answered last. */
  readonly attempts: readonly AttemptRecord[];
  /** What all attempts cost together; `undefined` where that of any is not known. */
  readonly cost: NanoUsd | undefined;
}

/** One model's calls as plain JSON. Failures, in the middle of a stream too, are thrown as {@link RouteError}. */
export interface RoutedModel {
  readonly model: string;
  /** OpenAI's chat format; a stream of chunks where the request says `stream: true`. */
  readonly chat: RoutedMethod;
  /** Anthropic's messages format; a stream of events where the request says `stream: true`. */
  readonly messages: RoutedMethod;
  readonly embeddings: (request: JsonObject, options?: ModelCallOptions) => Promise<JsonObject>;
}

export interface RoutedMethod {
  (
    request: JsonObject & { readonly stream: true },
    options?: ModelCallOptions,
  ): Promise<AsyncIterable<JsonObject>>;
  (
    request: JsonObject & { readonly stream?: false },
    options?: ModelCallOptions,
  ): Promise<JsonObject>;
}

export interface ModelCallOptions {
  readonly signal?: AbortSignal;
  readonly project?: string;
  readonly user?: string;
  readonly key?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}
