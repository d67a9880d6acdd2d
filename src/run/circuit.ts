import type { BreakerSpec } from "../terms/program.ts";
import type { BreakerView } from "../terms/view.ts";
import { coolDownMs, createOutcomeWindow, type OutcomeWindow } from "./outcome-window.ts";
import type { Clock, Permit } from "./ports.ts";

/**
 * The breaker of one target under one spec: who may pass, and whose outcome counts.
 *
 * Every opening and every closing begins an *epoch*; an outcome counts only in the epoch that its permit is from, so a
 * slow answer from before an outage neither reopens nor closes anything. Closing empties the window.
 */
export class Circuit {
  readonly #spec: BreakerSpec;
  readonly #clock: Clock;
  /** Made by the first outcome that counts; none is a closed breaker with an empty window. */
  #window: OutcomeWindow | undefined;
  #epoch = 0;
  #untilMs = 0;
  #permitsOut = 0;
  #probesOut = 0;
  #lastProbe = { monotonicMs: Number.NEGATIVE_INFINITY, wallMs: Number.NEGATIVE_INFINITY };

  constructor(spec: BreakerSpec, clock: Clock) {
    this.#spec = spec;
    this.#clock = clock;
  }

  /** As routing sees it. While the one probe is out, it may next be tried by a panic probe: `untilMs` says when. */
  view(): BreakerView {
    const state = this.#state();
    if (state === "closed") return closed;
    if (state === "open") return { state, untilMs: this.#untilMs };
    if (this.#probesOut === 0) return halfOpen;
    return { state: "open", untilMs: this.#lastProbe.wallMs + probeEveryMs };
  }

  /** `undefined` while it is open, or half-open with a probe out. */
  permit(): Permit | undefined {
    const state = this.#state();
    if (state === "closed") return this.#once((ok) => this.#count(ok));
    return state === "half-open" && this.#probesOut === 0 ? this.#probe() : undefined;
  }

  /** A probe although it is open or has a probe out: at most one a second, counted from the last probe of any sort. */
  panic(): Permit | undefined {
    const nextMs = this.#lastProbe.monotonicMs + probeEveryMs;
    return this.#clock.monotonic() >= nextMs ? this.#probe() : undefined;
  }

  /** Nothing would be lost by forgetting it: closed, nothing in the window, nobody out. */
  isIdle(): boolean {
    if (this.#permitsOut > 0) return false;
    return this.#window === undefined || (this.#state() === "closed" && this.#window.isEmpty());
  }

  /** Stops its timers; outcomes of permits that are still out count for nothing. */
  close(): void {
    this.#window?.close();
    this.#window = undefined;
    this.#newEpoch();
  }

  #state(): ReturnType<OutcomeWindow["state"]> {
    return this.#window?.state() ?? "closed";
  }

  #count(ok: boolean): void {
    this.#window ??= createOutcomeWindow(this.#spec);
    this.#window.record(ok);
    if (ok || !this.#window.isTooBad()) return;
    this.#window.open();
    this.#opened();
  }

  #probe(): Permit {
    this.#probesOut += 1;
    this.#lastProbe = { monotonicMs: this.#clock.monotonic(), wallMs: this.#clock.now() };
    const permit = this.#once(
      (ok) => this.#probed(ok),
      () => {
        this.#probesOut -= 1;
      },
    );
    return { ...permit, isProbe: true };
  }

  #probed(ok: boolean): void {
    if (this.#state() === "half-open") this.#window?.record(ok);
    // An open circuit takes no outcome: a panic probe that fails begins another cool-down in a circuit of its own.
    else if (!ok) this.#reopen();
    if (ok) this.close();
    else this.#opened();
  }

  #reopen(): void {
    this.#window?.close();
    this.#window = createOutcomeWindow(this.#spec);
    this.#window.open();
  }

  #opened(): void {
    this.#untilMs = this.#clock.now() + coolDownMs(this.#spec);
    this.#newEpoch();
  }

  #newEpoch(): void {
    this.#epoch += 1;
    this.#probesOut = 0;
  }

  #once(outcome: (ok: boolean) => void, released?: () => void): Permit {
    const epoch = this.#epoch;
    let isOut = true;
    this.#permitsOut += 1;
    const end = (then: () => void) => {
      if (!isOut) return;
      isOut = false;
      this.#permitsOut -= 1;
      if (this.#epoch === epoch) then();
    };
    return {
      succeeded: () => end(() => outcome(true)),
      failed: () => end(() => outcome(false)),
      released: () => end(() => released?.()),
    };
  }
}

const probeEveryMs = 1000;
const closed: BreakerView = { state: "closed" };
const halfOpen: BreakerView = { state: "half-open" };
