import { kinds } from "../../catalog/kinds.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { decodeUtf8 } from "../../policy/decode-utf8.ts";
import { loadPolicy } from "../../policy/load-policy.ts";
import type { LoadedPolicy } from "../../policy/loaded-policy.ts";
import { includedFrom } from "../reload/read-now.ts";
import type { CliIo } from "./io.ts";

/** A policy file as it was found. */
export interface ReadPolicy {
  readonly file: string;
  /** Where the bytes are no text, what can be shown of them. */
  readonly text: string;
  /** The texts of all its files, by what findings call them. */
  readonly sources: ReadonlyMap<string, string>;
  /** Missing where a finding is an error. */
  readonly policy?: LoadedPolicy;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads and loads one policy; `-` is standard input.
 *
 * Rejects with the error of the file system where the file cannot be read.
 */
export async function readPolicy(file: string, io: CliIo): Promise<ReadPolicy> {
  return policyFrom(file, await bytesOf(file, io), io);
}

/** The bytes of a file; `-` is standard input. */
export function bytesOf(file: string, io: CliIo): Promise<Uint8Array> {
  return file === "-" ? io.stdin() : io.readFile(file);
}

/** {@link readPolicy} of what was read already. */
export function policyFrom(file: string, bytes: Uint8Array, io: CliIo): ReadPolicy {
  const decoded = decodeUtf8(bytes, file);
  if (decoded.kind === "refused") {
    const { text, diagnostic } = decoded;
    return { file, text, sources: new Map([[file, text]]), diagnostics: [diagnostic] };
  }
  const { text } = decoded;
  const read = (included: string) => io.readNow?.(includedFrom(file, included));
  const { policy, diagnostics, sources } = loadPolicy(text, { file, env: io.env, kinds, read });
  return { file, text, sources, diagnostics, ...(policy && { policy }) };
}
