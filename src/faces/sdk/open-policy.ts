import type { Provider } from "../../run/ports.ts";
import { type FileChange, watchFile } from "../reload/watch-file.ts";
import type { Effects } from "./defaults.ts";
import { createGeneration, type Generation } from "./generation.ts";
import { PolicyError } from "./policy-error.ts";
import type { PolicySource } from "./policy-source.ts";
import { compiled, readBytes, readProgram } from "./read-program.ts";
import type { ReloadEvent } from "./router.types.ts";

export interface OpenPolicyOptions {
  readonly source: PolicySource;
  readonly effects: Effects;
  readonly sandbox: Provider;
  /** Whether a file is watched. */
  readonly watches: boolean;
  readonly tell: (event: ReloadEvent) => void;
}

/** A policy that rules, and may be followed by another. */
export interface OpenPolicy {
  readonly current: () => Generation;
  readonly close: () => Promise<void>;
}

/**
 * Opens a policy, and takes up what its file says later: a policy that is valid and has its keys rules from the next
 * request on; anything else is told and changes nothing.
 *
 * @throws PolicyError where the first one cannot rule
 */
export async function openPolicy(options: OpenPolicyOptions): Promise<OpenPolicy> {
  const { source, effects, sandbox } = options;
  if (source.kind !== "file") {
    const generation = createGeneration(
      await readProgram(source, effects),
      undefined,
      effects,
      sandbox,
    );
    return { current: () => generation, close: async () => {} };
  }
  const { path } = source;
  const bytes = await readBytes(path);
  const load = async (policy: Uint8Array) =>
    createGeneration(await compiled(policy, path, effects), path, effects, sandbox);
  let current = await load(bytes);
  const onChange = async (change: FileChange): Promise<void> => {
    try {
      if (change.kind === "unreadable") throw unreadable(path, change.code);
      current = await load(change.bytes);
      const { linked, diagnostics } = current;
      options.tell({ kind: "reload", ok: true, revision: linked.program.revision, diagnostics });
    } catch (thrown) {
      options.tell(refused(thrown, current));
    }
  };
  const clock = effects.backgroundClock;
  const stop = options.watches ? watchFile({ path, bytes, onChange, clock }) : async () => {};
  return { current: () => current, close: stop };
}

function refused(thrown: unknown, current: Generation): ReloadEvent {
  const { revision } = current.linked.program;
  const diagnostics = PolicyError.is(thrown) ? thrown.diagnostics : [];
  const message = thrown instanceof Error ? thrown.message : "the policy cannot be taken up";
  return { kind: "reload", ok: false, revision, diagnostics, message };
}

function unreadable(path: string, code: string): PolicyError {
  return new PolicyError(`cannot read the policy \`${path}\` (${code})`, []);
}
