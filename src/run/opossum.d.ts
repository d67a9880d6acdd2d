/** The part of opossum 10 that the breakers use; the package brings no types of its own. */
declare module "opossum" {
  /** One slice of the rolling window; counts of what was fired in it. */
  interface Slice {
    readonly successes: number;
    readonly failures: number;
    readonly latencyTimes: number[];
  }

  interface Options {
    /** `false`: an action is never timed out. */
    readonly timeout: false;
    /** How long an open circuit rests before it is half-open, in milliseconds. */
    readonly resetTimeout: number;
    /** A circuit opens by itself above this percentage. */
    readonly errorThresholdPercentage: number;
    /** Length of the rolling window, in milliseconds. */
    readonly rollingCountTimeout: number;
    /** The slices that the window is counted in. */
    readonly rollingCountBuckets: number;
    readonly rollingPercentilesEnabled: boolean;
    readonly enableSnapshots: boolean;
  }

  class CircuitBreaker<Args extends readonly unknown[], Result> {
    constructor(action: (...args: Args) => Result, options: Options);
    readonly closed: boolean;
    readonly opened: boolean;
    readonly halfOpen: boolean;
    /** The slices, newest first. */
    readonly status: { readonly window: readonly Slice[] };
    fire(...args: Args): Promise<unknown>;
    open(): void;
    close(): void;
    shutdown(): void;
  }

  export = CircuitBreaker;
}
