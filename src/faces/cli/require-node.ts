import type { CliIo } from "./io.ts";

/** The least version of Node that this package runs on; `package.json` says the same under `engines`. */
const least = [22, 19] as const;

/**
 * Tells whether the Node that runs this is recent enough; if not, says so in a line, and what to do.
 *
 * @param version as `process.versions.node` has it
 */
export function requireNode(version: string, io: CliIo): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return true;
  io.stderr(
    `error: signalbox needs Node ${least.join(".")} or later, and this is Node ${version}\n` +
      "  help: `npm i node@24.21.0` beside it makes `npx` use that\n",
  );
  io.exit(2);
  return false;
}
