import type { Provider } from "../../run/ports.ts";
import { includedFrom, readNow } from "../reload/read-now.ts";
import type { Effects } from "./defaults.ts";
import { createFollower, type FilesRead } from "./follow-files.ts";
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
  /** Another policy rules from now on; called before it is told. */
  readonly onReload?: () => void;
}

/** A policy that rules, and may be followed by another. */
export interface OpenPolicy {
  readonly current: () => Generation;
  readonly close: () => Promise<void>;
}

/**
 * Opens a policy, and takes up what its file, or any that it includes, says later: a policy that is valid and has its keys rules from the next
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
  let read = new Map<string, Uint8Array | undefined>();
  const load = async (): Promise<Generation> => {
    const round = new Map<string, Uint8Array | undefined>([[path, undefined]]);
    read = round;
    const bytes = await readBytes(path);
    round.set(path, bytes);
    const readIncluded = (included: string) => {
      const at = includedFrom(path, included);
      const content = readNow(at);
      round.set(at, content);
      return content;
    };
    const program = await compiled(bytes, path, effects, readIncluded);
    return createGeneration(program, path, effects, sandbox);
  };
  let current = await load();
  const onChange = async (): Promise<FilesRead> => {
    try {
      current = await load();
      options.onReload?.();
      const { linked, diagnostics } = current;
      options.tell({ kind: "reload", ok: true, revision: linked.program.revision, diagnostics });
    } catch (thrown) {
      options.tell(refused(thrown, current));
    }
    return read;
  };
  if (!options.watches) return { current: () => current, close: async () => {} };
  const { follow, close } = createFollower(effects.backgroundClock, onChange);
  follow(read);
  return { current: () => current, close };
}

function refused(thrown: unknown, current: Generation): ReloadEvent {
  const { revision } = current.linked.program;
  const diagnostics = PolicyError.is(thrown) ? thrown.diagnostics : [];
  const message = thrown instanceof Error ? thrown.message : "the policy cannot be taken up";
  return { kind: "reload", ok: false, revision, diagnostics, message };
}
