import type { AttemptWatch } from "./attempt-watch.ts";
import type { Ending, EventIntake, Intake } from "./event-intake.ts";

/** A provider's stream on its way to the caller. */
export interface Relay {
  /** The provider's own frames; must be read or cancelled. It is read from only as fast as the caller reads. */
  readonly body: ReadableStream<Uint8Array>;
  /** Resolves once, with how the answer ended; never rejects. */
  readonly ended: Promise<Ending>;
}

/**
 * Passes a stream on that is under way.
 *
 * A whole answer ends it, without waiting for a connection that lingers. Any other end appends one event that the
 * caller's SDK raises as an error, so that a cut answer never looks like a whole one. A caller that cancels, and the
 * end of the whole request, abort the provider at once.
 *
 * @param held the frames up to the first output, with how the stream ended if it has already
 * @param errorEvent the text of the event that tells of an ending, blank line included
 */
export function relayStream(
  intake: EventIntake,
  watch: AttemptWatch,
  held: Intake,
  errorEvent: (ending: Ending) => string,
): Relay {
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  let over = false;
  /** Missing once the caller has cancelled: nothing more can be handed to it. */
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;

  /** Ends the caller's stream and lets go of the provider, once. */
  const end = (ending: Ending) => {
    if (over) return;
    over = true;
    watch.signal.removeEventListener("abort", onAbort);
    if (ending.kind !== "whole") stream?.enqueue(encoder.encode(errorEvent(ending)));
    stream?.close();
    resolve(ending);
    void intake.leave(ending);
  };
  const onAbort = () => end(intake.aborted());

  const pass = ({ pass: frames, ending }: Intake) => {
    if (over || !stream) return;
    if (frames.length > 0) stream.enqueue(joined(frames));
    if (ending) end(ending);
  };

  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        stream = controller;
        watch.signal.addEventListener("abort", onAbort, { once: true });
        pass(held);
        if (watch.signal.aborted) onAbort();
      },
      pull: async () => {
        let taken: Intake = { pass: [] };
        while (!over && !taken.ending && taken.pass.length === 0) {
          taken = await intake.next();
          pass(taken);
        }
      },
      cancel: (reason) => {
        stream = undefined;
        watch.abort(reason);
      },
    },
    // Nothing is read ahead of the caller.
    { highWaterMark: 0 },
  );
  return { body, ended };
}

const encoder = new TextEncoder();

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const [first] = frames;
  if (first && frames.length === 1) return first;
  const whole = new Uint8Array(frames.reduce((bytes, { length }) => bytes + length, 0));
  let at = 0;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole;
}
