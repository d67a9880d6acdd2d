import { dirname, resolve as resolvePath } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Credentials, readCredentials } from "../../providers/credentials.ts";
import { createProvider } from "../../providers/provider.ts";
import { type Linked, link } from "../../resolve/link.ts";
import type { Provider } from "../../run/ports.ts";
import type { Effects } from "./defaults.ts";
import { policyError } from "./policy-error.ts";
import { keyFindings, type ReadProgram } from "./read-program.ts";

/** One policy, ready to rule: a request sees exactly one, from its first byte to its last. */
export interface Generation {
  readonly linked: Linked;
  readonly credentials: Credentials;
  readonly provider: Provider;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes a Program ready: reads its keys and builds its index.
 *
 * @param file of the policy; key files are looked for from its folder, else from the working directory
 * @throws PolicyError where a key is missing that a route may need
 */
export function createGeneration(
  read: ReadProgram,
  file: string | undefined,
  effects: Effects,
  sandbox: Provider,
): Generation {
  const { catalog, env, transport } = effects;
  const folder = file === undefined ? "." : dirname(file);
  const readFile = (path: string) => effects.readText(resolvePath(folder, path));
  const { kinds } = catalog;
  const { credentials, problems } = readCredentials(read.program, kinds, { env, readFile });
  if (problems.length > 0) throw policyError(keyFindings(read, problems), read.sources);
  return {
    linked: link(read.program, catalog),
    credentials,
    provider: createProvider({ transport, credentials, kinds, sandbox }),
    diagnostics: read.diagnostics,
  };
}
