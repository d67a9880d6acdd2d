import type { Ability, Api } from "../terms/api.ts";
import type { JsonValue } from "../terms/json.ts";
import type { Price } from "../terms/price.ts";

/** What a kind of provider is: its addresses, its habits, and what of a request steers it. One file a kind. */
export interface KindSpec {
  readonly kind: string;
  /** Base URL without a trailing slash; `undefined` where the policy must give one, and for `sandbox`. */
  readonly baseUrl?: string;
  /** Environment variable that holds the key unless the policy names another. */
  readonly keyEnv?: string;
  /** Whether calls without a key are refused at start. */
  readonly needsKey: boolean;
  readonly auth: "bearer" | "x-api-key";
  /** Headers that every call carries unless the caller sent its own, such as `anthropic-version`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The path of each API format that it speaks, appended to the base URL. */
  readonly paths: Readonly<Partial<Record<Api, string>>>;
  /** Serves models that no list names (`ollama`, `lmstudio`, `litellm`, `openai-compatible`, `sandbox`). */
  readonly takesAnyModel: boolean;
  /** Costs nothing unless the policy says otherwise (`ollama`, `lmstudio`). */
  readonly free: boolean;
  /** Passes calls on to others: what it says of itself holds only as far as its operator vouches for it. */
  readonly forwards: boolean;
  /** Body members that change who answers or what it costs; refused from a caller. */
  readonly steering: readonly SteeringMember[];
  /** Suffixes of the model's name that do the same, such as `:online`; what ends in a slash does wherever it stands. */
  readonly steeringSuffixes: readonly string[];
  /** The member that limits the output of a chat request to this model. */
  readonly chatOutputLimit: (model: string) => "max_tokens" | "max_completion_tokens";
  /** Top-level members that it answers with a 400. */
  readonly refuses: (api: Api, model: string) => readonly RefusedMember[];
  /** Refuses by itself to be dearer than `provider.max_price` says, in dollars for a million tokens. */
  readonly takesMaxPrice?: boolean;
  /** Reports what a request cost in `usage.cost`, and is believed. */
  readonly reportsCost?: boolean;
  /** What writing to its prompt cache costs, as a multiple of plain input, where a policy's price does not say. */
  readonly cacheWriteFactors?: { readonly short: number; readonly hour: number };
  /** Sends usage in a stream only when `stream_options.include_usage` asks for it. */
  readonly usageOnRequest: boolean;
  /** Page and date that the above was read from. */
  readonly source: string;
}

export interface SteeringMember {
  /** A top-level member, or `metadata.tags` for one of an object in it. */
  readonly member: string;
  /** Values that steer nothing and cost no more, and may pass. */
  readonly harmless?: readonly string[];
}

export interface RefusedMember {
  readonly member: string;
  /** Values that it takes all the same, its default among them; any other is refused. */
  readonly takes?: readonly JsonValue[];
  /** Whether leaving it out changes what the answer means (`logprobs`), or only how it is delivered. */
  readonly meaning: boolean;
}

/** What is known of a model apart from its price. Unknown is `undefined`. */
export interface ModelFacts {
  readonly window?: number;
  readonly maxOutput?: number;
  readonly can: Readonly<Partial<Record<Ability, boolean>>>;
  /** Page or data set, and date. */
  readonly source: string;
}

/** Everything the project knows about the world outside a policy: data and look-ups, no effects. */
export interface Catalog {
  /** Versions of the price book and the model data; part of every Program's revision. */
  readonly version: string;
  readonly kinds: Readonly<Record<string, KindSpec>>;
  /** Looks up a model by its exact name, then by the dated or prefixed names of the same model. */
  readonly model: (kind: string, model: string) => ModelFacts | undefined;
  /** Looks up the price of a model; `matched` names the model found when it is another. */
  readonly price: (kind: string, model: string) => Price | undefined;
  /** Names of the models of a kind that are known, for `/v1/models`, completions and `requested`. */
  readonly models: (kind: string) => readonly string[];
}
