import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where the recordings and corpora lie: beside the project, or where `SIGNALBOX_DATA` says. */
export const dataFolder =
  process.env.SIGNALBOX_DATA ?? join(import.meta.dirname, "../../../shared/data");

/**
 * Tells whether a suite that needs something from outside can run; says in one line that it is skipped where not.
 *
 * @throws TypeError where `SIGNALBOX_REQUIRE` lists the name and the thing is missing: CI must not skip in silence.
 */
export function available(name: string, present: boolean): boolean {
  if (present) return true;
  const required = (process.env.SIGNALBOX_REQUIRE ?? "").split(",").map((part) => part.trim());
  if (required.includes(name))
    throw new TypeError(`${name} is required by SIGNALBOX_REQUIRE and is missing`);
  console.log(`skipped: ${name} is not on this machine`);
  return false;
}

/** The recorded exchanges, or `false` with one line said. */
export function haveRecordings(): boolean {
  return available("recordings", existsSync(join(dataFolder, "recordings", "INDEX.md")));
}

/** The corpora of hostile input, or `false` with one line said. */
export function haveCorpora(): boolean {
  return available("corpora", existsSync(join(dataFolder, "corpora", "PROVENANCE.md")));
}
