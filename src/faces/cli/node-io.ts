import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { longestFile } from "../../policy/yaml/limits.ts";
import { readNow } from "../reload/read-now.ts";
import type { CliIo } from "./io.ts";

/** The process this runs in. Colours are for terminals, unless `NO_COLOR` is set; `FORCE_COLOR` asks for them anywhere. */
export function nodeIo(): CliIo {
  process.stdout.on("error", ignoreClosedPipe);
  return {
    readFile: (path) => readFile(path),
    readNow,
    chunks: (path) => (path === "-" ? process.stdin : createReadStream(path)),
    stdin: readStdin,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    colour: wantsColour(process.env, process.stdout.isTTY === true),
    cwd: process.cwd(),
    now: () => Date.now(),
    exit: (code) => {
      process.exitCode = code;
    },
  };
}

/**
 * Tells whether to write colours.
 *
 * @see https://no-color.org: any value but the empty one turns colours off
 */
export function wantsColour(env: CliIo["env"], isTerminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== "") return forced !== "0";
  return isTerminal && env.TERM !== "dumb";
}

/** Stops one byte past the longest policy, which is then refused for its length. */
async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > longestFile) break;
  }
  return Buffer.concat(chunks);
}

/** A reader that has seen enough, such as `head`, is no failure of ours. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
