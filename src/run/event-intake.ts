import type { StreamReader } from "../dialects/dialect.ts";
import {
  type FramesEnd,
  type FramesRead,
  type SseFrame,
  splitSse,
} from "../dialects/sse-frames.ts";
import type { JsonValue } from "../terms/json.ts";
import type { AttemptWatch } from "./attempt-watch.ts";

/** What one read of a provider's event stream came to. `pass` are the raw frames that are the caller's. */
export interface Intake {
  readonly pass: readonly Uint8Array[];
  /** How the stream ended, once it has. */
  readonly ending?: Ending;
}

export type Ending =
  /** The answer is whole. */
  | { readonly kind: "whole" }
  /** The provider reported an error in the stream. */
  | { readonly kind: "error"; readonly error: JsonValue }
  /** It ended, or turned into something that is no answer, before the answer was whole. */
  | { readonly kind: "broken"; readonly message: string }
  /** Reading failed on the way. */
  | { readonly kind: "lost"; readonly cause: unknown }
  /** We ended it: the caller's abort, the deadline, a wait that was too long. */
  | { readonly kind: "aborted"; readonly reason: unknown };

/** Reads one provider's event stream, frame by frame. */
export interface EventIntake {
  readonly events: StreamReader;
  /** Reads on. Not to be called again after an ending. Never rejects. */
  readonly next: () => Promise<Intake>;
  /** The first output, or the end of an answer without any, has been seen: the answer is under way. */
  readonly begun: () => boolean;
  /** The very first event was an error: the provider made nothing of an answer. */
  readonly refused: () => boolean;
  /** How the stream has ended when it is aborted now. */
  readonly aborted: () => Ending;
  /**
   * Lets go of the provider. A whole answer is read on for a moment, so that its connection can be used again; any
   * other is aborted at once.
   */
  readonly leave: (ending: Ending) => Promise<void>;
}

export interface IntakeOptions {
  readonly body: ReadableStream<Uint8Array>;
  readonly events: StreamReader;
  readonly watch: AttemptWatch;
  /** The caller did not ask for the usage chunk that we asked the provider for. */
  readonly withholdUsage: boolean;
  readonly idleMs: number;
}

/** How long a whole answer waits for what may follow it: the chunk with its usage, the format's last event. */
const trailerMs = 2_000;

const drainMs = 1_000;

/** Starts to read. The body belongs to this intake from now on. */
export function takeEvents(options: IntakeOptions): EventIntake {
  const { body, events, watch, idleMs } = options;
  const reader = body.getReader();
  const splitter = splitSse();
  const sorter = sortFrames(events, options.withholdUsage);
  // A cancelled reader ends its pending read at once, whatever the stream's source does about it.
  const cancel = () => void reader.cancel(watch.signal.reason).catch(() => undefined);
  watch.signal.addEventListener("abort", cancel, { once: true });
  if (watch.signal.aborted) cancel();

  const aborted = (): Ending =>
    events.finished() ? { kind: "whole" } : { kind: "aborted", reason: watch.signal.reason };

  /** How it has ended where nothing more can be read: a whole answer is whole, whatever befalls its connection. */
  const unreadable = (cause: unknown): Ending => {
    if (watch.signal.aborted) return aborted();
    return events.finished() ? { kind: "whole" } : { kind: "lost", cause };
  };

  const next = async (): Promise<Intake> => {
    if (events.finished()) watch.expect("the end of the stream", Math.min(trailerMs, idleMs));
    else if (sorter.begun()) watch.expect("the next event", idleMs);
    try {
      const { done, value } = await reader.read();
      if (watch.signal.aborted) return { pass: [], ending: aborted() };
      const taken = done
        ? lastIntake(splitter.flush(), sorter, events)
        : intakeOf(splitter.push(value), sorter);
      // Until it reads on, the caller is waited for, not the provider.
      if (sorter.begun()) watch.rest();
      return taken;
    } catch (cause) {
      return { pass: [], ending: unreadable(cause) };
    }
  };

  const leave = async (ending: Ending): Promise<void> => {
    if (ending.kind === "whole") {
      watch.expect("the end of the connection", drainMs);
      await drain(reader);
    } else {
      watch.abort("the attempt is over");
    }
    watch.close();
  };

  return { events, next, begun: sorter.begun, refused: sorter.refused, aborted, leave };
}

interface Sorter {
  /** Takes frames up to the one that ends the stream. */
  readonly take: (frames: readonly SseFrame[]) => Intake;
  readonly begun: () => boolean;
  readonly refused: () => boolean;
}

/** Tells the caller's frames from those that are held or end the stream. */
function sortFrames(events: StreamReader, withholdUsage: boolean): Sorter {
  let begun = false;
  let refused: boolean | undefined;

  const sort = ({ raw, event }: SseFrame, pass: Uint8Array[]): Ending | undefined => {
    const step = event && events.push(event);
    if (step) refused ??= step.kind === "error";
    if (step?.kind === "error") return { kind: "error", error: step.error };
    if (step?.kind !== "usage" || !withholdUsage) pass.push(raw);
    begun ||= step?.kind === "output" || step?.kind === "terminal";
    return events.ended() ? { kind: "whole" } : undefined;
  };

  const take = (frames: readonly SseFrame[]): Intake => {
    const pass: Uint8Array[] = [];
    for (const frame of frames) {
      const ending = sort(frame, pass);
      if (ending) return { pass, ending };
    }
    return { pass };
  };
  return { take, begun: () => begun, refused: () => refused === true };
}

function intakeOf(read: FramesRead, sorter: Sorter): Intake {
  const taken = sorter.take(read.frames);
  if (taken.ending || read.kind === "frames") return taken;
  const message = `an event is larger than ${read.limitBytes} bytes`;
  return { pass: taken.pass, ending: { kind: "broken", message } };
}

/** The bytes are over. A frame that was cut counts only where it makes the answer whole. */
function lastIntake({ last, unfinished }: FramesEnd, sorter: Sorter, events: StreamReader): Intake {
  const whole = { kind: "whole" } as const;
  if (last) {
    const { pass, ending } = sorter.take([last]);
    return { pass, ending: ending ?? (events.finished() ? whole : cut(sorter)) };
  }
  if (events.finished()) return { pass: [], ending: whole };
  const { pass } = sorter.take(unfinished ? [closed(unfinished)] : []);
  return events.finished() ? { pass, ending: whole } : { pass: [], ending: cut(sorter) };
}

/** The frame with the blank line that it lacks. */
function closed({ raw, event }: SseFrame): SseFrame {
  const whole = new Uint8Array(raw.length + 2).fill(lineFeed);
  whole.set(raw);
  return event ? { raw: whole, event } : { raw: whole };
}

const lineFeed = 10;

function cut(sorter: Sorter): Ending {
  const message = sorter.begun()
    ? "the stream ended before the answer was whole"
    : "the stream ended without an answer";
  return { kind: "broken", message };
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The answer is whole; how its connection ends is nobody's concern.
  }
}
