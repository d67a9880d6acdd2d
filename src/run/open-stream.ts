import type { Ending, EventIntake } from "./event-intake.ts";

/** A stream that has come to its first output, or that has ended without one. */
export type Opened =
  | {
      readonly kind: "begun";
      readonly held: readonly Uint8Array[];
      /** How it has ended, where the same read brought its end. */
      readonly ending?: Ending;
    }
  | { readonly kind: "ended"; readonly ending: Ending };

/** The most that is held back before the first output. Providers send a few kilobytes; keep-alives are a few bytes. */
export const maxHeldBytes = 1024 * 1024;

/**
 * Reads a stream up to its first output and holds back what comes before it: until then nobody has seen anything, and
 * another target can answer instead.
 */
export async function openStream(intake: EventIntake): Promise<Opened> {
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  while (true) {
    const { pass, ending } = await intake.next();
    for (const frame of pass) heldBytes += frame.length;
    held.push(...pass);
    if (intake.begun()) return { kind: "begun", held, ...(ending && { ending }) };
    if (ending) return { kind: "ended", ending };
    if (heldBytes > maxHeldBytes) {
      const message = `no output within the first ${maxHeldBytes} bytes of the stream`;
      return { kind: "ended", ending: { kind: "broken", message } };
    }
  }
}
