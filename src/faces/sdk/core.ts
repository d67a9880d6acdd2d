import type { Engine } from "../../run/engine.types.ts";
import type { Calls } from "./calls.ts";
import type { Effects } from "./defaults.ts";
import type { Generation } from "./generation.ts";

/** What every way into a router shares. */
export interface RouterCore {
  readonly effects: Effects;
  readonly engine: Engine;
  readonly calls: Calls;
  /** The policy that rules now. Asked once for each request. */
  readonly current: () => Generation;
}
