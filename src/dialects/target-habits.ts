import type { Api } from "../terms/api.ts";
import type { JsonValue } from "../terms/json.ts";

/** What of a body depends on who gets it. A `KindSpec` of the catalog is one. */
export interface TargetHabits {
  /** The member that limits the output of a chat request to this model. */
  readonly chatOutputLimit: (model: string) => "max_tokens" | "max_completion_tokens";
  /** Top-level members that it answers with a 400. */
  readonly refuses: (api: Api, model: string) => readonly Refusal[];
  /** Refuses by itself to be dearer than `provider.max_price` says. */
  readonly takesMaxPrice?: boolean;
  /** Sends usage in a stream only when `stream_options.include_usage` asks for it. */
  readonly usageOnRequest: boolean;
}

export interface Refusal {
  readonly member: string;
  /** Values that it takes all the same; any other is refused. */
  readonly takes?: readonly JsonValue[];
  /** Whether leaving it out changes what the answer means. */
  readonly meaning: boolean;
}

/** What of a request chooses who answers or what that costs. A `KindSpec` of the catalog is one. */
export interface SteeringHabits {
  readonly steering: readonly {
    /** A member of the body, or `metadata.tags` for one of an object in it. */
    readonly member: string;
    readonly harmless?: readonly string[];
  }[];
  /** Suffixes of the model's name, such as `:online`; what ends in a slash steers wherever it stands. */
  readonly steeringSuffixes: readonly string[];
}
